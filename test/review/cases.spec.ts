import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuditService } from '../../src/audit/audit.service.js';
import { claimsOfCase, ruleCaseSchema } from '../../src/audit/rule-case.js';
import type { Site } from '../../src/config/site.js';
import { JournalService } from '../../src/journal/journal.service.js';
import { yuan } from '../../src/kernel/money.js';
import { CasesService } from '../../src/review/cases.service.js';
import {
  AttachmentError,
  FourEyesError,
  NotOpenError,
  NotPartyError,
} from '../../src/review/errors.js';
import { ReviewService } from '../../src/review/review.service.js';
import { BookReader } from '../../src/settlement/books.service.js';
import { readDeductions } from '../../src/settlement/deductions.repository.js';
import { SettlementService } from '../../src/settlement/settlement.service.js';
import { storeClaims } from '../audit/store-claims.js';
import { CONSORTIUM, landClaims, makeSite } from '../settlement/site.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { GANYU } from './ganyu-site.js';

/** A finding walks from detection to a deduction in a settled month, and back by reversal. */

const consortium = CONSORTIUM;
const womens = { item: '002101030300000', price: '128.00' };
const PDF = { name: '病历.pdf', content: Buffer.from('%PDF-1.7 sample') };

let database: TestDatabase;
let site: Site;
let today = '2025-04-01';
let audit: AuditService;
let cases: CasesService;
let review: ReviewService;
let settlement: SettlementService;

/** A man with an item for women: a clear violation of 128.00 at the township centre. */
function violation(no: string, month: string) {
  const each = ruleCaseSchema.parse({
    ...{ name: no, finds: 'nothing', sex: 'male' },
    claims: [
      { no, at: 'T', settledBy: 'T', level: 'primary', lines: [{ ...womens, on: `${month}-05` }] },
    ],
  });
  return claimsOfCase(each).map((claim) => ({ ...claim, personId: `person-${no}` }));
}

beforeAll(async () => {
  database = await createTestDatabase();
  const { pool } = database;
  site = makeSite(['overlays/sample.yaml'], GANYU);
  const journal = new JournalService(pool);
  audit = new AuditService(pool, site, journal);
  const clock = { now: () => new Date(`${today}T04:00:00Z`) };
  cases = new CasesService(pool, site, audit, journal, clock);
  review = new ReviewService(pool, audit, journal, site);
  settlement = new SettlementService(pool, site, new BookReader(pool, site), journal);
  await landClaims(pool, [
    { claimNo: 'm3', on: '2025-03-05', institution: 'T', pooled: 200_000 },
    { claimNo: 'm4', on: '2025-04-05', institution: 'T', pooled: 200_000 },
    { claimNo: 'm5', on: '2025-05-05', institution: 'T', pooled: 200_000 },
    { claimNo: 'm6', on: '2025-06-05', institution: 'T', pooled: 200_000 },
  ]);
  for (const no of ['W1', 'W2', 'W3', 'W4'])
    await storeClaims(pool, consortium, violation(no, '2025-03'));
  await audit.run({ consortium, months: ['2025-03'] });
});

afterAll(async () => {
  rmSync(site.siteDir, { recursive: true, force: true });
  await database.drop();
});

async function idOf(claimNo: string): Promise<string> {
  const all = await cases.list({ consortium });
  return all.find((each) => each.claimNo === claimNo)?.findingId ?? '';
}

async function deductions(findingId: string) {
  const { rows } = await database.pool.query(
    `SELECT settled_by, month, amount_fen, pooled_fund_fen, posted_monthly_fen + posted_annual_fen AS posted FROM deduction
     WHERE consortium = $1 AND finding_id = $2`,
    [consortium, findingId],
  );
  return rows;
}

const settle = async (month: string, close: boolean) => {
  const { result } = await settlement.settleMonth({ consortium, month, close });
  return result.figures.find(({ id }) => id.endsWith('.resident.settlement'))?.amount;
};

describe('a finding under due process', () => {
  const by = (name: string, reasonCode = 'CLEAR') => ({ consortium, by: name, reasonCode });

  it('gets a case once; a dry run keeps nothing', async () => {
    const months = { consortium, months: ['2025-03'] };
    expect(await cases.open({ ...months, dryRun: true })).toEqual({ opened: 4, withdrawn: 0 });
    expect(await cases.list({ consortium })).toEqual([]);
    expect(await cases.open(months)).toEqual({ opened: 4, withdrawn: 0 });
    expect(await cases.open(months)).toEqual({ opened: 0, withdrawn: 0 });
    const [first] = await cases.list({ consortium });
    // Three working days after Tuesday 2025-04-01, over the Qingming holiday of the 4th.
    expect(first).toMatchObject({ state: 'DETECTED', flaggedFen: '12800', dueOn: '2025-04-07' });
    expect(first?.parties).toEqual(['T']);
  });

  it('is upheld in bulk with one step each, and sent to the member', async () => {
    const bulk = { ...by('anna'), months: ['2025-03'] };
    expect(await cases.firstReviewHard({ ...bulk, dryRun: true })).toMatchObject({ cases: 4 });
    expect(await cases.firstReviewHard(bulk)).toEqual({ cases: 4, amountFen: 51_200n });
    expect(await cases.giveFeedbackAll({ ...bulk, reasonCode: 'NOTICE' })).toMatchObject({
      cases: 4,
    });
    const { rows } = await database.pool.query(
      `SELECT action, count(*) AS n FROM review_step WHERE action <> 'open' GROUP BY 1 ORDER BY 1`,
    );
    expect(rows).toEqual([
      { action: 'feedback', n: '4' },
      { action: 'first-review', n: '4' },
    ]);
  });

  it('goes by appeal and another reviewer to a smaller deduction', async () => {
    const findingId = await idOf('W1');
    const act = (name: string, code?: string) => ({ ...by(name, code), findingId });
    const appeal = { ...act('tina', 'APPEAL'), institution: 'T', attachments: [PDF] };
    await expect(cases.appeal({ ...appeal, institution: 'L' })).rejects.toThrow(NotPartyError);
    const script = [{ name: 'a.pdf', content: Buffer.from('#!/bin/sh') }];
    await expect(cases.appeal({ ...appeal, attachments: script })).rejects.toThrow(AttachmentError);
    expect(await cases.appeal(appeal)).toMatchObject({ from: 'FEEDBACK', to: 'APPEALED' });

    const partly = { outcome: 'partial', amountFen: yuan('100.00') } as const;
    await expect(cases.secondReview({ ...act('anna', 'PARTLY'), ...partly })).rejects.toThrow(
      FourEyesError,
    );
    await cases.secondReview({ ...act('bert', 'PARTLY'), ...partly });
    await expect(cases.acknowledge({ ...act('tina', 'ACCEPT'), institution: 'T' })).rejects.toThrow(
      NotOpenError,
    );
    await cases.final({ ...act('bert'), outcome: 'uphold' });
    const done = await cases.acknowledge({ ...act('tina', 'ACCEPT'), institution: 'T' });
    expect(done).toMatchObject({ to: 'CONFIRMED', amountFen: 10_000n });

    expect(await deductions(findingId)).toEqual([
      {
        settled_by: 'T',
        month: '2025-03',
        amount_fen: '10000',
        pooled_fund_fen: '10000',
        posted: '0',
      },
    ]);
    const detail = await cases.detail({ consortium, findingId });
    expect(detail?.lines).toMatchObject([
      { flaggedFen: '12800', proposedFen: '10000', appealedFen: '12800', confirmedFen: '10000' },
    ]);
    const [file] = detail?.steps.find(({ action }) => action === 'appeal')?.attachments ?? [];
    const kept = await cases.attachment({ consortium, findingId, digest: file?.digest ?? '' });
    expect(kept?.content.equals(PDF.content)).toBe(true);
  });

  it('is subtracted once by the month that closes; the year finds nothing left', async () => {
    const findingId = await idOf('W1');
    const without = yuan('2512.00') - yuan('100.00');
    expect(yuan((await settle('2025-03', false)) ?? '')).toBe(without);
    expect(yuan((await settle('2025-03', true)) ?? '')).toBe(without);
    expect(await deductions(findingId)).toMatchObject([{ posted: '10000' }]);
    const year = { consortium, kind: 'year', period: '2025' } as const;
    const left = await database.pool.connect();
    try {
      expect(await readDeductions(left, year, null)).toEqual([]);
    } finally {
      left.release();
    }
    expect(await cases.sweep({ consortium })).toMatchObject({ posted: 1 });
    expect(await cases.detail({ consortium, findingId })).toMatchObject({
      state: 'POSTED',
      deductedFen: '10000',
    });
  });

  it('comes back once, in the next open month', async () => {
    const findingId = await idOf('W1');
    await cases.reverse({ ...by('carl', 'ERROR'), findingId });
    await expect(cases.reverse({ ...by('carl', 'ERROR'), findingId })).rejects.toThrow(
      NotOpenError,
    );
    const { rows } = await database.pool.query('SELECT month, amount_fen FROM deduction_reversal');
    expect(rows).toEqual([{ month: '2025-04', amount_fen: '10000' }]);
    expect(await settle('2025-04', true)).toBe('2100.00');
    expect(await settle('2025-05', true)).toBe('2000.00');
    expect(await deductions(findingId)).toMatchObject([{ posted: '0' }]);
    expect(await cases.detail({ consortium, findingId })).toMatchObject({
      ...{ state: 'REVERSED', compensatedFen: '10000', deductedFen: '0' },
    });
  });

  it('takes silence for consent, step by step, and escalates silent reviewers', async () => {
    const swept = { escalated: 0, posted: 0, withdrawn: 0 };
    // Feedback was due five working days after 2025-04-01: 2025-04-09.
    expect(await cases.sweep({ consortium, on: '2025-04-09' })).toEqual({
      ...swept,
      lapsed: 0,
      confirmed: 0,
    });
    today = '2025-04-10';
    expect(await cases.sweep({ consortium, on: today })).toEqual({
      ...swept,
      lapsed: 3,
      confirmed: 0,
    });
    const findingId = await idOf('W2');
    await cases.final({ ...by('anna'), findingId, outcome: 'uphold' });
    today = '2025-04-30';
    expect(await cases.sweep({ consortium, on: today })).toEqual({
      ...{ lapsed: 1, confirmed: 1, escalated: 2, posted: 0, withdrawn: 0 },
    });
    expect(await cases.sweep({ consortium, on: today })).toMatchObject({ escalated: 0, lapsed: 0 });
    // The finding's month and the two after it are closed.
    expect(await deductions(findingId)).toMatchObject([{ month: '2025-06', amount_fen: '12800' }]);
    expect(await settle('2025-06', true)).toBe('1872.00');
  });

  it('ends without money when the last word is against it', async () => {
    const findingId = await idOf('W3');
    await cases.final({ ...by('bert', 'MEDICAL'), findingId, outcome: 'dismiss' });
    expect(await cases.detail({ consortium, findingId })).toMatchObject({ state: 'DISMISSED' });
    const [listed] = await review.list({
      consortium,
      months: null,
      class: null,
      state: 'dismissed',
    });
    expect(listed).toMatchObject({ findingId, amountFen: '0' });
    expect(await deductions(findingId)).toEqual([]);
  });

  it('is not decided at once while it is under way; the list of inspection holds what was handed over', async () => {
    const findingId = await idOf('W4');
    const decision = { consortium, findingId, decidedBy: 'bert', reason: '直接确认' };
    await expect(review.confirm(decision)).rejects.toThrow(NotOpenError);
    expect(await review.confirmHard({ ...decision, months: ['2025-03'] })).toMatchObject({
      confirmed: 0,
    });
    await cases.final({ ...by('bert', 'SERIOUS'), findingId, outcome: 'inspection' });
    expect(await cases.inspectionList({ consortium })).toMatchObject([{ findingId }]);
  });

  it('samples claims without findings, the same for the same seed', async () => {
    const of = { consortium, months: ['2025-03', '2025-04', '2025-05'], size: 2 };
    const sample = await cases.sample({ ...of, seed: 'a' });
    expect(sample).toHaveLength(2);
    expect(await cases.sample({ ...of, seed: 'a' })).toEqual(sample);
    expect(sample.every(({ claimNo }) => claimNo.startsWith('m'))).toBe(true);
  });

  it('leaves every action in the journal, and its steps unchangeable', async () => {
    const journal = new JournalService(database.pool);
    expect((await journal.verify({ consortium })).fault).toBeNull();
    await expect(database.pool.query('DELETE FROM review_step')).rejects.toThrow(/append-only/);
  });
});
