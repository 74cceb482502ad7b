import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fen, yuan } from '../../kernel/money.js';
import { type CatalogueEntry, catalogueOf, catalogueRowSchema, toEntry } from './catalogue.js';
import { groupCase } from './group-case.js';
import { type RulePackage, rulePackageSchema } from './rule-package.js';
import { type DipCase, deviationOf, scoreCase } from './score-case.js';

/** Points by the rule package (SY-13), and the deviation vectors D3. */

const base = [
  { upTo: '0.5', inclusive: 'true', slope: '1', constant: '0' },
  { upTo: '2', inclusive: 'false', slope: '0', constant: '1' },
  { upTo: '5', inclusive: 'true', slope: '1', constant: '-1' },
  { slope: '1', constant: '-1', review: 'true' },
];
const withAddend = [
  { upTo: '0.5', inclusive: 'true', slope: '1', constant: '0', applyCoefficient: 'false' },
  { upTo: '2', inclusive: 'true', slope: '0', constant: '1' },
  {
    upTo: '5',
    inclusive: 'true',
    slope: '1',
    constant: '-2',
    addCoefficient: 'true',
    applyCoefficient: 'false',
  },
  { slope: '0', constant: '0', addCoefficient: 'true', applyCoefficient: 'false', review: 'true' },
];

function packageWith(deviation: readonly object[]): RulePackage {
  return rulePackageSchema.parse({
    package: 'test',
    title: '测试',
    catalogue: 'catalogue.csv',
    caseDecimals: '4',
    pointValueDecimals: '4',
    deviation,
    ungrouped: { mean: '7955.52', score: '1000', coefficient: '0.8' },
    zeroScore: 'actual',
    coefficients: { byLevel: { secondary: '0.92' } },
  });
}

function entry(row: Partial<Record<string, string>>): CatalogueEntry {
  const blank = {
    cases: '20',
    lower: '',
    upper: '',
    factors: '',
    operations: '',
    type: 'core-conservative',
  };
  return toEntry(
    catalogueRowSchema.parse({ name: '病种', score: '850', mean: '10000.00', ...blank, ...row }),
  );
}

const pneumonia = entry({ code: 'J18.9', diagnosis: 'J18.9' });
const found: DipCase = {
  institution: 'H1',
  level: 'secondary',
  pool: 'resident',
  principalDiagnosis: 'J18.900',
  operations: [],
  cost: yuan('10000.00'),
};

describe('points by deviation, D3', () => {
  it.each([
    ['3000.00', '234.6000', '255.0000'],
    ['5000.00', '391.0000', '425.0000'],
    ['5000.01', '782.0000', '782.0000'],
    ['5001.00', '782.0000', '782.0000'],
    ['20000.00', '782.0000', '782.0000'],
    ['20001.00', '782.0782', '782.0850'],
    ['26000.00', '1251.2000', '1292.0000'],
    ['50000.00', '3128.0000', '3332.0000'],
    ['50001.00', '3128.0782', '782.0000'],
    ['62000.00', '4066.4000', '782.0000'],
  ])(
    'a case of %s has %s points by the base table, %s by the one with addend',
    (cost, ...expected) => {
      const catalogue = catalogueOf([pneumonia]);
      const points = [base, withAddend].map((rows) =>
        scoreCase({ ...found, cost: yuan(cost) }, catalogue, packageWith(rows))?.points?.toFixed(4),
      );
      expect(points).toEqual(expected);
    },
  );

  it('finds exactly one row for every cost', () => {
    const { deviation } = packageWith(base);
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 10n ** 9n }),
        fc.bigInt({ min: 1n, max: 10n ** 7n }),
        (cost, mean) => {
          const row = deviationOf(fen(cost), fen(mean), deviation);
          const within = [
            cost * 2n <= mean,
            cost * 2n > mean && cost < mean * 2n,
            cost >= mean * 2n && cost <= mean * 5n,
            cost > mean * 5n,
          ];
          expect(within.filter(Boolean)).toHaveLength(1);
          expect(deviation.indexOf(row)).toBe(within.indexOf(true));
        },
      ),
    );
  });

  it('never falls as cost rises by the base table', () => {
    const rules = packageWith(base);
    const catalogue = catalogueOf([pneumonia]);
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 10n ** 7n }),
        fc.bigInt({ min: 0n, max: 10n ** 6n }),
        (cost, more) => {
          const [less, greater] = [fen(cost), fen(cost + more)].map(
            (each) => scoreCase({ ...found, cost: each }, catalogue, rules)?.points,
          );
          expect(greater?.gte(less ?? 0)).toBe(true);
        },
      ),
    );
  });
});

describe('special cases', () => {
  const rules = packageWith(base);

  it('values a case without group by its cost over the mean of all', () => {
    const score = scoreCase(
      { ...found, principalDiagnosis: 'Z99.9' },
      catalogueOf([pneumonia]),
      rules,
    );
    expect(score).toEqual({ group: null, points: expect.anything(), review: true });
    expect(score?.points?.toFixed(4)).toBe('1005.5911'); // 10000 ÷ 7955.52 × 800
  });

  it('gives no points to a group of score 0', () => {
    const zero = catalogueOf([entry({ code: 'J18.9', diagnosis: 'J18.9', score: '0' })]);
    expect(scoreCase(found, zero, rules)).toEqual({ group: 'J18.9', points: null, review: true });
  });

  it('refuses to guess the coefficient of an institution', () => {
    expect(scoreCase({ ...found, level: 'primary' }, catalogueOf([pneumonia]), rules)).toBeNull();
  });

  it('pays a basic disease alike everywhere, and measures by the mean of the level', () => {
    const basic = entry({
      code: 'J18.9',
      diagnosis: 'J18.9',
      factors: 'coefficient=1;mean.primary=4000.00',
    });
    const points = scoreCase({ ...found, level: 'primary' }, catalogueOf([basic]), rules)?.points;
    expect(points?.toFixed(4)).toBe('1275.0000'); // 850 × (10000 ÷ 4000 − 1)
  });
});

describe('grouping order', () => {
  const core = entry({ code: 'A', diagnosis: 'J18.9' });
  const wide = entry({
    code: 'B',
    diagnosis: 'J18',
    type: 'comprehensive-surgery',
    operations: '33.2/33.3',
  });
  const operated = entry({
    code: 'C',
    diagnosis: 'J18.9',
    type: 'core-surgery',
    operations: '33.2+99.1/99.2',
  });
  const near = entry({ code: 'D', diagnosis: 'J18.9', mean: '10500.00' });
  const catalogue = catalogueOf([core, wide, operated, near]);

  it.each([
    ['the nearest mean among equals', [], '11000.00', 'D'],
    ['an operation fully met', ['33.24001', '99.2100'], '11000.00', 'C'],
    [
      'core before comprehensive when an operation is only partly met',
      ['33.24001'],
      '9000.00',
      'A',
    ],
  ])('takes %s', (_, operations, cost, code) => {
    expect(groupCase({ ...found, operations, cost: yuan(cost) }, catalogue)?.code).toBe(code);
  });

  it('falls back to a comprehensive group when no core one has the diagnosis', () => {
    const other = { ...found, principalDiagnosis: 'J18.100', operations: ['33.3'] };
    expect(groupCase(other, catalogue)?.code).toBe('B');
    expect(groupCase({ ...other, operations: [] }, catalogue)).toBeNull();
  });
});

describe('a rule package', () => {
  it('must have its deviation rows in ascending order, the last without bound', () => {
    expect(() => packageWith(base.toSpliced(0, 3, ...base.slice(0, 2).reverse()))).toThrow('递增');
    expect(() => packageWith(base.slice(0, 3))).toThrow('最后一行');
  });
});
