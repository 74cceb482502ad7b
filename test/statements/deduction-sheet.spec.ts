import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Site } from '../../src/config/site.js';
import { JournalService } from '../../src/journal/journal.service.js';
import { DeductionSheetService } from '../../src/statements/deduction-sheet.service.js';
import { UnknownPartyError } from '../../src/statements/errors.js';
import { workbookRows } from '../../src/tables/workbook.client.js';
import { CONSORTIUM, landClaims, makeSite } from '../settlement/site.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

/** Deduction sheets of findings and deductions in the books. */

let database: TestDatabase;
let site: Site;
let sheets: DeductionSheetService;

beforeAll(async () => {
  database = await createTestDatabase();
  site = makeSite();
  sheets = new DeductionSheetService(database.pool, site, new JournalService(database.pool));
  await landClaims(database.pool, [
    { claimNo: 't1', on: '2024-01-05', institution: 'T', pooled: 100_000 },
    { claimNo: 'c1', on: '2024-01-06', institution: 'C', pooled: 20_000 },
    { claimNo: 'l1', on: '2024-01-07', pool: 'employee', pooled: 30_000 },
    { claimNo: 'l2', on: '2024-01-08', pooled: 30_000 },
  ]);
  await land({ id: 'f1', claim: 't1', institution: 'T', settledBy: 'T', amount: 3000 });
  await land({ id: 'f2', claim: 'c1', institution: 'C', settledBy: 'T', amount: 500 });
  await land({ id: 'f3', claim: 'l1', institution: 'L', settledBy: 'L', pool: 'employee' });
  await land({ id: 'f4', claim: 'l2', institution: 'L', settledBy: 'L' });
  await deduct({ id: 'f1', institution: 'T', settledBy: 'T', amount: 2500 });
  await deduct({ id: 'f2', institution: 'C', settledBy: 'T', amount: 500 });
  await database.pool.query(
    `INSERT INTO review_decision VALUES ($1, 'f4', 'dismissed', 'li', '附件说明清楚', '2024-02-01T01:00:00Z')`,
    [CONSORTIUM],
  );
});

afterAll(async () => {
  rmSync(site.siteDir, { recursive: true, force: true });
  await database.drop();
});

interface Landed {
  readonly id: string;
  readonly claim: string;
  readonly institution: string;
  readonly settledBy: string;
  readonly pool?: 'employee' | 'resident';
  readonly amount?: number;
}

let run = '';

async function land(finding: Landed): Promise<void> {
  const { id, claim, institution, settledBy, pool = 'resident', amount = 1000 } = finding;
  if (run === '') {
    const { rows } = await database.pool.query<{ run_id: string }>(
      `INSERT INTO audit_run (consortium, months, persons, through_batch, rules_digest, knowledge_release, result_digest, claims, lines,
         findings, amount_fen) VALUES ($1, '{2024-01}', null, 1, 'x', 'x', 'x', 4, 4, 4, 0) RETURNING run_id`,
      [CONSORTIUM],
    );
    run = rows[0]?.run_id ?? '';
  }
  const content = {
    title: '超日频次',
    claims: [{ performedAt: institution, settledBy, claimNo: claim, role: 'violating' }],
    lines: [{ performedAt: institution, claimNo: claim, role: 'violating', itemName: '血常规' }],
  };
  const key = [CONSORTIUM, '2024-01', id];
  await database.pool.query(
    `INSERT INTO finding (consortium, month, finding_id, run_id, rule_id, rule_version, class, mode, role, certainty, deduction_basis,
       money, institution, claim_no, person_id, amount_fen, message, content)
     VALUES ($1, '2024-01', $2, $3, 'QTY-01', '1.0', 'HARD', 'active', 'primary', 'core', 'QTY_EXCESS', 'exact', $4, $5, 'p', $6, '超出 1 次', $7)`,
    [CONSORTIUM, id, run, institution, claim, amount, JSON.stringify(content)],
  );
  await database.pool.query(
    'INSERT INTO finding_share VALUES ($1, $2, $3, $4, $5, $6, $7, $7, 0, 0, 0)',
    [...key, institution, settledBy, pool, amount],
  );
  await database.pool.query(
    `INSERT INTO finding_claim SELECT $1, $2, $3, institution, claim_no, settled_on, 'violating' FROM claim
     WHERE consortium = $1 AND claim_no = $4`,
    [...key, claim],
  );
}

async function deduct(taken: Omit<Landed, 'claim'>): Promise<void> {
  const { id, institution, settledBy, amount = 0 } = taken;
  await database.pool.query(
    `INSERT INTO deduction (consortium, deduction_id, finding_id, rule_id, rule_title, institution, settled_by, pool, month, amount_fen,
       pooled_fund_fen, critical_illness_fen, large_expense_fen, medical_aid_fen, confirmed_at, confirmed_by, reason)
     VALUES ($1, $2 || '.1', $2, 'QTY-01', '超日频次', $3, $4, 'resident', '2024-01', $5, $5, 0, 0, 0, '2024-02-01T16:30:00Z', 'zhang', '核对收费清单')`,
    [CONSORTIUM, id, institution, settledBy, amount],
  );
}

describe('a deduction sheet from the books', () => {
  it('gives a township centre its own rows and its clinics’, nobody else’s', async () => {
    const { rows, byPool } = await sheets.build({ month: '2024-01', for: 'T' });
    expect(rows.map((row) => [row.institution, row.claimNo, row.suspected, row.deducted])).toEqual([
      ['C', 'c1', '5.00', '5.00'],
      ['T', 't1', '30.00', '25.00'],
    ]);
    expect(rows[0]).toMatchObject({ patient: '4602**********1234', sex: '女', item: '血常规' });
    expect(rows[0]).toMatchObject({
      decidedAt: '2024-02-02 00:30',
      finalOpinion: '核对收费清单（zhang）',
    });
    expect(byPool.at(-1)).toMatchObject({ net: 3000n, capitals: '叁拾元整' });
  });

  it('gives a clinic what took place there', async () => {
    const { rows } = await sheets.build({ month: '2024-01', for: 'C' });
    expect(rows.map(({ claimNo }) => claimNo)).toEqual(['c1']);
  });

  it('keeps what was decided against, at nothing, and counts what is open', async () => {
    const { rows, heading } = await sheets.build({ month: '2024-01', for: 'L' });
    expect(rows.map((row) => [row.claimNo, row.conclusion, row.deducted])).toEqual([
      ['l2', '不扣款', '0.00'],
    ]);
    expect(heading.at(-1)?.[1]).toContain('另有 1 条');
  });

  it('sums every member for the lead, by insurance type and unit', async () => {
    const { byUnit, byPool, rows } = await sheets.build({ month: '2024-01', for: 'lead' });
    expect(rows).toHaveLength(3);
    expect(byUnit.map(({ label, net }) => [label, net])).toEqual([
      ['县医院（L）', 0n],
      ['镇卫生院（T）', 3000n],
    ]);
    expect(byPool.map(({ net }) => net)).toEqual([0n, 3000n, 3000n]);
  });

  it('gives back in the month in which the claim was taken back', async () => {
    await database.pool.query(
      `INSERT INTO claim SELECT (jsonb_populate_record(c, $2)).* FROM claim c WHERE consortium = $1 AND claim_no = 't1'`,
      [CONSORTIUM, JSON.stringify({ claim_no: 't1-r', reverses: 't1', period: '2024-03' })],
    );
    const january = await sheets.build({ month: '2024-01', for: 'T' });
    expect(january.byPool.at(-1)?.net).toBe(3000n);
    const march = await sheets.build({ month: '2024-03', for: 'T' });
    expect(march.rows.map((row) => [row.claimNo, row.conclusion, row.deducted])).toEqual([
      ['t1', '冲回', '-25.00'],
    ]);
    expect(march.rows[0]?.remark).toBe('结算已冲销，退回 2024-01 的扣款');
    expect(march.byPool.at(-1)).toMatchObject({ net: -2500n, capitals: '负贰拾伍元整' });
    expect((await sheets.build({ month: '2024-02', for: 'T' })).rows).toEqual([]);
  });

  it('says what each stage of the review said, and gives back what review took back', async () => {
    const key = [CONSORTIUM, 'f2'];
    await database.pool.query(
      `INSERT INTO review_case (consortium, finding_id, month, rule_id, class, money, institution, claim_no, institutions, parties, state,
         route, flagged_fen, entered_on) VALUES ($1, $2, '2024-01', 'QTY-01', 'HARD', 'exact', 'C', 'c1', '{C}', '{T}', 'REVERSED', 'process', 500, now())`,
      key,
    );
    await database.pool.query(
      `INSERT INTO review_line VALUES ($1, $2, 'C', 'c1', '1', 500, 400, 300, 200)`,
      key,
    );
    for (const [role, from, to, opinion] of [
      ['reviewer', 'DETECTED', 'FIRST_REVIEW', '拟扣'],
      ['member', 'FEEDBACK', 'APPEALED', '有医嘱'],
      ['reviewer', 'APPEALED', 'SECOND_REVIEW', '维持'],
      ['panel', 'PANEL', 'FINAL', '扣一半'],
      ['member', 'SECOND_FEEDBACK', 'CONFIRMED', '接受'],
    ])
      await database.pool.query(
        `INSERT INTO review_step (consortium, finding_id, action, from_state, to_state, actor, role, reason_code, opinion)
         VALUES ($1, $2, 'x', $3, $4, 'zhang', $5, 'r', $6)`,
        [...key, from, to, role, opinion],
      );
    await database.pool.query(
      `INSERT INTO deduction_reversal (consortium, deduction_id, month, amount_fen, reversed_by, reason) VALUES ($1, 'f2.1', '2024-05', 500, 'li', '复议撤销')`,
      [CONSORTIUM],
    );
    const [row] = (await sheets.build({ month: '2024-01', for: 'C' })).rows;
    expect(row).toMatchObject({
      ...{
        firstOpinion: '拟扣（zhang）',
        appealOpinion: '有医嘱（zhang）',
        secondOpinion: '维持（zhang）',
      },
      ...{
        finalOpinion: '扣一半（zhang）',
        secondFeedback: '接受',
        proposed: '4.00',
        appealed: '3.00',
      },
    });
    const { rows } = await sheets.build({ month: '2024-05', for: 'C' });
    expect(rows.map((each) => [each.conclusion, each.deducted, each.remark])).toEqual([
      ['冲回', '-5.00', '审定撤销，退回 2024-01 的扣款'],
    ]);
  });

  it('is printed as PDF with its fonts, and as xlsx', async () => {
    const pdf = await sheets.print({ month: '2024-01', for: 'T' }, 'pdf');
    expect(Buffer.from(pdf.bytes).toString('latin1')).toContain('NotoSansSC');
    expect(pdf.name).toBe('智能审核扣款表_2024-01_镇卫生院.pdf');
    const xlsx = await sheets.print({ month: '2024-01', for: 'T' }, 'xlsx');
    const cells = (await workbookRows(xlsx.bytes)).flatMap((row) => row.cells);
    expect(cells).toContainEqual({ kind: 'number', text: '30' });
    expect(cells).toContainEqual({ kind: 'text', text: '人民币叁拾元整' });
    expect(cells.map(({ text }) => text)).toContain(`SHA-256 ${pdf.sheet.digest}`);
  });

  it('refuses who is nobody', async () => {
    await expect(sheets.build({ month: '2024-01', for: 'X' })).rejects.toThrow(UnknownPartyError);
  });
});
