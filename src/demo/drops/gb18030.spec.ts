import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodeGb18030 } from './gb18030.js';

const read = (bytes: Uint8Array): string =>
  new TextDecoder('gb18030', { fatal: true }).decode(bytes);

describe('GB18030', () => {
  it.each(['村卫生室', '𠮷永', 'A-1 、；（）', '\u{10FFFF}'])('reads back %s', (text) => {
    expect(read(encodeGb18030(text))).toBe(text);
  });

  it('writes a rare character in the four bytes of the standard', () => {
    expect([...encodeGb18030('\u{10000}')]).toEqual([0x90, 0x30, 0x81, 0x30]);
    expect(encodeGb18030('𠮷')).toHaveLength(4);
  });

  it('reads back every supplementary character', () => {
    const rare = fc
      .integer({ min: 0x10000, max: 0x10ffff })
      .map((point) => String.fromCodePoint(point));
    fc.assert(fc.property(rare, (text) => read(encodeGb18030(text)) === text));
  });

  it('refuses what it cannot write instead of writing a question mark', () => {
    expect(() => encodeGb18030('\u0e01')).toThrow(RangeError);
  });
});
