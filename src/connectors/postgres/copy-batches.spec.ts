import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CopyBytes } from '../../database/copy-bytes.js';
import type { RawRow } from '../connector.js';
import { CopyBatches } from './copy-batches.js';

const cell = fc.option(fc.string({ unit: 'binary', maxLength: 12 }));
const rowsOf = fc.array(fc.tuple(fc.string({ minLength: 1, unit: 'grapheme' }), cell, cell), {
  maxLength: 80,
});

function linesOf(rows: readonly RawRow[]): Buffer {
  const bytes = new CopyBytes();
  for (const row of rows) {
    row.forEach((each, index) => {
      if (index > 0) bytes.tab();
      bytes.cell(each);
    });
    bytes.endRow();
  }
  return Buffer.from(bytes.written());
}

describe('batches made of the bytes of a COPY', () => {
  it('hold every row once and in order, with its bytes, however the bytes are cut', () => {
    fc.assert(
      fc.property(rowsOf, fc.array(fc.nat(3_000)), (rows, cuts) => {
        const bytes = linesOf(rows);
        const copy = new CopyBatches({ columns: ['a', 'b', 'c'], orderAt: [0], batchRows: 7 });
        const places = [
          0,
          ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b),
          bytes.length,
        ];
        const batches = places
          .slice(1)
          .flatMap((to, index) => copy.take(bytes.subarray(places[index], to)))
          .concat(copy.end());
        expect(batches.flatMap((batch) => batch.rows)).toEqual(rows);
        for (const batch of batches) {
          expect(batch.rows.length).toBeLessThanOrEqual(7);
          expect(Buffer.from(batch.lines ?? [])).toEqual(linesOf(batch.rows));
          expect(batch.cursor).toBe(JSON.stringify([batch.rows.at(-1)?.[0]]));
        }
      }),
    );
  });

  it('does not wait for the end when much has come', () => {
    const copy = new CopyBatches({ columns: ['a'], orderAt: [0], batchRows: 10_000 });
    const row = `${'x'.repeat(999)}\n`;
    const given = Array.from({ length: 200 }, () => copy.take(Buffer.from(row)).length);
    expect(given.indexOf(1)).toBe(196);
  });
});
