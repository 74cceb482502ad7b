/**
 * Tells whether a row's content changed between two reads: 64 bits over its canonical line, two lanes of multiply and mix over pairs of
 * UTF-16 units. It guards against nothing but chance (one in 2⁶⁴ a comparison); what must withstand people is the SHA-256 of the raw rows.
 */
export function contentHash(line: string): string {
  let first = 0x9747b28c | 0;
  let second = 0x41c6ce57 | 0;
  const paired = line.length & ~1;
  for (let index = 0; index < paired; index += 2) {
    const units = line.charCodeAt(index) | (line.charCodeAt(index + 1) << 16);
    first = Math.imul(first ^ units, 0x9e3779b1);
    first ^= first >>> 15;
    second = Math.imul(second ^ units, 0x85ebca77);
    second = (second << 13) | (second >>> 19);
  }
  const last = paired === line.length ? 0 : line.charCodeAt(paired);
  first = mixed(first ^ last ^ line.length);
  second = mixed(second ^ Math.imul(last, 0xc2b2ae35) ^ first);
  return hex(first) + hex(second);
}

/** Every bit of the input reaches every bit of the output. */
function mixed(lane: number): number {
  let bits = lane ^ (lane >>> 16);
  bits = Math.imul(bits, 0x85ebca6b);
  bits ^= bits >>> 13;
  bits = Math.imul(bits, 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}

const FOUR_DIGITS: readonly string[] = Array.from({ length: 0x10000 }, (_, bits) =>
  bits.toString(16).padStart(4, '0'),
);

function hex(lane: number): string {
  return (FOUR_DIGITS[lane >>> 16] ?? '') + (FOUR_DIGITS[lane & 0xffff] ?? '');
}
