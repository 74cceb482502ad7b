import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseYaml } from '../config/yaml-text.js';
import { decimal } from '../kernel/decimal.js';
import { fen, sum, toDecimalFen, ZERO_FEN } from '../kernel/money.js';
import { PolicyAt } from '../policy/policy.js';
import { splitByPlan, splitFormula, splitInput } from './distribution.js';
import {
  type DistributionRule,
  distributionOn,
  distributionRuleSchema,
  distributionSchema,
} from './distribution-plan.js';
import { type MemberFacts, NOTHING_BOOKED } from './facts.js';

/** The lead's plan of distribution (SY-14, HN-08): splits, floors, dates. */

const policy = new PolicyAt({
  region: 'test',
  on: '2025-12-31',
  parameters: new Map([
    [
      'scope.booked_buckets',
      {
        ...{ id: 'scope.booked_buckets', label: '', unit: 'list', by: null, from: '', clause: '' },
        ...{ value: ['inpatient'], rows: [], reading: null, overlay: null, sample: false },
      },
    ],
  ]),
  gaps: new Map(),
  filings: new Map(),
});

const member = (institution: string, booked: number, points: string, kind = 'hospital') =>
  ({
    institution,
    kind,
    points: decimal(points),
    booked: { ...NOTHING_BOOKED, inpatient: fen(booked) },
  }) as unknown as MemberFacts;

const MEMBERS = [
  member('L', 800, '100', 'lead-hospital'),
  member('T1', 150, '100', 'township-centre'),
  member('T2', 50, '200', 'township-centre'),
];

const rule = (split: object, floors: readonly object[] = []): DistributionRule =>
  distributionRuleSchema.parse({ label: '方案', clause: 'plan §1', split, floors });

const split = (total: number, plan: DistributionRule) =>
  splitByPlan(fen(total), { plan, members: MEMBERS, policy }).map(Number);

describe('a plan', () => {
  it.each([
    ['booked amount', { by: 'booked' }, [800, 150, 50]],
    ['points', { by: 'points' }, [250, 250, 500]],
    ['weights', { by: 'weights', weights: { L: '1', T2: '1' } }, [500, 0, 500]],
    [
      'half booked, half points',
      { by: 'combination', shares: { booked: '0.5', points: '0.5' } },
      [525, 200, 275],
    ],
  ])('splits by %s', (_, by, expected) => {
    expect(split(1000, rule(by))).toEqual(expected);
  });

  const floor = (share: string) => [{ label: '乡镇', kinds: ['township-centre'], share }];

  it.each([
    ['0.20', [800, 150, 50]], // exactly the floor: nothing moves
    ['0.2001', [799, 151, 50]], // 200.1 fen is 201, split 3 : 1
    ['0.40', [600, 300, 100]],
    ['1', [0, 750, 250]],
  ])('raises township and village to a floor of %s', (share, expected) => {
    expect(split(1000, rule({ by: 'booked' }, floor(share)))).toEqual(expected);
  });

  it('leaves a negative amount without floors', () => {
    expect(split(-1000, rule({ by: 'booked' }, floor('0.40')))).toEqual([-800, -150, -50]);
  });

  it('loses and makes no fen, and keeps every floor, whatever the amounts', () => {
    const amount = fc.integer({ min: -1_000_000, max: 1_000_000 });
    const share = fc.integer({ min: 0, max: 50 }).map((percent) => String(percent / 100));
    const drawn = fc.array(fc.record({ booked: fc.nat(100_000), township: fc.boolean() }), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(amount, share, drawn, (total, least, people) => {
        const members = people.map(({ booked, township }, index) =>
          member(`M${index}`, booked, '1', township ? 'township-centre' : 'hospital'),
        );
        const plan = rule({ by: 'booked' }, [
          ...floor(least),
          { label: '县级', kinds: ['hospital'], share: least },
        ]);
        const shares = splitByPlan(fen(total), { plan, members, policy });
        expect(sum(shares)).toBe(fen(total));
        const townships = sum(
          shares.filter((_, index) => members[index]?.kind === 'township-centre'),
        );
        const mixed = new Set(members.map(({ kind }) => kind)).size === 2;
        if (total > 0 && mixed)
          expect(toDecimalFen(townships).gte(decimal(least).times(total).minus(1))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the file', () => {
  const file = (plans: readonly object[]) => ({
    consortium: 'demo',
    documents: { 'lead-2025-1': { number: '样例', title: '样例', issued: '2025-01-10' } },
    plans: plans.map((each) => ({
      ...{ label: '方案', clause: 'lead-2025-1 §1', from: '2025', split: { by: 'booked' } },
      ...each,
    })),
  });
  const faults = (plan: object) =>
    distributionSchema.safeParse(file([plan])).error?.issues.map(({ message }) => message);

  it.each([
    [{ clause: 'other-2025-1 §1' }, 'documents 中没有列出文件 other-2025-1'],
    [{ to: '2024-12' }, '早于 from'],
    [{ split: { by: 'combination', shares: { booked: '0.5' } } }, '各部分之和应为 1'],
    [{ split: { by: 'weights' } }, '按权重分配时写 weights，其他不写'],
    [{ split: { by: 'weights', weights: { L: '0' } } }, '至少一个成员单位的权重大于零'],
    [
      {
        floors: [
          { label: 'a', kinds: ['x'], share: '0.6' },
          { label: 'b', kinds: ['y'], share: '0.6' },
        ],
      },
      '各下限之和不能超过 1',
    ],
    [
      {
        floors: [
          { label: 'a', kinds: ['x'], share: '0.1' },
          { label: 'b', kinds: ['x'], share: '0.1' },
        ],
      },
      '同一类机构只能有一个下限',
    ],
  ])('refuses %j', (plan, message) => {
    expect(faults(plan)).toContain(message);
  });

  it('gives the plan that began last among those that hold', () => {
    const parsed = distributionSchema.parse(
      file([
        { label: 'old', from: '2024' },
        { label: 'new', from: '2025-07' },
        { label: 'years', from: '2025', for: ['year'] },
      ]),
    );
    const on = (plan: 'month' | 'year', period: string) =>
      distributionOn(parsed, plan, period)?.label;
    expect([on('month', '2025-06'), on('month', '2025-07'), on('year', '2024')]).toEqual([
      'old',
      'new',
      'old',
    ]);
    expect([on('month', '2023-12'), on('year', '2025')]).toEqual([undefined, 'new']);
    expect(distributionOn({ plans: [] }, 'year', '2025')).toBeNull();
  });
});

it('has nobody to split among', () => {
  expect(splitByPlan(ZERO_FEN, { plan: rule({ by: 'booked' }), members: [], policy })).toEqual([]);
});

it('reads the documented example', () => {
  const path = join(import.meta.dirname, '../../docs/formats/distribution-example.yaml');
  const text = readFileSync(path, 'utf8');
  const example = parseYaml({ text, path, schema: distributionSchema });
  expect(distributionOn(example, 'year', '2025')?.split.by).toBe('combination');
  expect(distributionOn(example, 'month', '2025-06')?.split.by).toBe('booked');
  expect(distributionOn(example, 'month', '2026-01')).toBeNull();
});

it('is told in words, shares in per cent', () => {
  const floor = { label: '村级', kinds: ['clinic'], share: '0.25' };
  const plan = rule({ by: 'weights', weights: { L: '1' } }, [floor] as never);
  const run = { facts: { distribution: plan }, own: { members: [] }, policy } as never;
  expect(splitInput(run).value).toBe('方案权重');
  expect(splitFormula(run, '年度清算')).toMatch(
    /按牵头医院分配方案（方案权重）分配（最大余数法）；村级不低于 25%$/,
  );
});
