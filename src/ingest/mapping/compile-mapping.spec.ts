import { describe, expect, it } from '@jest/globals';
import type { StreamConfig } from '../institution-config.js';
import { compileMapping, type MappedBatch } from './compile-mapping.js';
import type { FaultRule } from './faults.js';

const claims: Partial<StreamConfig> = {
  map: {
    claimNo: { from: 'no' },
    refundOf: { from: 'refund', blank: ['0'] },
    personId: { from: 'person' },
    certificate: { from: 'card' },
    pool: { from: 'kind', values: { '310': 'employee', '390': 'resident' } },
    careType: { constant: 'outpatient' },
    settledAt: { from: 'at' },
    admittedAt: { from: 'in' },
    dischargedAt: { from: 'out' },
    totalFee: { from: 'total' },
    eligible: { from: 'total' },
    deductible: { constant: '0' },
    pooledFundPaid: { from: 'fund' },
    fundPaid: { from: 'fund' },
    accountPaid: { constant: '0' },
    cashPaid: { constant: '0' },
  },
  expect: ['pooledFundPaid <= totalFee'],
};

const GOOD = {
  no: '1',
  refund: '0',
  person: 'P1',
  card: '',
  kind: '390',
  at: '2024-01-05 08:00:00',
  in: '2024-01-02',
  out: '2024-01-05',
  total: '10.00',
  fund: '8.00',
};

function map(row: Readonly<Record<string, string | null>>): MappedBatch {
  const mapper = compileMapping('claims', claims as StreamConfig, {
    certificateKey: '0123456789abcdef',
    settledBefore: '2024-02-01',
  });
  const cells: Readonly<Record<string, string | null>> = { ...GOOD, ...row };
  return mapper.map({ rows: [mapper.columns.map((column) => cells[column] ?? null)] }, 7);
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe('a mapped claim', () => {
  it('becomes one line for COPY, money in fen, blanks as NULL', () => {
    const cells = text(map({ no: 'A\\1' }).copyBytes)
      .trimEnd()
      .split('\t');
    expect(cells.slice(0, 7)).toEqual(['A\\\\1', '\\N', 'P1', '\\N', 'unknown', '\\N', 'resident']);
    expect(cells.slice(16, 20)).toEqual(['1000', '1000', '0', '800']);
    expect(cells.at(-1)).toBe('7');
  });

  it('keeps the certificate only as a keyed hash', () => {
    const copyText = text(map({ card: '46020019900101123x' }).copyBytes);
    expect(copyText).not.toContain('460200');
    expect(copyText).toContain(text(map({ card: '46020019900101123X' }).copyBytes).split('\t')[3]);
  });

  it('has one content hash for one content', () => {
    expect(map({}).contentHashes).toEqual(map({}).contentHashes);
    expect(map({}).contentHashes).not.toEqual(map({ total: '10.01' }).contentHashes);
  });

  it.each<[FaultRule, string | null, Readonly<Record<string, string | null>>]>([
    ['required', 'claimNo', { no: ' ' }],
    ['too-long', 'claimNo', { no: 'x'.repeat(65) }],
    ['bad-character', 'claimNo', { no: 'a\u0000b' }],
    ['bad-character', 'claimNo', { no: 'a\uFFFDb' }],
    ['unknown-value', 'pool', { kind: '510' }],
    ['no-such-date', 'settledAt', { at: '2026-02-30 00:00:00' }],
    ['not-a-number', 'totalFee', { total: '一百' }],
    ['not-yuan', 'totalFee', { total: '10.005' }],
    ['out-of-range', 'totalFee', { total: '99999999999999' }],
    ['negative-without-refund', 'totalFee', { total: '-10.00', fund: '-10.00' }],
    ['positive-refund', 'totalFee', { refund: '9' }],
    ['settled-after-window', 'settledAt', { at: '2024-02-01 00:00:00' }],
    ['discharged-before-admitted', 'dischargedAt', { in: '2024-01-06' }],
    [
      'discharged-before-admitted',
      'dischargedAt',
      { in: '2024-01-05 10:00:01', out: '2024-01-05 10:00:00' },
    ],
    ['expect', null, { fund: '10.01' }],
    ['unknown-person', 'personId', { person: '' }],
  ])('is refused by %s on %s', (rule, field, row) => {
    const { refused, rows } = map(row);
    expect(rows).toBe(0);
    expect(refused[0]?.faults[0]).toMatchObject({ rule, field });
  });

  it.each([
    { in: '2024-01-05' },
    { in: '2024-01-05 10:00:00', out: '2024-01-05' },
    { in: null },
    { out: null },
  ])('may be a stay of %j', (row) => {
    expect(map(row).rows).toBe(1);
  });

  it('counts for the source’s own sum even when refused', () => {
    expect(map({ kind: '510', total: '12.50' }).refused[0]).toMatchObject({
      amountFen: 1250n,
      naturalKey: '1',
      rawRow: 7,
    });
  });

  it('names neither the person nor the certificate in a reason', () => {
    const { refused } = map({ person: '460200199001011234', card: '46020019900101', total: 'x' });
    expect(JSON.stringify(refused.map(({ faults }) => faults))).not.toContain('460200');
  });
});

const LINE: Partial<StreamConfig> = {
  map: {
    claimNo: { from: 'no' },
    settledAt: { from: 'at' },
    lineNo: { constant: '1' },
    chargedAt: { from: 'at' },
    institutionItemCode: { constant: 'X' },
    itemName: { constant: '头孢' },
    itemKind: { constant: 'drug' },
    quantity: { constant: '1' },
    unitPrice: { constant: '10' },
    lineAmount: { constant: '10' },
    eligibleAmount: { constant: '10' },
    feeClass: { from: 'class', values: { '01': 'bed', '07': 'nursing' } },
    daysSupply: { from: 'days' },
    traceCodes: { from: 'trace' },
  },
  expect: [],
};

describe('what rules need of a line beyond its price', () => {
  const lineOf = (given: Readonly<Record<string, string>>) => {
    const mapper = compileMapping('lines', LINE as StreamConfig, {
      ...{ certificateKey: '0123456789abcdef', settledBefore: '2024-02-01' },
    });
    const row: Readonly<Record<string, string>> = { no: '1', at: '2024-01-05 08:00:00', ...given };
    const { copyBytes, refused } = mapper.map(
      { rows: [mapper.columns.map((c) => row[c] ?? null)] },
      1,
    );
    const rules = refused.flatMap(({ faults }) =>
      faults.map(({ rule, field }) => `${field} ${rule}`),
    );
    return rules.length > 0 ? rules : text(copyBytes).split('\t').slice(15, 18);
  };

  it.each([
    [{}, ['\\N', '\\N', '\\N']],
    [{ class: '07', days: '7', trace: '8412,8413' }, ['nursing', '7', '8412,8413']],
    [{ trace: ' 8412，8413、8412 ' }, ['\\N', '\\N', '8412,8413']],
    [{ days: '1' }, ['\\N', '1', '\\N']],
    [{ days: '366' }, ['\\N', '366', '\\N']],
    [{ days: '0' }, ['daysSupply out-of-range']],
    [{ days: '367' }, ['daysSupply out-of-range']],
    [{ days: '7.5' }, ['daysSupply out-of-range']],
    [{ class: '99' }, ['feeClass unknown-value']],
    [{ trace: '8'.repeat(101) }, ['traceCodes too-long']],
  ])('%j', (given, expected) => {
    expect(lineOf(given)).toEqual(expected);
  });
});
