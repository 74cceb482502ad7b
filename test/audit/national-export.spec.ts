import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuditService } from '../../src/audit/audit.service.js';
import { CoverageService } from '../../src/audit/coverage.service.js';
import { AuditExportService } from '../../src/audit/export/audit-export.service.js';
import type { NationalObject } from '../../src/audit/export/national-objects.js';
import type { WireObject } from '../../src/audit/export/wire-table.js';
import { claimsOfCase, ruleCaseSchema } from '../../src/audit/rule-case.js';
import type { Claim } from '../../src/claims/claim.js';
import type { Site } from '../../src/config/site.js';
import { JournalService } from '../../src/journal/journal.service.js';
import { sum, toYuan, yuan } from '../../src/kernel/money.js';
import { ReviewService } from '../../src/review/review.service.js';
import { WarningFeedbackService } from '../../src/review/warning-feedback.service.js';
import { CONSORTIUM, makeSite } from '../settlement/site.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { storeClaims } from './store-claims.js';

/** Findings of the books as national objects, and what no rule could look at. */

const consortium = CONSORTIUM;
const women = { item: '002101030300000', price: '128.00' };
const hours = { item: '003106030010000', price: '12.00' };

function person(personId: string, input: object): Claim[] {
  const each = ruleCaseSchema.parse({ name: personId, finds: 'nothing', ...input });
  return claimsOfCase(each).map((claim) => ({ ...claim, personId }));
}

const claims: readonly Claim[] = [
  ...person('P1', {
    sex: 'male',
    claims: [
      {
        no: 'B1',
        at: 'C',
        settledBy: 'T',
        level: 'village',
        lines: [{ ...women, on: '2024-01-05' }],
      },
      { no: 'B2', at: 'L', lines: [{ ...women, on: '2024-01-06' }] },
    ],
  }),
  ...person('P2', {
    claims: [
      { no: 'S1', at: 'L', admitted: '2024-01-02', discharged: '2024-01-10' },
      { no: 'S2', at: 'L', admitted: '2024-01-12', discharged: '2024-01-20' },
      {
        ...{
          no: 'S3',
          at: 'T',
          level: 'primary',
          admitted: '2024-01-21',
          discharged: '2024-01-30',
        },
        lines: [
          { ...hours, on: '2024-01-22', quantity: '20' },
          { ...hours, on: '2024-01-22', quantity: '9' },
        ],
      },
    ],
  }),
  ...person('P3', {
    sex: 'unknown',
    claims: [{ no: 'U1', at: 'L', lines: [{ ...women, on: '2024-01-06' }] }],
  }),
];

let database: TestDatabase;
let site: Site;
let exported: AuditExportService;
let review: ReviewService;

beforeAll(async () => {
  database = await createTestDatabase();
  site = makeSite();
  const journal = new JournalService(database.pool);
  const audit = new AuditService(database.pool, site, journal);
  exported = new AuditExportService(database.pool, site);
  review = new ReviewService(database.pool, audit, journal);
  await storeClaims(database.pool, consortium, claims);
  await audit.run({ consortium, months: ['2024-01'] });
});
afterAll(async () => {
  rmSync(site.siteDir, { recursive: true, force: true });
  await database.drop();
});

const build = (object: NationalObject, institution: string | null = null) =>
  exported.build({ object, month: '2024-01', institution, profile: 'hunan', moment: 'during' });

const nested = (row: WireObject | undefined, name: string): readonly WireObject[] => {
  const rows = row?.[name] ?? [];
  return typeof rows === 'string' ? [] : rows;
};
const amountOf = (row: WireObject) => yuan(String(row['vola_amt']));

describe('findings of the books as national objects', () => {
  it('fit the field table, with details that add up', async () => {
    const { rows, faults } = await build('3101');
    expect(faults).toEqual([]);
    expect(rows.map((row) => row['rule_name'])).toEqual(
      expect.arrayContaining(['医疗服务项目区分性别使用', '分解住院']),
    );
    for (const row of rows) {
      const details = nested(row, 'judge_result_detail_dtos');
      expect(details.length).toBeGreaterThan(0);
      expect(toYuan(sum(details.map(amountOf)))).toBe(row['vola_amt']);
    }
  });

  it('cite documents by name', async () => {
    const { rows } = await build('3101');
    expect(String(rows[0]?.['vola_evid'])).toContain('《');
  });

  it('are those of one institution when asked for it', async () => {
    const { rows } = await build('3101', 'C');
    expect(rows.map((row) => row['mdtrt_id'])).toEqual(['B1']);
  });

  it('keep findings on trial inside', async () => {
    await database.pool.query(`UPDATE finding SET mode = 'shadow' WHERE claim_no = 'B1'`);
    expect((await build('3101', 'C')).rows).toEqual([]);
    await database.pool.query(`UPDATE finding SET mode = 'active' WHERE claim_no = 'B1'`);
  });

  it('are told back once decided, and stand in documents with what was taken', async () => {
    expect((await build('3103')).rows).toEqual([]);
    await review.confirmHard({
      consortium,
      months: ['2024-01'],
      decidedBy: 'zhang',
      reason: '核对收费清单',
    });
    const feedback = await build('3103');
    expect(feedback.faults).toEqual([]);
    expect(nested(feedback.rows[0], 'warns')[0]).toMatchObject({
      dspo_way: '2',
      dspo_way_rea: '核对收费清单',
    });
    const { rows, faults } = await build('3701', 'C');
    expect(faults).toEqual([]);
    expect(rows[0]).toMatchObject({ docId: 'C-B1', medinsName: '村卫生室', gend: '1' });
    const [suspicion] = nested(rows[0], 'docSusptDTOS');
    expect(suspicion).toMatchObject({
      checkoutSusptAmt: '128.00',
      volaDetAmt: '128.00',
      chkerName: 'zhang',
    });
  });

  it('go into the outbox once, a clinic’s under its township centre', async () => {
    const service = new WarningFeedbackService(
      database.pool,
      exported,
      new JournalService(database.pool),
    );
    const of = { consortium, month: '2024-01', profile: 'hunan', moment: 'during' } as const;
    const first = await service.push(of);
    expect(first.enqueued).toBeGreaterThan(0);
    expect(await service.push(of)).toMatchObject({ enqueued: 0, unchanged: first.enqueued });
    const { rows } = await database.pool.query(
      `SELECT DISTINCT institution FROM outbox_message WHERE transaction_code = '3103' ORDER BY institution`,
    );
    expect(rows.map(({ institution }) => institution)).not.toContain('C');
  });
});

describe('the coverage of a month', () => {
  it('says which rule had no data, and why', async () => {
    const { report } = await new CoverageService(database.pool, site).of(['2024-01']);
    expect(report.rules.find(({ ruleId }) => ruleId === 'CAT-07')?.state).toBe('partly');
    expect(report.gaps.find(({ words }) => words === '性别登记为未知')?.rules).toContain('CAT-07');
    expect(report.gaps.some(({ kind }) => kind === 'table')).toBe(true);
  });
});
