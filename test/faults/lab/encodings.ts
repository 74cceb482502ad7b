/** GB18030 for characters of the double-byte area, found by decoding all of it; others by the arithmetic of the four-byte area. */
let doubleBytes: ReadonlyMap<string, readonly number[]> | null = null;

export function gb18030(text: string): Uint8Array {
  doubleBytes ??= doubleByteTable();
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const known = doubleBytes.get(character);
    if (code < 128) bytes.push(code);
    else if (known !== undefined) bytes.push(...known);
    else if (code >= 0x10000) bytes.push(...fourBytes(code - 0x10000 + 189_000));
    else throw new RangeError(`no GB18030 here for U+${code.toString(16)}`);
  }
  return Uint8Array.from(bytes);
}

function fourBytes(index: number): readonly number[] {
  return [
    0x81 + Math.floor(index / 12_600),
    0x30 + (Math.floor(index / 1_260) % 10),
    0x81 + (Math.floor(index / 10) % 126),
    0x30 + (index % 10),
  ];
}

function doubleByteTable(): ReadonlyMap<string, readonly number[]> {
  const decoder = new TextDecoder('gb18030', { fatal: true });
  const table = new Map<string, readonly number[]>();
  for (let lead = 0x81; lead <= 0xfe; lead += 1) {
    for (let trail = 0x40; trail <= 0xfe; trail += 1) {
      if (trail === 0x7f) continue;
      try {
        table.set(decoder.decode(Uint8Array.of(lead, trail)), [lead, trail]);
      } catch {
        // an unassigned pair
      }
    }
  }
  return table;
}
