import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Decimal } from '../../kernel/decimal.js';
import { addMonths } from '../../kernel/period.js';
import { computeStatistic, type MonthlyTotals, WHOLE } from './compute.js';
import { isInGroup, isUnclassified } from './fee-group.js';
import { judgePart, judgeStatistic } from './judge.js';
import { loadStatistics } from './statistics.loader.js';
import { quantile, robustZ } from './yardsticks.js';

const configDir = join(import.meta.dirname, '../../../config');
const rules = loadStatistics({ configDir, siteDir: null });
const decimals = (...values: readonly number[]): Decimal[] =>
  values.map((value) => new Decimal(value));

describe('examples of the statistics rules', () => {
  const examples = rules.flatMap((rule) => rule.examples.map((each) => [rule, each] as const));
  it.each(examples.map(([rule, each]) => [rule.id, each.name, rule, each] as const))(
    '%s %s',
    (_id, _name, rule, { part: id, value, cases, peers, lastYear = null, flagged }) => {
      const part = rule.parts.find((each) => each.id === id);
      if (part === undefined) throw new Error(`no part ${id}`);
      const verdict = judgePart(rule, part, { value, cases, peers, lastYear });
      const answers = { yes: true, no: false, 'not-applicable': null } as const;
      expect(verdict.flagged).toBe(answers[flagged]);
      if (verdict.flagged === null) expect(verdict.reasons).not.toEqual([]);
    },
  );

  it('are all clues', () => {
    expect(new Set(rules.map((rule) => rule.class))).toEqual(new Set(['CLUE']));
  });
});

describe('yardsticks', () => {
  it('interpolates between ranks', () => {
    expect(quantile(decimals(1, 2, 3, 4), 0.5).toFixed()).toBe('2.5');
    expect(quantile(decimals(11, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10), 0.9).toFixed()).toBe('10');
    expect(quantile(decimals(7), 0.9).toFixed()).toBe('7');
  });

  it('measures by the median, so that one wild peer changes nothing', () => {
    expect(robustZ(new Decimal(9), decimals(1, 2, 3, 4, 900))?.toFixed(4)).toBe('4.0470');
    expect(robustZ(new Decimal(3), decimals(2, 2, 2, 9))).toBeNull();
    expect(robustZ(new Decimal(2), decimals(2, 2, 2))?.toFixed()).toBe('0');
  });
});

describe('fee groups', () => {
  const tests = { measure: 'lines', classes: ['examination'], stems: ['0021'] } as const;
  const ct = { measure: 'lines', stems: ['002103'] } as const;
  const group = (spec: { classes?: readonly string[]; stems?: readonly string[] }) =>
    spec as unknown as Parameters<typeof isInGroup>[0];
  it.each([
    ['the source’s class decides', tests, { feeClass: 'treatment', stem: '002103' }, false, false],
    ['without a class the code does', tests, { feeClass: null, stem: '002103' }, true, false],
    ['with neither nobody can say', tests, { feeClass: null, stem: null }, false, true],
    ['a class does not tell a CT', ct, { feeClass: 'examination', stem: null }, false, true],
    ['a code tells a CT', ct, { feeClass: 'examination', stem: '002103' }, true, false],
  ] as const)('%s', (_, spec, line, held, unknown) => {
    expect(isInGroup(group(spec), { kind: 'service', ...line })).toBe(held);
    expect(isUnclassified(group(spec), { kind: 'service', ...line })).toBe(unknown);
  });
});

describe('a rule over its members', () => {
  const rule = rules.find(({ id }) => id === 'STA-06');
  const totals = (values: Readonly<Record<string, number>>): MonthlyTotals =>
    new Map([
      ['A', new Map(Object.entries(values).map(([month, value]) => [month, new Decimal(value)]))],
    ]);

  it('exports what the share grew by, of this period’s fund, and nothing when it fell', () => {
    if (rule === undefined) throw new Error('no STA-06');
    const compute = (now: number, before: number) =>
      computeStatistic({
        ...{ rule, month: '2024-05', span: 'month', members: new Map([['A', 'x']]) },
        totals: {
          cases: totals({ '2024-05': 40, '2023-05': 40 }),
          parts: new Map([
            [
              'out-of-area',
              {
                numerator: totals({ '2024-05': now, '2023-05': before }),
                denominator: totals({ '2024-05': 1000_00, '2023-05': 500_00 }),
                unclassified: null,
              },
            ],
          ]),
        },
      })[0];
    const grown = compute(250_00, 100_00); // 25 % after 20 %
    expect([grown?.institution, grown?.ruleFlagged, grown?.exportFen]).toEqual([
      WHOLE,
      true,
      50_00n,
    ]);
    const fallen = compute(150_00, 100_00);
    expect([fallen?.ruleFlagged, fallen?.exportFen]).toEqual([false, 0n]);
  });

  it('cannot say no while what it could not judge might tip it', () => {
    const parts = (...flagged: (boolean | null)[]) => flagged.map((each) => ({ flagged: each }));
    const two = { flagAtLeast: 2 };
    expect(judgeStatistic(two, parts(true, true, null))).toBe(true);
    expect(judgeStatistic(two, parts(true, false, null))).toBeNull();
    expect(judgeStatistic(two, parts(false, false, null))).toBe(false);
  });

  it('counts months across years', () => {
    expect([addMonths('2024-01', -1), addMonths('2024-11', 14)]).toEqual(['2023-12', '2026-01']);
  });
});
