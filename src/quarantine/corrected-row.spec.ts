import { describe, expect, it } from '@jest/globals';
import type { StreamConfig } from '../ingest/institution-config.js';
import { canonicalFields, correctedColumns, correctedRow } from './corrected-row.js';
import { maskedCell, maskedEntry, personalColumns } from './masking.js';

const config = {
  map: {
    claimNo: { from: 'NO' },
    personId: { from: 'YBKH' },
    birthDate: { from: 'CSRQ' },
    settledAt: { from: ['RQ', 'SJ'], format: 'yyyyMMddHHmmss' },
    careType: { constant: 'outpatient' },
    totalFee: { from: 'JE' },
  },
  expect: [],
  cursorFormat: 'iso',
} as StreamConfig;

describe('a correction', () => {
  it('names source columns, or fields that stand on one', () => {
    expect(correctedColumns('claims', config, { claimNo: 'X', JE: '1.00' })).toEqual({
      cells: { NO: 'X', JE: '1.00' },
      problems: [],
    });
  });

  it.each<[string, string]>([
    ['settledAt', 'RQ、SJ'],
    ['careType', '固定值'],
    ['deductible', '没有这个字段'],
    ['nothing', '不是'],
  ])('cannot name %s', (name, message) => {
    const { problems } = correctedColumns('claims', config, { [name]: 'x' });
    expect(problems).toEqual([{ name, message: expect.stringContaining(message) }]);
  });

  it('may not say two things of one column', () => {
    expect(correctedColumns('claims', config, { NO: 'a', claimNo: 'b' }).problems).toHaveLength(1);
  });

  it('changes only what it names, in the order of today’s mapping', () => {
    const raw = { columns: ['NO', 'OLD', 'JE'], cells: ['1', 'x', '2'] };
    expect(correctedRow(raw, ['JE', 'NO', 'NEW'], { JE: '3' })).toEqual(['3', '1', null]);
  });

  it('starts from nothing where the row could not be read', () => {
    const raw = { columns: ['NO', 'JE'], cells: ['1,2,3,garbage'] };
    expect(correctedRow(raw, ['NO', 'JE'], { NO: '1' })).toEqual(['1', null]);
  });

  it('reads back the line made for COPY', () => {
    const fields = canonicalFields(
      'diagnoses',
      'C1\t2024-01-01T00:00:00\t1\tA\\\\B\t\\N\thash\t0\n',
    );
    expect(fields).toEqual({
      claimNo: 'C1',
      settledAt: '2024-01-01T00:00:00',
      sequence: '1',
      code: 'A\\B',
      isPrincipal: null,
    });
  });
});

describe('what people may see', () => {
  const columns = personalColumns('claims', config);

  it.each<[string, string | null, string | null]>([
    ['YBKH', '4602001234561100', '4602********1100'],
    ['CSRQ', '1983-02-30', '1983-**-**'],
    ['CSRQ', '', ''],
    ['YBKH', null, null],
    ['JE', '759.60', '759.60'],
    ['BZ', '证件460200199001011234有误', '证件4602**********1234有误'],
    ['XM', '001102000010000', '001102000010000'],
  ])('%s %s → %s', (column, text, shown) => {
    expect(maskedCell(text, columns.get(column))).toBe(shown);
  });

  it('holds no person’s number as a key, and none in a message', () => {
    const entry = {
      stream: 'persons',
      message: '取值（460200199001011234）',
      naturalKey: '4602001234561100',
    } as const;
    expect(maskedEntry(entry)).toMatchObject({
      message: '取值（4602**********1234）',
      naturalKey: '4602********1100',
    });
  });
});
