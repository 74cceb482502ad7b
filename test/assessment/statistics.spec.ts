import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { StatisticsService } from '../../src/assessment/statistics/statistics.service.js';
import { claimsOfCase, ruleCaseSchema } from '../../src/audit/rule-case.js';
import type { Claim } from '../../src/claims/claim.js';
import { siteOf } from '../../src/config/site.js';
import { storeClaims } from '../audit/store-claims.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

/** Statistics rules on the books: what the queries count, not how it is judged (statistics.spec.ts beside the code does that). */

const CT = '002103000010000';
const root = join(import.meta.dirname, '../..');

function claim(no: string, personId: string, input: object, more: Partial<Claim> = {}): Claim {
  const each = ruleCaseSchema.parse({ name: no, claims: [{ no, ...input }], finds: 'nothing' });
  const [made] = claimsOfCase(each);
  if (made === undefined) throw new Error('no claim');
  return { ...made, personId, ...more };
}

const stay = (admitted: string, discharged: string, lines: readonly object[] = []) => ({
  ...{ admitted, discharged, lines },
});

/** Thirty plain stays of thirty persons in January, so that there are cases enough. */
const plain = Array.from({ length: 30 }, (_, index) =>
  claim(`N${index}`, `P${index}`, stay('2024-01-02', '2024-01-06')),
);
/** Visits to a village clinic, `perHour` in each hour from eight on. */
const visits = (doctor: string, perHour: readonly number[]): Claim[] =>
  perHour
    .flatMap((count, hour) => Array.from({ length: count }, (_, at) => ({ hour: 8 + hour, at })))
    .map(({ hour, at }, index) =>
      claim(`${doctor}-${index}`, `${doctor}-P${index}`, {
        ...{ at: 'V1', level: 'village', settled: `2024-01-05T${two(hour)}:${two(at)}:00` },
        lines: [{ item: 'A', on: '2024-01-05', doctor, price: `${index + 1}.00` }],
      }),
    );
/** Ten visits with the same sum, from nine on; the last of them after so many minutes. */
const alike = (day: string, last: number, items: (at: number) => string): Claim[] =>
  Array.from({ length: 10 }, (_, at) => ({ at, minute: at === 9 ? last : at })).map(
    ({ at, minute }) =>
      claim(`${day}-${at}`, `S${at}`, {
        ...{
          at: 'H3',
          settled: `${day}T${two(9 + Math.trunc(minute / 60))}:${two(minute % 60)}:00`,
        },
        lines: [{ item: items(at), on: day, price: '10.00' }],
      }),
  );
const two = (part: number): string => String(part).padStart(2, '0');
/** Stays of a group: nine of four days, one of nine, one of twenty; two have a standard. */
const grouped = [...Array<number>(9).fill(4), 9, 20].map((days, index) =>
  claim(`G${index}`, `G${index % 2}`, {
    ...{ at: 'H4', admitted: '2024-01-01', discharged: `2024-01-${two(1 + days)}` },
    ...{ group: 'ES35', ...(index < 2 ? { standard: '4000.00' } : {}), total: '1000.00' },
  }),
);
const claims: readonly Claim[] = [
  ...plain,
  ...visits('D1', [13, 12, 12, 12, 12, 12, 8]),
  ...visits('D2', [12, 12, 12, 12, 12, 12, 8]),
  ...alike('2024-01-08', 60, () => 'A'),
  ...alike('2024-01-09', 61, () => 'A'),
  ...alike('2024-01-10', 9, (at) => (at === 0 ? 'B' : 'A')),
  ...grouped,
  // fifteen days after: a readmission; the other is chemotherapy and planned; the third comes a day too late for 15, not for 31
  claim('R1', 'P0', stay('2024-01-21', '2024-01-23')),
  claim('R2', 'P1', stay('2024-01-21', '2024-01-23'), {
    diagnoses: [{ sequence: 1, code: 'Z51.100', isPrincipal: true } as Claim['diagnoses'][number]],
  }),
  claim('R3', 'P2', { at: 'H2', ...stay('2024-01-22', '2024-01-25') }),
  claim(
    'X1',
    'P3',
    stay('2024-01-20', '2024-01-22', [{ item: CT, price: '300.00', on: '2024-01-21' }]),
    {
      treatmentArea: 'cross-province',
    },
  ),
];

const OTHERS = [
  '  - { institution: V1, name: 丙, kind: village-clinic, level: village, settledBy: H2 }',
  '  - { institution: H3, name: 丁, kind: hospital, level: secondary }',
  '  - { institution: H4, name: 戊, kind: hospital, level: secondary }\n',
].join('\n');

describe('statistics rules on the books', () => {
  let database: TestDatabase;
  let siteDir: string;
  let service: StatisticsService;
  beforeAll(async () => {
    database = await createTestDatabase();
    await storeClaims(database.pool, 'stat', claims);
    siteDir = mkdtempSync(join(tmpdir(), 'heyi-stat-'));
    writeFileSync(
      join(siteDir, 'consortium.yaml'),
      `consortium: stat\nname: 统计县\nregion: sanya\nleadHospital: ${plain[0]?.performedAt}\nmembers:\n  - { institution: ${plain[0]?.performedAt}, name: 甲, kind: hospital, level: secondary }\n  - { institution: H2, name: 乙, kind: hospital, level: secondary }\n${OTHERS}`,
    );
    service = new StatisticsService(database.pool, { ...siteOf(root, {}), siteDir });
  });
  afterAll(async () => {
    rmSync(siteDir, { recursive: true });
    await database.drop();
  });

  const found = async (rule: string, part: string, at = plain[0]?.performedAt) => {
    const results = await service.run('stat', '2024-01');
    return results.find(
      (each) =>
        each.rule.id === rule &&
        each.part.id === part &&
        each.span === 'month' &&
        ['', at].includes(each.institution),
    );
  };

  it('counts readmissions where the person was discharged, planned ones not', async () => {
    const [short, long] = [await found('STA-02', 'within-15'), await found('STA-02', 'within-31')];
    expect([short?.numerator?.toFixed(), short?.denominator?.toFixed()]).toEqual(['2', '33']);
    expect(long?.numerator?.toFixed()).toBe('3');
    expect(short?.verdict.reasons).toEqual(['too-few-peers', 'no-last-year']);
  });

  it('tells a CT by its national code and care outside by its area', async () => {
    expect((await found('STA-01', 'ct'))?.numerator?.toFixed()).toBe('30000');
    const outside = await found('STA-06', 'out-of-area');
    expect([outside?.cases, outside?.verdict.reasons]).toEqual([236, ['no-last-year']]);
  });

  it('counts the days and hours on which a village doctor saw more than he can', async () => {
    const [day, hour] = [await found('OPD-04', 'day', 'V1'), await found('OPD-04', 'hour', 'V1')];
    expect([day?.numerator?.toFixed(), day?.denominator?.toFixed()]).toEqual(['1', '2']);
    expect([hour?.numerator?.toFixed(), hour?.denominator?.toFixed()]).toEqual(['1', '14']);
    expect([day?.verdict.flagged, day?.ruleFlagged]).toEqual([true, true]);
    expect((await found('OPD-04', 'day', 'H3'))?.verdict.reasons).toEqual(['too-few-cases']);
  });

  it('counts visits that are alike within the hour, not those a minute later or of another item', async () => {
    const found10 = await found('OPD-05', 'alike', 'H3');
    expect([found10?.numerator?.toFixed(), found10?.denominator?.toFixed()]).toEqual(['1', '30']);
    expect((await found('OPD-05', 'alike', 'V1'))?.verdict.flagged).toBe(false);
  });

  it('measures stays beside their group, and heads beside stays', async () => {
    const values = async (rule: string, part: string) => {
      const result = await found(rule, part, 'H4');
      return [result?.numerator?.toFixed(), result?.denominator?.toFixed()];
    };
    expect(await values('STA-08', 'over-long')).toEqual(['1', '11']);
    expect(await values('STA-07', 'for-group')).toEqual(['200000', '800000']);
    expect(await values('CMX-05', 'mix')).toEqual(['800000', '2']);
    expect(await values('STA-09', 'stays-by-head')).toEqual(['11', '2']);
    expect(await values('STA-07', 'inpatient')).toEqual(['1100000', '11']);
  });

  it('says of what the books cannot give that they cannot', async () => {
    const complaints = await found('STA-03', 'complaints');
    expect([complaints?.value, complaints?.verdict.reasons, complaints?.ruleFlagged]).toEqual([
      ...[null, ['unavailable'], null],
    ]);
  });

  it('judges nothing where there are too few cases, and keeps what came out once', async () => {
    await service.run('stat', '2024-01');
    const { rows } = await database.pool.query<{ part: string; reasons: string[] }>(
      `SELECT part, reasons FROM statistic_result WHERE rule_id = 'STA-02' AND institution = 'H2' AND span = 'month' ORDER BY part`,
    );
    expect(rows).toEqual([
      { part: 'within-15', reasons: ['too-few-cases'] },
      { part: 'within-31', reasons: ['too-few-cases'] },
    ]);
  });

  it('takes the site’s own file of a rule instead of the shipped one', async () => {
    mkdirSync(join(siteDir, 'audit/indicators'), { recursive: true });
    const own = join(siteDir, 'audit/indicators/STA-19.yaml');
    writeFileSync(own, 'id: STA-19\n');
    await expect(service.run('stat', '2024-01')).rejects.toThrow('STA-19');
    rmSync(own);
  });
});
