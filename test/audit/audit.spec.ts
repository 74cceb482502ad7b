import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuditService } from '../../src/audit/audit.service.js';
import { auditClaims } from '../../src/audit/audit-claims.js';
import { compileAudit } from '../../src/audit/compile.js';
import { factsOf } from '../../src/audit/facts.js';
import { claimsOfCase, ruleCaseSchema } from '../../src/audit/rule-case.js';
import { loadAuditBook } from '../../src/audit/rules.loader.js';
import type { Claim } from '../../src/claims/claim.js';
import { siteOf } from '../../src/config/site.js';
import { JournalService } from '../../src/journal/journal.service.js';
import { loadKnowledgeBase } from '../../src/knowledge/knowledge.loader.js';
import { AlreadyDecidedError } from '../../src/review/errors.js';
import { ReviewService } from '../../src/review/review.service.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { storeClaims } from './store-claims.js';

const consortium = 'audit-county';
const site = siteOf(join(import.meta.dirname, '../..'), { HEYI_SITE: 'config/nowhere' });

const course = { item: 'XB01AXA223B004010180963', price: '50.00' };
const women = { item: '002101030300000', price: '128.00' };
const mens = { item: '002101030280000', price: '35.00' };

function person(personId: string, input: object): Claim[] {
  const each = ruleCaseSchema.parse({ name: personId, finds: 'nothing', ...input });
  return claimsOfCase(each).map((claim) => ({ ...claim, personId }));
}

const claims: readonly Claim[] = [
  ...person('P1', {
    claims: [
      {
        no: 'A1',
        diagnoses: ['I63.900'],
        lines: [{ ...course, on: '2024-01-12', until: '2024-01-27' }],
      },
      {
        no: 'A2',
        diagnoses: ['I63.900'],
        lines: [{ ...course, on: '2024-02-01', until: '2024-02-03' }],
      },
    ],
  }),
  ...person('P2', {
    sex: 'male',
    claims: [
      {
        no: 'B1',
        at: 'V1',
        settledBy: 'T1',
        level: 'village',
        lines: [{ ...women, on: '2024-01-05' }],
      },
      { no: 'B2', at: 'H2', pool: 'employee', lines: [{ ...women, on: '2024-02-06' }] },
    ],
  }),
  ...person('P3', {
    claims: [
      { no: 'C1', admitted: '2024-01-02', discharged: '2024-01-20' },
      {
        no: 'C2',
        admitted: '2024-01-25',
        discharged: '2024-02-03',
        lines: [{ ...mens, on: '2024-01-26T08:30:00' }],
      },
    ],
  }),
];

describe('the audit of the books', () => {
  let database: TestDatabase;
  let audit: AuditService;
  let review: ReviewService;
  const journal = () => new JournalService(database.pool);

  beforeAll(async () => {
    database = await createTestDatabase();
    await storeClaims(database.pool, consortium, claims);
    audit = new AuditService(database.pool, site, journal());
    review = new ReviewService(database.pool, audit, journal());
  });
  afterAll(() => database.drop());

  const count = async (table: string): Promise<string> => {
    const { rows } = await database.pool.query(`SELECT count(*) AS n FROM ${table}`);
    return rows[0].n;
  };

  it('gives the digest that the same claims give without a database', async () => {
    const knowledge = loadKnowledgeBase();
    const compiled = compileAudit(loadAuditBook(site, knowledge), knowledge);
    const expected = auditClaims(compiled, claims.map(factsOf));
    const run = await audit.run({ consortium, months: ['2024-01', '2024-02'] });
    expect(run.resultDigest).toBe(expected.digest);
    expect(run.byRule).toEqual({ 'CAT-07': 3, 'CAT-11': 2, 'INP-01': 1 });
    expect(run).toMatchObject({ claims: 6, lines: 22, findings: 6, primary: 6 });
  });

  it('changes nothing when it is repeated, month by month too', async () => {
    const before = await database.pool.query(
      'SELECT finding_id, month, amount_fen FROM finding ORDER BY 1, 2',
    );
    await audit.run({ consortium, months: ['2024-01'] });
    await audit.run({ consortium, months: ['2024-02'] });
    const after = await database.pool.query(
      'SELECT finding_id, month, amount_fen FROM finding ORDER BY 1, 2',
    );
    expect(after.rows).toEqual(before.rows);
    expect(await count('audit_coverage')).not.toBe('0');
  });

  it('confirms hard findings once, posts a clinic to its township centre', async () => {
    const request = {
      consortium,
      months: ['2024-01', '2024-02'],
      decidedBy: 'officer-1',
      reason: '批量确认',
    };
    const dry = await review.confirmHard({ ...request, dryRun: true });
    expect(dry).toEqual({ confirmed: 5, alreadyConfirmed: 0, amountFen: 54_100n });
    expect(await count('deduction')).toBe('0');
    expect(await review.confirmHard(request)).toEqual(dry);
    expect(await review.confirmHard(request)).toEqual({
      confirmed: 0,
      alreadyConfirmed: 5,
      amountFen: 0n,
    });
    const { rows } = await database.pool.query(
      'SELECT institution, settled_by, pool, month, amount_fen, rule_id FROM deduction ORDER BY institution, month, rule_id',
    );
    expect(rows).toEqual([
      {
        institution: 'H1',
        settled_by: 'H1',
        pool: 'resident',
        month: '2024-01',
        amount_fen: '10000',
        rule_id: 'CAT-11',
      },
      {
        institution: 'H1',
        settled_by: 'H1',
        pool: 'resident',
        month: '2024-02',
        amount_fen: '3500',
        rule_id: 'CAT-07',
      },
      {
        institution: 'H1',
        settled_by: 'H1',
        pool: 'resident',
        month: '2024-02',
        amount_fen: '15000',
        rule_id: 'CAT-11',
      },
      {
        institution: 'H2',
        settled_by: 'H2',
        pool: 'employee',
        month: '2024-02',
        amount_fen: '12800',
        rule_id: 'CAT-07',
      },
      {
        institution: 'V1',
        settled_by: 'T1',
        pool: 'resident',
        month: '2024-01',
        amount_fen: '12800',
        rule_id: 'CAT-07',
      },
    ]);
    expect((await journal().verify({ consortium })).fault).toBeNull();
  });

  it('keeps a dismissed finding on record without money; a confirmed one cannot be dismissed', async () => {
    const open = await review.list({ consortium, months: null, class: 'SUSP', state: 'open' });
    expect(open).toHaveLength(1);
    const decision = {
      consortium,
      findingId: open[0]?.findingId ?? '',
      decidedBy: 'officer-2',
      reason: '计划内再入院',
    };
    expect(await review.dismiss(decision)).toEqual(['2024-02']);
    const [dismissed] = await review.list({
      consortium,
      months: null,
      class: null,
      state: 'dismissed',
    });
    expect(dismissed).toMatchObject({
      findingId: decision.findingId,
      amountFen: '0',
      state: 'dismissed',
    });
    const [confirmed] = await review.list({
      consortium,
      months: null,
      class: 'HARD',
      state: 'confirmed',
    });
    await expect(
      review.dismiss({ ...decision, findingId: confirmed?.findingId ?? '' }),
    ).rejects.toThrow(AlreadyDecidedError);
  });

  it('posts what is confirmed after the month was closed to the next open one', async () => {
    const late = person('P9', {
      sex: 'male',
      claims: [{ no: 'L1', lines: [{ ...women, on: '2024-03-05' }] }],
    });
    await storeClaims(database.pool, consortium, late);
    await audit.run({ consortium, months: ['2024-03'] });
    await database.pool.query(
      "INSERT INTO settlement_period VALUES ($1, '2024-03', now(), 1), ($1, '2024-04', now(), 2)",
      [consortium],
    );
    await review.confirmHard({
      consortium,
      months: ['2024-03'],
      decidedBy: 'officer-1',
      reason: '补确认',
    });
    const { rows } = await database.pool.query(
      "SELECT month FROM deduction WHERE month > '2024-02'",
    );
    expect(rows).toEqual([{ month: '2024-05' }]);
  });
});
