import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { csvRows } from './sheet-reader.js';
import { csvText, guarded, type SheetColumn, unguarded } from './spreadsheet.js';
import { workbookBytes, workbookRows } from './workbook.client.js';

const column: SheetColumn<string> = { title: '编码', kind: 'text', cell: (text) => text };
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('a cell for a spreadsheet', () => {
  it.each(['=1+1', '+cmd', '-1+2', '@SUM(A1)', '\t=1', '\r=1', '＝1', '＋1', '－1', '＠a', "'x"])(
    '%j is not run as a formula',
    (text) => {
      expect(guarded(text)).toBe(`'${text}`);
    },
  );

  it.each(['-12.50', '+3', '001102', '1E5', '阿莫西林', ''])('%j stays as it is', (text) => {
    expect(guarded(text)).toBe(text);
  });

  it('comes back as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(unguarded(guarded(text))).toBe(text);
      }),
    );
  });
});

describe('a CSV file', () => {
  const codes = ['=HYPERLINK("x")', '001102000010000', 'a,"b"', "'quoted", '第一行\n第二行', '-5'];

  it('opens as UTF-8 and comes back cell by cell, with line numbers', () => {
    const text = csvText([column], codes);
    expect(text.startsWith('\uFEFF编码\r\n')).toBe(true);
    const rows = csvRows(bytes(text));
    expect(rows.map(({ cells }) => cells[0]?.text)).toEqual(['编码', ...codes]);
    expect(rows[1]?.number).toBe(2);
  });

  it('may be GBK, as Excel saves it', () => {
    expect(csvRows(Uint8Array.of(0xb1, 0xe0, 0xc2, 0xeb))[0]?.cells[0]?.text).toBe('编码');
  });
});

describe('a workbook', () => {
  it('keeps codes as text and says what else a cell is', async () => {
    const numbers: SheetColumn<string> = { title: '金额', kind: 'number', cell: () => '-12.50' };
    const rows = await workbookRows(
      await workbookBytes('对照', [column, numbers], ['00110', '=1+1', '1E5']),
    );
    expect(rows.map(({ cells }) => cells[0])).toEqual([
      { kind: 'text', text: '编码' },
      { kind: 'text', text: '00110' },
      { kind: 'text', text: '=1+1' },
      { kind: 'text', text: '1E5' },
    ]);
    expect(rows[1]).toMatchObject({ number: 2, cells: [{}, { kind: 'number', text: '-12.5' }] });
  });
});
