import { describe, expect, it } from '@jest/globals';
import { BLANK_CELL, type SheetCell, type SheetRow } from '../tables/spreadsheet.js';
import { parseCrosswalkSheet } from './crosswalk-sheet.js';

const text = (each: string): SheetCell => (each === '' ? BLANK_CELL : { kind: 'text', text: each });
const HEADER: SheetRow = {
  number: 1,
  cells: ['类别', '本地编码', '国家编码', '起始日', '终止日'].map(text),
};
const knows = (_: string, code: string): boolean => ['001102000010000', 'A01.000'].includes(code);

const parse = (cells: Readonly<Record<number, SheetCell>>) => {
  const good = ['项目', 'XM-1', '001102000010000', '2024-01-01', ''].map(text);
  const row = { number: 7, cells: good.map((cell, index) => cells[index] ?? cell) };
  return parseCrosswalkSheet([HEADER, row], knows);
};

describe('a row of a crosswalk sheet', () => {
  it('says which code means what from when', () => {
    expect(parse({}).wanted).toEqual([
      {
        kind: 'item',
        localCode: 'XM-1',
        nationalCode: '001102000010000',
        validFrom: '2024-01-01',
        validTo: null,
        sheetRow: 7,
      },
    ]);
  });

  it('may have its days as dates of the spreadsheet', () => {
    const { wanted } = parse({
      3: { kind: 'date', text: '2024-03-01' },
      4: { kind: 'date', text: '2024-04-01' },
    });
    expect(wanted[0]).toMatchObject({ validFrom: '2024-03-01', validTo: '2024-04-01' });
  });

  it('waits while it names no national code', () => {
    expect(parse({ 2: BLANK_CELL })).toEqual({ wanted: [], blank: 1, problems: [] });
  });

  it.each<[string, Readonly<Record<number, SheetCell>>, string]>([
    ['a number lost its zeros', { 2: { kind: 'number', text: '1102000010000' } }, '数字单元格'],
    ['a number lost its end', { 1: { kind: 'number', text: '1.1020000001e+21' } }, '数字单元格'],
    ['a code became a date', { 1: { kind: 'date', text: '2024-03-05' } }, '改成了日期'],
    ['a formula', { 1: { kind: 'formula', text: '' } }, '公式'],
    ['scientific in a CSV', { 2: text('1.102E+12') }, '科学计数法'],
    ['lost zeros in a CSV', { 2: text('1102000010000') }, '前导零（001102000010000）'],
    ['no such code', { 2: text('A01.001') }, '不存在'],
    ['no local code', { 1: BLANK_CELL }, '本地编码为空'],
    ['no such day', { 3: text('2024-02-30') }, '起始日'],
    ['a number as day', { 3: { kind: 'number', text: '45352' } }, '起始日'],
    ['ends before it begins', { 4: text('2024-01-01') }, '终止日应晚于起始日'],
    ['no such kind', { 0: text('药品') }, '类别应为'],
  ])('is refused with its number: %s', (_, cells, message) => {
    const { wanted, problems } = parse(cells);
    expect(wanted).toEqual([]);
    expect(problems).toEqual([{ row: 7, message: expect.stringContaining(message) }]);
  });

  it('keeps 1E5 where it is text, for it may be a code', () => {
    expect(parse({ 1: text('1E5') }).wanted[0]?.localCode).toBe('1E5');
  });
});

describe('a crosswalk sheet', () => {
  it('needs its header', () => {
    expect(parseCrosswalkSheet([], knows).problems[0]?.message).toContain('本地编码');
  });

  it('may come with the header of a table file, in any order', () => {
    const header = ['local', 'kind', 'valid_to', 'valid_from', 'national'].map(text);
    const row = ['X', 'diagnosis', '', '2024-01-01', 'A01.000'].map(text);
    const { wanted } = parseCrosswalkSheet(
      [
        { number: 1, cells: header },
        { number: 2, cells: row },
      ],
      knows,
    );
    expect(wanted[0]).toMatchObject({ kind: 'diagnosis', localCode: 'X', nationalCode: 'A01.000' });
  });
});
