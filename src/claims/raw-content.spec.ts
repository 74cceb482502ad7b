import { describe, expect, it } from '@jest/globals';
import { CopyBytes } from '../database/copy-bytes.js';
import { openRawContent, packRawContent, RawPacker } from './raw-content.client.js';
import { parseRawContent, RawWriter } from './raw-content.js';

const COLUMNS = ['号', '名'];

describe('raw rows of a slice', () => {
  const rows = [['1', '甲],["乙'], ['2', null], ['', '\\N'], ['第 3 行 \n "'], ['4', 'a\nb\t\\']];
  const written = (given: readonly (string | null)[][]): RawWriter => {
    const writer = new RawWriter(new CopyBytes(), COLUMNS);
    for (const row of given) writer.line(row);
    return writer;
  };

  it('come back cell for cell', () => {
    expect(parseRawContent(written(rows).content)).toEqual({ columns: COLUMNS, rows });
    expect(written(rows).rows()).toEqual(rows);
  });

  it('come back from any stretch of them', () => {
    const writer = written(rows.slice(0, 2));
    const from = writer.end;
    writer.line(['5', '五']);
    const to = writer.end;
    writer.line(['6', '六']);
    expect(writer.rows(from, to)).toEqual([['5', '五']]);
  });

  it('come back from their compression, packed at once or piece by piece', async () => {
    const { content } = written(rows);
    const packer = new RawPacker();
    packer.write(content.subarray(0, 7));
    packer.write(content.subarray(7));
    for (const packed of [await packRawContent(content), await packer.packed()]) {
      expect(await openRawContent(packed)).toEqual({ columns: COLUMNS, rows });
    }
  });

  it('may be none', () => {
    expect(parseRawContent(written([]).content)).toEqual({ columns: COLUMNS, rows: [] });
  });
});
