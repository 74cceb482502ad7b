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
const claims: readonly Claim[] = [
  ...plain,
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
      `consortium: stat\nname: 统计县\nregion: sanya\nleadHospital: ${plain[0]?.performedAt}\nmembers:\n  - { institution: ${plain[0]?.performedAt}, name: 甲, kind: hospital, level: secondary }\n  - { institution: H2, name: 乙, kind: hospital, level: secondary }\n`,
    );
    service = new StatisticsService(database.pool, { ...siteOf(root, {}), siteDir });
  });
  afterAll(async () => {
    rmSync(siteDir, { recursive: true });
    await database.drop();
  });

  const found = async (rule: string, part: string) => {
    const results = await service.run('stat', '2024-01');
    return results.find(
      (each) =>
        each.rule.id === rule &&
        each.part.id === part &&
        each.span === 'month' &&
        ['', plain[0]?.performedAt].includes(each.institution),
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
    expect([outside?.cases, outside?.verdict.reasons]).toEqual([34, ['no-last-year']]);
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
    const own = join(siteDir, 'audit/indicators/STA-09.yaml');
    writeFileSync(own, 'id: STA-09\n');
    await expect(service.run('stat', '2024-01')).rejects.toThrow('STA-09');
    rmSync(own);
  });
});
