import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Decimal } from '../../kernel/decimal.js';
import { fen, toDecimalFen, yuan } from '../../kernel/money.js';
import { scaledText } from '../../kernel/scaled.js';
import { type CatalogueEntry, catalogueOf, catalogueRowSchema, toEntry } from './catalogue.js';
import { groupCase } from './group-case.js';
import { type DeviationRow, type RulePackage, rulePackageSchema } from './rule-package.js';
import { CaseScorer, type DipCase } from './score-case.js';
import { upToFen } from './valued-entry.js';

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

/** Points as text with the package's four decimals. */
function pointsOf(
  found: DipCase,
  entries: readonly CatalogueEntry[],
  rules: RulePackage,
): string | null {
  const points = new CaseScorer(catalogueOf(entries), rules).score(found)?.points ?? null;
  return points === null ? null : scaledText(points, 4);
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
      const points = [base, withAddend].map((rows) =>
        pointsOf({ ...found, cost: yuan(cost) }, [pneumonia], packageWith(rows)),
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
          const bounds = deviation.map((each) => upToFen(each, fen(mean)));
          const row = bounds.findIndex((bound) => bound === null || cost <= bound);
          const within = [
            cost * 2n <= mean,
            cost * 2n > mean && cost < mean * 2n,
            cost >= mean * 2n && cost <= mean * 5n,
            cost > mean * 5n,
          ];
          expect(within.filter(Boolean)).toHaveLength(1);
          expect(row).toBe(within.indexOf(true));
        },
      ),
    );
  });

  it('never falls as cost rises by the base table', () => {
    const scorer = new CaseScorer(catalogueOf([pneumonia]), packageWith(base));
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 10n ** 7n }),
        fc.bigInt({ min: 0n, max: 10n ** 6n }),
        (cost, more) => {
          const [less = 0n, greater = 0n] = [fen(cost), fen(cost + more)].map(
            (each) => scorer.score({ ...found, cost: each })?.points ?? undefined,
          );
          expect(greater >= less).toBe(true);
        },
      ),
    );
  });

  it('is what decimals give, to the last place', () => {
    const decimals = fc.constantFrom('1', '0.92', '1.0333', '0.8765');
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 10n ** 10n }),
        fc.bigInt({ min: 1n, max: 10n ** 8n }),
        fc.constantFrom('1', '850', '772.20', '0.3333'),
        decimals,
        fc.constantFrom(base, withAddend),
        (cost, mean, score, coefficient, table) => {
          const rules = packageWith(table);
          const own = { ...pneumonia, mean: fen(mean), score: new Decimal(score) };
          const by = { byLevel: {}, byInstitution: { H1: new Decimal(coefficient) } };
          const of = { ...found, cost: fen(cost) };
          const expected = byDecimals(of, own, { ...rules, coefficients: by });
          expect(pointsOf(of, [own], { ...rules, coefficients: by })).toBe(expected);
        },
      ),
    );
  });
});

/** The formula as the rules write it, in forty digits. */
function byDecimals(of: DipCase, own: CatalogueEntry, rules: RulePackage): string {
  const ratio = toDecimalFen(of.cost).div(toDecimalFen(own.mean));
  const coefficient = rules.coefficients.byInstitution[of.institution] as Decimal;
  const row = rules.deviation.find(({ upTo, inclusive }: DeviationRow) => {
    if (upTo === undefined) return true;
    const bound = upTo.times(toDecimalFen(own.mean)).cmp(toDecimalFen(of.cost));
    return bound > 0 || (bound === 0 && inclusive === true);
  }) as DeviationRow;
  const constant = row.addCoefficient ? row.constant.plus(coefficient) : row.constant;
  const factor = row.slope.times(ratio).plus(constant);
  const points = factor.times(own.score).times(row.applyCoefficient ? coefficient : 1);
  return points.toDecimalPlaces(4, Decimal.ROUND_HALF_UP).toFixed(4);
}

describe('special cases', () => {
  const rules = packageWith(base);
  it('needs deviation rows in ascending order, the last without bound', () => {
    expect(() => packageWith(base.toSpliced(0, 3, ...base.slice(0, 2).reverse()))).toThrow('递增');
    expect(() => packageWith(base.slice(0, 3))).toThrow('最后一行');
  });

  it('values a case without group by its cost over the mean of all', () => {
    const score = new CaseScorer(catalogueOf([pneumonia]), rules).score({
      ...found,
      principalDiagnosis: 'Z99.9',
    });
    expect(score).toEqual({ group: null, points: 10_055_911n, review: true }); // 10000 ÷ 7955.52 × 800
  });

  it('gives no points to a group of score 0', () => {
    const zero = catalogueOf([entry({ code: 'J18.9', diagnosis: 'J18.9', score: '0' })]);
    const score = new CaseScorer(zero, rules).score(found);
    expect(score).toEqual({ group: 'J18.9', points: null, review: true });
  });

  it('refuses to guess the coefficient of an institution', () => {
    const scorer = new CaseScorer(catalogueOf([pneumonia]), rules);
    expect(scorer.score({ ...found, level: 'primary' })).toBeNull();
  });

  it('pays a basic disease alike everywhere, and measures by the mean of the level', () => {
    const basic = entry({
      code: 'J18.9',
      diagnosis: 'J18.9',
      factors: 'coefficient=1;mean.primary=4000.00',
    });
    expect(pointsOf({ ...found, level: 'primary' }, [basic], rules)).toBe('1275.0000'); // 850 × (10000 ÷ 4000 − 1)
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
