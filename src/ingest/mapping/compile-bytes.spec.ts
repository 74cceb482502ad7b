import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RawRow } from '../../connectors/connector.js';
import { CopyBytes } from '../../database/copy-bytes.js';
import type { Stream } from '../fields.js';
import type { StreamConfig } from '../institution-config.js';
import { compileMapping, type MappedBatch } from './compile-mapping.js';
import { FreshLines } from './fresh-lines.js';
import { ItemCodes } from './item-codes.js';

const LINES: Partial<StreamConfig> = {
  map: {
    claimNo: { from: 'no' },
    settledAt: { from: 'at' },
    lineNo: { from: 'line' },
    chargedAt: { from: 'charged' },
    institutionItemCode: { from: 'item' },
    itemCode: { from: 'code' },
    itemName: { from: 'name' },
    itemKind: { from: 'kind', values: { '1': 'drug', 材: 'material' }, otherwise: 'service' },
    quantity: { from: 'quantity' },
    unitPrice: { from: 'price' },
    lineAmount: { from: 'amount' },
    eligibleAmount: { from: 'eligible', as: 'fen' },
    department: { from: ['ward', 'room'] },
    doctor: { from: 'doctor', blank: ['无'] },
    feeClass: { from: 'class', values: { '01': 'bed', '07': 'nursing' } },
    daysSupply: { from: 'days' },
    traceCodes: { from: 'trace' },
  },
  expect: ['eligibleAmount <= lineAmount', 'chargedAt <= settledAt'],
};

const REVERSED: Partial<StreamConfig> = {
  ...LINES,
  reversal: { column: 'mark', is: ['2'], refundOf: undefined } as never,
};

const CLAIMS: Partial<StreamConfig> = {
  map: {
    claimNo: { from: 'no' },
    personId: { from: 'item' },
    certificate: { from: 'doctor' },
    birthDate: { from: 'charged', format: 'yyyyMMdd' },
    pool: { from: 'kind', values: { '1': 'employee', 材: 'resident' } },
    careType: { constant: 'outpatient' },
    settledAt: { from: 'at' },
    admittedAt: { from: 'charged' },
    totalFee: { from: 'amount' },
    eligible: { from: 'amount', as: 'yuan-from-double' },
    deductible: { product: ['quantity', 'price'] },
    pooledFundPaid: { from: 'eligible' },
    fundPaid: { from: 'eligible' },
    accountPaid: { constant: '0' },
    cashPaid: { from: 'price' },
  },
  expect: ['pooledFundPaid <= totalFee'],
};

const compiled = (stream: Stream, config: Partial<StreamConfig>) =>
  compileMapping(stream, config as StreamConfig, {
    certificateKey: '0123456789abcdef',
    settledBefore: '2024-02-01',
  });

const CODES = [
  { localCode: 'X1', validFrom: '2020-01-01', validTo: '2024-01-10', nationalCode: 'N1' },
  { localCode: 'X1', validFrom: '2024-01-10', validTo: null, nationalCode: 'N2' },
];

const fresh = (): FreshLines =>
  new FreshLines({
    ...{ month: '2024-01', codes: new ItemCodes(CODES, false), screen: null },
    openKeys: new Set(['C9\u001f1']),
  });

function linesOf(rows: readonly RawRow[]): Uint8Array {
  const bytes = new CopyBytes();
  for (const row of rows) {
    row.forEach((each, index) => {
      if (index > 0) bytes.tab();
      bytes.cell(each);
    });
    bytes.endRow();
  }
  return bytes.written();
}

/** What came of it, with the bytes taken before they are written over. */
const kept = (mapped: MappedBatch) => ({
  ...mapped,
  copyBytes: Buffer.from(mapped.copyBytes).toString(),
  contentHashes: Buffer.from(mapped.contentHashes).toString(),
});

const or = (good: readonly (string | null)[], ...odd: (string | null)[]) =>
  fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...good) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(...odd, '', null, ' ', '\\', '\t', '\u0007', '\ufffd'),
    },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 4 }) },
  );

const NUMBERS = ['1', '2.5', '-3.00', '0.5000', '10.000000', '007.10', '-0.50', '-0', '1e3', '.5'];
const ODD_NUMBERS = [
  '5.',
  '1.00000000',
  '12345678901234567',
  '99999999.99',
  '1.234',
  '1,5',
  '--1',
  '-0.5000',
  '007.1000',
  '00.500000',
];
const MOMENTS = ['2024-01-05 08:00:00', '2024-01-05T08:00:00', '2024-01-31 23:59:59.123'];
const ODD_MOMENTS = [
  ...['2024-01-05', '2024-02-30 08:00:00', '2024-01-05 24:00:00', '2024-01-05 08:00', '20240105'],
  ...[
    '2024-01-05 08:00:00.',
    '2024-01-05 08:00:00+08',
    '2024-03-05 08:00:00',
    '1899-01-01 00:00:00',
  ],
];

const CELLS: Readonly<Record<string, fc.Arbitrary<string | null>>> = {
  no: or(['C1', 'C2', 'C9'], ' C1', 'C1\u3000', '结算１', 'C'.repeat(65)),
  at: or(MOMENTS, ...ODD_MOMENTS),
  line: or(['1', '2', '10'], '01', '1000'),
  charged: or(MOMENTS, ...ODD_MOMENTS),
  item: or(['X1', 'X2'], '\u00a0X1', 'X1\u2028'),
  code: or([null, '', 'N7'], 'N\\7'),
  name: or(['头孢（进口）', 'ab', '·中', '°'], '\ufeffa', 'a\u0085', '名'.repeat(90), '𠮷', 'é'),
  kind: or(['1', '材', '9'], ' 1'),
  quantity: or(NUMBERS, ...ODD_NUMBERS),
  price: or(NUMBERS, ...ODD_NUMBERS),
  amount: or(NUMBERS, ...ODD_NUMBERS),
  eligible: or(['0', '1', '100'], ...NUMBERS),
  ward: or(['W1', null]),
  room: or(['3', '']),
  doctor: or(['无', 'D1', null]),
  mark: or(['1', '2']),
  class: or(['01', '07', null], '99'),
  days: or(['1', '366', null], '0', '367', '7.5'),
  trace: or(['T1', 'T1，T2 T1', null], 'T'.repeat(101)),
};

/** A row that lands as it is but for a few cells. */
const PLAIN_ROW: Readonly<Record<string, string | null>> = {
  ...{ no: 'C1', at: '2024-01-05 08:00:00', line: '1', charged: '2024-01-05 07:00:00', item: 'X1' },
  ...{ code: null, name: '头孢', kind: '1', quantity: '2.0000', price: '3.500000', amount: '7.00' },
  ...{ eligible: '650', ward: 'W1', room: null, doctor: 'D1', mark: '1' },
  ...{ class: '07', days: '7', trace: null },
};

const rows = fc.array(
  fc.record(CELLS, { requiredKeys: [] }).chain((odd) =>
    fc.subarray(Object.keys(odd), { maxLength: 3 }).map((names) => ({
      ...PLAIN_ROW,
      ...Object.fromEntries(names.map((n) => [n, odd[n] ?? null])),
    })),
  ),
  { maxLength: 12 },
);

const SHAPES = { lines: LINES, reversed: REVERSED, claims: CLAIMS } as const;

describe('rows that came as lines of COPY', () => {
  for (const [shape, config] of Object.entries(SHAPES)) {
    const stream = shape === 'claims' ? 'claims' : 'lines';
    for (const isFresh of stream === 'lines' ? [true, false] : [false]) {
      it(`land and are refused as their texts would be: ${shape}${isFresh ? ', fresh' : ''}`, () => {
        const [byText, byBytes] = [compiled(stream, config), compiled(stream, config)];
        fc.assert(
          fc.property(rows, (given) => {
            const raw = given.map((row) =>
              byText.columns.map((name) => row[name as never] ?? null),
            );
            const watches = [isFresh ? fresh() : null, isFresh ? fresh() : null] as const;
            const expected = kept(byText.map({ rows: raw }, 3, watches[0]));
            const batch = { rows: raw, lines: linesOf(raw), count: raw.length };
            expect(kept(byBytes.map(batch, 3, watches[1]))).toEqual(expected);
            expect(watches[1]?.isOrdinary).toBe(watches[0]?.isOrdinary);
            expect(byBytes.months).toEqual(byText.months);
          }),
          { numRuns: 1_500 },
        );
      });
    }
  }

  it('have their decimals written in one form', () => {
    const quantities = ['2.0000', '2', '2.00', '002.0000', '2.00000', '2.000000'];
    const zeros = ['0.0000', '-0.0000', '00.0000', '0', '-0'];
    const given = [
      ...quantities.map((quantity) => ({ ...PLAIN_ROW, quantity })),
      ...quantities.map((each) => ({
        ...PLAIN_ROW,
        quantity: `-${each}`,
        amount: '-7',
        eligible: '-9',
      })),
      ...['3.5', '003.500000', '3.50'].map((price) => ({ ...PLAIN_ROW, price })),
      ...zeros.map((each) => ({ ...PLAIN_ROW, quantity: each, amount: each, eligible: '-1' })),
    ];
    const [byText, byBytes] = [compiled('lines', LINES), compiled('lines', LINES)];
    const raw = given.map((row) => byText.columns.map((name) => row[name as never] ?? null));
    const expected = kept(byText.map({ rows: raw }, 0));
    expect(expected.rows).toBeGreaterThan(10);
    expect(kept(byBytes.map({ rows: raw, lines: linesOf(raw), count: raw.length }, 0))).toEqual(
      expected,
    );
  });

  it('are decoded as far as they can be when they are not UTF-8', () => {
    const mapper = compiled('lines', LINES);
    const raw = [mapper.columns.map((name) => PLAIN_ROW[name] ?? null)];
    const lines = linesOf(raw).map((byte) => (byte === 0xe5 ? 0xff : byte));
    const told = raw.map((row) => row.map((cell) => cell?.replace('头', '\ufffd') ?? null));
    expect(mapper.map({ rows: told, lines, count: 1 }, 0).refused[0]?.faults[0]?.rule).toBe(
      'bad-character',
    );
  });
});
