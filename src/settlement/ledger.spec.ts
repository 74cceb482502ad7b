import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseYaml } from '../config/yaml-text.js';
import { decimal } from '../kernel/decimal.js';
import { fen } from '../kernel/money.js';
import { loadRegion } from '../policy/policy.loader.js';
import { policyAt } from '../policy/resolve.js';
import { checkedFactsSchema } from './checked-facts.js';
import { computeFile } from './compute.js';
import type { Facts, MemberFacts, PoolFacts } from './facts.js';
import type { Figure } from './figure.js';
import { pack, unpack } from './packed.js';
import { postingsOf } from './postings.js';
import type { FigureReport } from './result.js';
import { StepRun } from './step.js';
import { townshipShare } from './steps/township-share.js';

/** What runs book: vouchers, receivables carried, purchases netted (SY-14, SY-18, HN-08). */

const root = join(import.meta.dirname, '../..');
const sanya = loadRegion(join(root, 'config/policies'), 'sanya');

const schema = checkedFactsSchema(sanya);
const figuresOf = (text: string): readonly FigureReport[] =>
  computeFile(sanya, parseYaml({ text, path: 'facts.yaml', schema }), []).figures;

const month = ({ own = '', a = '', b = '', outpatient = ['60.00', '40.00'] } = {}): string => `
plan: month
period: 2024-03
pools:
  resident:
    booked: { outpatient: ${Number(outpatient[0]) + Number(outpatient[1])}, chronic: 0, two-disease: 0, inpatient: 0, other: 0 }
    ${own}
    members:
      - { institution: A, ${a} booked: { outpatient: ${outpatient[0]}, chronic: 0, two-disease: 0, inpatient: 0, other: 0 } }
      - { institution: B, ${b} booked: { outpatient: ${outpatient[1]}, chronic: 0, two-disease: 0, inpatient: 0, other: 0 } }
`;

function balances(figures: readonly FigureReport[]): Readonly<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const { account, amount } of postingsOf(figures))
    found[account] = (found[account] ?? 0) + Number(amount);
  return Object.fromEntries(Object.entries(found).filter(([, amount]) => amount !== 0));
}

const amountOf = (figures: readonly FigureReport[], key: string) =>
  figures.find(({ id }) => id === `sanya.2024-03.resident.${key}`)?.amount;

describe('vouchers', () => {
  it('move what the agency pays through the lead to the members', () => {
    const figures = figuresOf(month());
    expect(balances(figures)).toEqual({ agency: -9000, 'member:A': 5400, 'member:B': 3600 });
    expect(new Set(postingsOf(figures).map(({ voucher }) => voucher))).toEqual(
      new Set(['resident.prepayment', 'resident.prepayment.split']),
    );
  });

  it('are refused when the lead passes on more or less than it took in', () => {
    const figures = figuresOf(month()).map((figure) =>
      figure.id.endsWith('member.B.prepayment') ? { ...figure, amount: '35.99' } : figure,
    );
    expect(() => postingsOf(figures)).toThrow('相差 1 分');
  });

  it('stop at the lead where no members are known', () => {
    const figures = figuresOf(month()).filter(({ id }) => !id.includes('.member.'));
    expect(balances(figures)).toEqual({ agency: -9000, lead: 9000 });
  });
});

describe('a receivable (SY-14)', () => {
  it('is taken off the next payment, the payment itself standing as it is', () => {
    const figures = figuresOf(
      month({ own: 'carriedReceivable: 20.00', b: 'carriedReceivable: 20.00,' }),
    );
    expect(amountOf(figures, 'prepayment')).toBe('90.00');
    expect(amountOf(figures, 'net-payment')).toBe('70.00');
    expect(amountOf(figures, 'member.B.net-payment')).toBe('16.00');
    expect(amountOf(figures, 'receivable')).toBeUndefined();
    expect(balances(figures)).toEqual({
      ...{ agency: -7000, receivable: -2000 }, // 90 paid, of which 20 stayed with the agency
      ...{ lead: 2000, 'receivable:B': -2000, 'member:A': 5400, 'member:B': 3600 },
    });
  });

  it.each([
    ['89.99', '0.01', undefined],
    ['90.00', '0.00', undefined],
    ['90.01', '-0.01', '0.01'],
  ])('of %s leaves %s to pay and %s to carry', (carried, net, left) => {
    const figures = figuresOf(month({ own: `carriedReceivable: ${carried}` }));
    expect([amountOf(figures, 'net-payment'), amountOf(figures, 'receivable')]).toEqual([
      net,
      left,
    ]);
  });

  it('comes of refunds beyond the bookings, for the group and for each member', () => {
    const figures = figuresOf(month({ outpatient: ['-10.00', '0.00'] }));
    expect(amountOf(figures, 'prepayment')).toBe('-9.00');
    expect(amountOf(figures, 'receivable')).toBe('9.00');
    expect(amountOf(figures, 'member.A.prepayment')).toBe('-9.00'); // not B's, which refunded nothing
    expect(balances(figures)['receivable']).toBe(900);
    expect(balances(figures)['agency']).toBeUndefined();
  });

  it('stands against the year as well', () => {
    const example = readFileSync(join(root, 'docs/formats/facts-example.yaml'), 'utf8');
    const owed = example.replace('prepaid: 194400000.00', 'prepaid: 220000000.00');
    const figures = figuresOf(owed);
    const of = (key: string) =>
      figures.find(({ id }) => id === `sanya.2024.resident.${key}`)?.amount;
    expect([of('final'), of('net-payment'), of('receivable')]).toEqual([
      '-5931250.75',
      '-5931250.75',
      '5931250.75',
    ]);
    expect(balances(figures)).toEqual({ lead: -593125075, receivable: 593125075 });
  });
});

describe('purchases settled by the lead (SY-18)', () => {
  it('are taken off the member they were made for, and kept apart', () => {
    const figures = figuresOf(month({ b: 'procurement: 10.00,' }));
    expect(amountOf(figures, 'member.B.prepayment')).toBe('36.00');
    expect(amountOf(figures, 'member.B.net-payment')).toBe('26.00');
    expect(balances(figures)).toEqual({
      ...{ agency: -9000, 'member:A': 5400, 'member:B': 2600, 'reserve:procurement': 1000 },
    });
  });

  it('beyond the member’s part are owed by it', () => {
    const figures = figuresOf(month({ b: 'procurement: [{ amount: 30.00 }, { amount: 10.00 }],' }));
    expect(amountOf(figures, 'member.B.receivable')).toBe('4.00');
  });
});

describe('the lead’s plan (SY-14)', () => {
  const plan = (text: string) =>
    figuresOf(month({ a: 'kind: lead-hospital,', b: 'kind: township-centre,' }) + text);

  it('splits the month by it', () => {
    const figures = plan(
      'distribution: { label: 方案, clause: lead-2024-1 §3, split: { by: weights, weights: { A: 1, B: 2 } } }',
    );
    expect(amountOf(figures, 'member.B.prepayment')).toBe('60.00');
    expect(figures.at(-1)?.clause).toBe('lead-2024-1 §3');
  });

  it('halts on a floor where members have no kind', () => {
    const text = `${month()}distribution: { label: 方案, clause: c-1 §1, split: { by: booked }, floors: [{ label: 乡镇, kinds: [township-centre], share: 0.3 }] }`;
    expect(() => figuresOf(text)).toThrow('resident.distribution.kinds');
  });
});

describe('the share of township and village (HN-08)', () => {
  const hunan = loadRegion(join(root, 'config/policies'), 'hunan');
  const policy = policyAt(hunan, '2025-12-31', [
    {
      ...{ overlay: 'test', region: 'hunan' },
      documents: { 'sample-2025-2': { number: '样例', title: '样例', issued: '2025-01-10' } },
      set: {
        'distribution.township_floor': {
          values: { '2024-07-23': '0.30' },
          clause: 'sample-2025-2 §7',
        },
      },
    },
  ]);
  const members = [
    { institution: 'A', kind: 'lead-hospital' },
    { institution: 'T', kind: 'township-centre' },
  ] as unknown as readonly MemberFacts[];

  const shareOf = (lead: bigint, township: bigint) => {
    const parts = [
      { institution: 'A', value: fen(lead) },
      { institution: 'T', value: fen(township) },
    ].map(({ institution, value }): [string, Figure] => [
      `member.${institution}.final`,
      {
        ...{ key: `member.${institution}.final`, label: '', unit: 'yuan', value, clause: '' },
        ...{ formula: '', inputs: [], booking: { from: 'lead', to: `member:${institution}` } },
      },
    ]);
    const prepaid: [string, Figure] = [
      'member.T.prepaid',
      {
        ...{ key: 'member.T.prepaid', label: '', unit: 'yuan', value: fen(10n), clause: '' },
        ...{ formula: '', inputs: [] },
      },
    ];
    const own = { members } as unknown as PoolFacts;
    const question = { facts: {} as Facts, pool: 'resident', own, policy } as const;
    return townshipShare.compute(new StepRun(question, new Map([...parts, prepaid])))[0];
  };

  it.each([
    [70n, 20n, '0.3', false], // 20 now and 10 prepaid of 100: exactly the floor
    [71n, 19n, '0.29', true],
  ])('of %s and %s is %s', (lead, township, share, below) => {
    const found = shareOf(lead, township);
    expect(String(found?.value)).toBe(share);
    expect(found?.note !== undefined).toBe(below);
  });
});

describe('packed facts', () => {
  it('come back as they were', () => {
    const value = { a: fen(-5n), b: [decimal('0.10'), null, 'x'], c: { fen: fen(1n) }, d: true };
    const json = JSON.parse(JSON.stringify(pack(value)));
    expect(unpack(json)).toEqual(value);
  });

  it('refuse what a JSON column cannot hold', () => {
    expect(() => pack({ a: () => 1 })).toThrow(RangeError);
  });
});
