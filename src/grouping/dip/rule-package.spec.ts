import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decimal } from '../../kernel/decimal.js';
import { fen } from '../../kernel/money.js';
import { rulePackageSchema } from './rule-package.js';
import { loadRulePackage } from './rule-package.loader.js';
import { upToFen } from './valued-entry.js';

/** What of a package or catalogue is refused, with file and line (SY-13); and that deviation rows leave no gap. */

const header = 'code,name,type,diagnosis,operations,cases,score,mean,lower,upper,factors';
const good = 'A,病种,core-surgery,A01,,20,850,10000.00,,,';
const package_ = `
package: test
title: 测试
catalogue: catalogue.csv
caseDecimals: 4
pointValueDecimals: 4
deviation: [{ slope: 0, constant: 1 }]
ungrouped: { mean: '7955.52', score: 1000, coefficient: 0.8 }
zeroScore: actual
coefficients: { byLevel: { secondary: 0.92 } }
`;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'heyi-dip-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function load(rows: readonly string[], text = package_) {
  writeFileSync(join(folder, 'test.yaml'), text);
  writeFileSync(join(folder, 'catalogue.csv'), [header, ...rows, ''].join('\n'));
  return loadRulePackage(folder, 'test');
}

describe('a catalogue', () => {
  it('is read row by row', () => {
    expect(load([good])?.catalogue.size).toBe(1);
  });

  it.each([
    ['a group twice', [good, good], 'catalogue.csv:3:1 病种编码 A 重复'],
    [
      'a negative score',
      [good.replace('850', '-1')],
      'catalogue.csv:2:1 score：应为不小于零的数字',
    ],
    [
      'a score that is no number',
      [good.replace('850', 'NaN')],
      'catalogue.csv:2:1 score：应为不小于零的数字',
    ],
    ['an endless score', [good.replace('850', 'Infinity')], 'catalogue.csv:2:1 score：'],
    ['an exponent', [good.replace('850', '8e2')], 'catalogue.csv:2:1 score：'],
    [
      'a mean of zero',
      [good.replace('10000.00', '0.00')],
      'catalogue.csv:2:1 mean：应为大于零的元',
    ],
    ['a mean with three decimals', [good.replace('10000.00', '1.001')], 'catalogue.csv:2:1 mean：'],
    [
      'a negative coefficient',
      [`${good}coefficient=-1`],
      'catalogue.csv:2:1 factors：不认识的系数',
    ],
    ['an unknown kind', [good.replace('core-surgery', 'other')], 'catalogue.csv:2:1 type：'],
  ])('with %s is refused by file and line', (_, rows, message) => {
    expect(() => load(rows)).toThrow(message);
  });
});

describe('a package', () => {
  it.each([
    ['a coefficient of zero', ['secondary: 0.92', 'secondary: 0'], '应大于零'],
    [
      'a factor without condition',
      ['zeroScore', 'supplements: [{ id: x, label: 某, factor: 1.1 }]\nzeroScore'],
      '至少写一个条件',
    ],
    ['an unknown key', ['zeroScore', 'zero: 1\nzeroScore'], 'zero'],
  ])('with %s is refused', (_, [from = '', to = ''], message) => {
    expect(() => load([good], package_.replace(from, to))).toThrow(message);
  });
});

describe('deviation rows', () => {
  const bound = fc.integer({ min: 1, max: 10_000 }).map((each) => `${each / 1000}`);
  const table = fc
    .array(fc.record({ upTo: bound, inclusive: fc.boolean() }), { maxLength: 5 })
    .map((rows) => [...new Map(rows.map((row) => [row.upTo, row])).values()])
    .map((rows) => rows.sort((a, b) => Number(a.upTo) - Number(b.upTo)));

  it('take every ratio exactly once, whatever the bounds and their edges', () => {
    fc.assert(
      fc.property(
        table,
        fc.bigInt({ min: 1n, max: 10n ** 9n }),
        fc.bigInt({ min: 1n, max: 10n ** 6n }),
        (drawn, cost, mean) => {
          const rows = [
            ...drawn.map(({ upTo, inclusive }) => ({ upTo, inclusive: String(inclusive) })),
            {},
          ].map((row) => ({ ...row, slope: '0', constant: '1' }));
          const { deviation } = rulePackageSchema.parse({
            ...{ package: 'test', title: '测试', catalogue: 'c.csv', deviation: rows },
            ...{ caseDecimals: '4', pointValueDecimals: '4', zeroScore: 'actual' },
            ungrouped: { mean: '1', score: '1', coefficient: '1' },
            coefficients: {},
          });
          const bounds = deviation.map((row) => upToFen(row, fen(mean)));
          const takes = deviation.map((row, index) => {
            const before = deviation[index - 1];
            return isUnder(row) && (before === undefined || !isUnder(before));
          });
          expect(takes.filter(Boolean)).toHaveLength(1);
          expect(bounds.findIndex((limit) => limit === null || cost <= limit)).toBe(
            takes.indexOf(true),
          );

          /** cost ÷ mean within the row's bound, by decimals. */
          function isUnder({ upTo, inclusive }: (typeof deviation)[number]): boolean {
            if (upTo === undefined) return true;
            const order = decimal(String(cost)).cmp(upTo.times(String(mean)));
            return order < 0 || (order === 0 && inclusive === true);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
