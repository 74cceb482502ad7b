/**
 * Writes text in GB18030, the encoding that Chinese systems must support. Node only reads it, so the two-byte part is the reader's
 * own table turned round; a character outside the basic plane takes four bytes by arithmetic (GB 18030-2022, planes 1 to 16).
 */
const LEAD_FIRST = 0x81;
const LEAD_LAST = 0xfe;
const TRAIL_FIRST = 0x40;
const ASCII = 0x80;
const SUPPLEMENTARY = 0x10000;

let table: ReadonlyMap<number, number> | null = null;

/** @throws RangeError for a rare character of the basic plane that has no two-byte form */
export function encodeGb18030(text: string): Uint8Array {
  table ??= twoByteTable();
  const bytes = new Uint8Array(text.length * 4);
  let length = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    if (point < ASCII) {
      bytes[length] = point;
      length += 1;
    } else {
      const encoded = point >= SUPPLEMENTARY ? fourBytes(point) : twoBytes(point, table);
      bytes.set(encoded, length);
      length += encoded.length;
    }
  }
  return bytes.slice(0, length);
}

function twoBytes(point: number, codes: ReadonlyMap<number, number>): readonly number[] {
  const code = codes.get(point);
  if (code === undefined) throw new RangeError(`no two-byte form of U+${point.toString(16)}`);
  return [code >> 8, code & 0xff];
}

/** 0x90308130 is U+10000; the four digits count in bases 126, 10, 126, 10. */
function fourBytes(point: number): readonly number[] {
  const offset = point - SUPPLEMENTARY;
  return [
    0x90 + Math.trunc(offset / 12_600),
    0x30 + (Math.trunc(offset / 1260) % 10),
    0x81 + (Math.trunc(offset / 10) % 126),
    0x30 + (offset % 10),
  ];
}

function twoByteTable(): ReadonlyMap<number, number> {
  const decoder = new TextDecoder('gb18030');
  const codes = new Map<number, number>();
  for (let lead = LEAD_FIRST; lead <= LEAD_LAST; lead += 1) {
    for (let trail = TRAIL_FIRST; trail <= LEAD_LAST; trail += 1) {
      if (trail === 0x7f) continue;
      const decoded = decoder.decode(Uint8Array.of(lead, trail));
      const point = decoded.codePointAt(0) ?? 0xfffd;
      if ([...decoded].length === 1 && point !== 0xfffd && !codes.has(point)) {
        codes.set(point, lead * 256 + trail);
      }
    }
  }
  return codes;
}
