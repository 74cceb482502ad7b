import { describe, expect, it } from '@jest/globals';
import { yuan } from '../../kernel/money.js';
import { scaledText } from '../../kernel/scaled.js';
import { catalogueOf, catalogueRowSchema, toEntry } from './catalogue.js';
import { rulePackageSchema } from './rule-package.js';
import { CaseScorer, type DipCase } from './score-case.js';
import { type CasePatient, supplementOf, supplementSchema } from './supplement.js';

/** Supplementary factors on points (SY-13): the highest alone. */

const rows = [
  { id: 'newborn', label: '新生儿', ageDaysTo: '28', factor: '1.3' },
  { id: 'child', label: '儿童', ageTo: '6', factor: '1.1' },
  { id: 'aged', label: '66 岁以上', ageFrom: '66', factor: '1.05' },
  { id: 'severe', label: '严重合并症', stayFrom: '4', diagnoses: ['J96', 'A41.9'], factor: '1.2' },
  { id: 'early-death', label: '三天内死亡', discharge: 'died', stayTo: '3', factor: '0.8' },
].map((row) => supplementSchema.parse(row));

const patient: CasePatient = {
  sex: 'female',
  birthDate: '1980-01-01',
  admitted: '2024-03-10',
  discharged: '2024-03-14',
  dischargeMode: 'ordered',
  otherDiagnoses: [],
};

describe('the factor of a case', () => {
  it.each<[string, Partial<CasePatient>, string | null]>([
    ['nothing holds', {}, null],
    ['28 days old', { birthDate: '2024-02-11' }, 'newborn'],
    ['29 days old', { birthDate: '2024-02-10' }, 'child'],
    ['the day before 7', { birthDate: '2017-03-11' }, 'child'],
    ['7 that day', { birthDate: '2017-03-10' }, null],
    ['66 that day', { birthDate: '1958-03-10' }, 'aged'],
    ['66 the day after', { birthDate: '1958-03-11' }, null],
    ['four nights and a prefix', { otherDiagnoses: ['I10', 'J96.000'] }, 'severe'],
    ['three nights', { otherDiagnoses: ['J96.000'], discharged: '2024-03-13' }, null],
    ['died in three nights', { dischargeMode: 'died', discharged: '2024-03-13' }, 'early-death'],
    ['aged and severe', { birthDate: '1940-01-01', otherDiagnoses: ['A41.900'] }, 'severe'],
    ['no birth date', { birthDate: null }, null],
    ['no admission', { admitted: null, birthDate: '1940-01-01' }, null],
    ['born after admission', { birthDate: '2024-03-11' }, null],
  ])('%s', (_, more, expected) => {
    expect(supplementOf(rows, { ...patient, ...more })?.id ?? null).toBe(expected);
  });

  it('needs a condition and a factor above zero', () => {
    const bare = { id: 'x', label: '无条件' };
    expect(() => supplementSchema.parse({ ...bare, factor: '1.1' })).toThrow('至少写一个条件');
    expect(() => supplementSchema.parse({ ...bare, ageFrom: '1', factor: '0' })).toThrow('大于零');
    expect(() => supplementSchema.parse({ ...bare, ageFrom: '1', factor: 'NaN' })).toThrow(
      '大于零',
    );
  });
});

describe('points with a factor', () => {
  const rules = rulePackageSchema.parse({
    package: 'test',
    title: '测试',
    catalogue: 'catalogue.csv',
    caseDecimals: '4',
    pointValueDecimals: '4',
    deviation: [
      { upTo: '2', inclusive: 'true', slope: '0', constant: '1' },
      { slope: '1', constant: '-1' },
    ],
    supplements: [
      { id: 'aged', label: '66 岁以上', ageFrom: '66', factor: '1.05' },
      { id: 'severe', label: '严重合并症', diagnoses: ['J96'], factor: '1.255' },
    ],
    ungrouped: { mean: '7955.52', score: '1000', coefficient: '0.8' },
    zeroScore: 'actual',
    coefficients: { byLevel: { secondary: '0.92' } },
  });
  const row = { code: 'J18.9', name: '肺炎', type: 'core-conservative', diagnosis: 'J18.9' };
  const empty = { operations: '', cases: '20', lower: '', upper: '', factors: '' };
  const entry = toEntry(
    catalogueRowSchema.parse({ ...row, ...empty, score: '850', mean: '10000.00' }),
  );
  const found: DipCase = {
    institution: 'H1',
    level: 'secondary',
    pool: 'resident',
    principalDiagnosis: 'J18.900',
    operations: [],
    cost: yuan('10000.00'),
  };
  const aged = { ...patient, birthDate: '1940-01-01' };

  it.each<[string, CasePatient | null, string, string]>([
    ['no patient', null, '10000.00', '782.0000'],
    ['nothing holds', patient, '10000.00', '782.0000'],
    ['one holds', aged, '10000.00', '821.1000'], // 850 × 0.92 × 1.05
    ['the higher of two', { ...aged, otherDiagnoses: ['J96.0'] }, '10000.00', '981.4100'], // × 1.255
    ['on a high case too', aged, '26000.00', '1313.7600'], // 850 × 1.6 × 0.92 × 1.05
  ])('%s', (_, own, cost, points) => {
    const scorer = new CaseScorer(catalogueOf([entry]), rules);
    const of = { ...found, cost: yuan(cost), ...(own === null ? {} : { patient: own }) };
    // Scored twice, after another: a remembered score must not stand for another patient.
    scorer.score({ ...found, patient });
    expect(scaledText(scorer.score(of)?.points ?? -1n, 4)).toBe(points);
    expect(scaledText(scorer.score(found)?.points ?? -1n, 4)).toBe('782.0000');
  });

  it('leaves a case without group alone', () => {
    const scorer = new CaseScorer(catalogueOf([entry]), rules);
    const other = { ...found, principalDiagnosis: 'Z99' };
    expect(scorer.score({ ...other, patient: aged })).toEqual(scorer.score(other));
  });
});
