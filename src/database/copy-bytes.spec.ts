import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CopyBytes } from './copy-bytes.js';
import { copyCells } from './copy-text.js';

const written = (bytes: CopyBytes): string => Buffer.from(bytes.written()).toString('utf8');

function line(cells: readonly (string | null)[]): string {
  const bytes = new CopyBytes(4);
  cells.forEach((cell, index) => {
    if (index > 0) bytes.tab();
    bytes.cell(cell);
  });
  return written(bytes);
}

describe('COPY text as bytes', () => {
  it.each([
    ['abc', 'abc'],
    ['', ''],
    [null, '\\N'],
    ['\\N', '\\\\N'],
    ['a\tb\nc\rd\\', 'a\\tb\\nc\\rd\\\\'],
    ['静脉输液（门诊）', '静脉输液（门诊）'],
    ['é ß €', 'é ß €'],
    ['𠮷野😀x', '𠮷野😀x'],
    ['\ud842', '\ufffd'],
    ['\ud842\ud842\udfb7\udfb7', '\ufffd𠮷\ufffd'],
    ['\u0001\u007f', '\u0001\u007f'],
  ])('writes %j as %j', (cell, text) => {
    expect(line([cell])).toBe(text);
  });

  it('is read back cell for cell, whatever the cells hold', () => {
    const cell = fc.option(fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1 }), (cells) => {
        expect(copyCells(line(cells))).toEqual(cells);
      }),
    );
  });

  it('hashes what stands between two places, wherever they are', () => {
    const hashOf = (before: string, text: string) => {
      const bytes = new CopyBytes(8);
      bytes.cell(before);
      const from = bytes.length;
      bytes.cell(text);
      const lanes = { first: 1, second: 2 };
      bytes.hash(lanes, from, bytes.length);
      return `${lanes.first} ${lanes.second}`;
    };
    expect(hashOf('', 'abcdefg')).toBe(hashOf('某', 'abcdefg'));
    const different = ['abcdefg', 'abcdefh', 'abcdef', 'abcdefg0', 'bacdefg', 'abcdgfe', ''];
    expect(new Set(different.map((text) => hashOf('x', text))).size).toBe(different.length);
  });

  it('hashes many near neighbours without a collision', () => {
    const seen = new Set<string>();
    const bytes = new CopyBytes();
    for (let index = 0; index < 200_000; index += 1) {
      bytes.truncate(0);
      bytes.cell(`32012024010500000${index % 400}`);
      bytes.tab();
      bytes.cell(String((index * 7) % 200_000));
      const lanes = { first: 0, second: 0 };
      bytes.hash(lanes, 0, bytes.length);
      seen.add(`${lanes.first} ${lanes.second}`);
    }
    expect(seen.size).toBe(200_000);
  });

  it('takes back a row', () => {
    const bytes = new CopyBytes(2);
    bytes.cell('kept');
    const { length } = bytes;
    bytes.cell('gone');
    bytes.truncate(length);
    bytes.endRow();
    bytes.hex(0x0a1b2c3d);
    expect(written(bytes)).toBe('kept\n0a1b2c3d');
  });
});
