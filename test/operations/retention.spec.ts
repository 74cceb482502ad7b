import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { siteOf } from '../../src/config/site.js';
import { ensurePartitions } from '../../src/ingest/landing/landing.repository.js';
import { JournalService } from '../../src/journal/journal.service.js';
import { backUp } from '../../src/operations/backup/backup.service.js';
import {
  applyRetention,
  planRetention,
  type RetentionItem,
} from '../../src/operations/retention/retention.service.js';
import type { RetentionPolicy } from '../../src/operations/retention/retention-policy.js';
import { readSizes } from '../../src/operations/sizes.repository.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const NOTHING: RetentionPolicy = {
  canonical: null,
  findings: null,
  raw: null,
  quarantine: null,
  work: null,
};
const CURRENT = '2026-03'; // 24 months back: everything before 2024-03 may go
const ORDER = { consortium: 'county', reason: '档案处置审批 2026-1' };

let root: string;
let database: TestDatabase;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'heyi-retention-'));
  database = await createTestDatabase();
});

afterEach(async () => {
  await database.drop();
  rmSync(root, { recursive: true, force: true });
});

const query = (text: string, values: unknown[] = []) => database.pool.query(text, values);
const plan = (policy: Partial<RetentionPolicy>) =>
  planRetention(database.pool, { ...NOTHING, ...policy }, CURRENT);
const apply = (items: readonly RetentionItem[]) => applyRetention(database.pool, items, ORDER);

let backups = 0;
function backup() {
  backups += 1;
  const site = siteOf(root, { HEYI_SITE: 'site', HEYI_DATA: 'files' });
  const folder = join(root, `backup-${backups}`);
  return backUp({ pool: database.pool, site, folder, progress: () => undefined });
}

async function claim(
  day: string,
  { period = day.slice(0, 7), no = `C-${day}` } = {},
): Promise<void> {
  await query('SELECT ensure_claim_partitions($1)', [day.slice(0, 7)]);
  await query(
    `INSERT INTO claim (consortium, settled_on, institution, claim_no, settled_by, level, period, content_hash, batch_id,
       raw_row, person_id, sex, pool, care_type, treatment_area, channel, cause, settled_at, total_fee_fen, eligible_fen,
       deductible_fen, pooled_fund_paid_fen, critical_illness_paid_fen, large_expense_paid_fen, medical_aid_paid_fen,
       fund_paid_fen, account_paid_fen, cash_paid_fen)
     VALUES ('county', $1::date, 'H1', $3, 'H1', 'tertiary', $2, 'h', 1, 1, 'P1', 'male', 'resident', '11', 'local',
             'direct', 'ordinary', $1::date, 1, 1, 0, 1, 0, 0, 0, 1, 0, 0)`,
    [day, period, no],
  );
  await query(
    `INSERT INTO claim_line (consortium, settled_on, institution, claim_no, line_no, content_hash, batch_id, raw_row,
       charged_on, institution_item_code, item_name, item_kind, quantity, unit_price, line_amount_fen, line_eligible_fen)
     VALUES ('county', $1::date, 'H1', $2, '1', 'h', 1, 1, $1::date, 'X', 'x', 'drug', 1, 1, 1, 1)`,
    [day, no],
  );
}

const close = (month: string) =>
  query(`INSERT INTO settlement_period VALUES ('county', $1, now(), 1)`, [month]);
const clear = (year: string) =>
  query(
    `INSERT INTO settlement_run (consortium, kind, period, version, region, inputs_digest, policy_digest,
       knowledge_digest, result_digest, facts, policy, started_at)
     VALUES ('county', 'year', $1, 1, 'sanya', 'i', 'p', 'k', 'r', '{}', '{}', now())`,
    [year],
  );

const reasons = (items: readonly RetentionItem[]) =>
  items.map((item) => (item.action === 'drop' ? [item.month.month, item.keptBecause] : item.class));

async function claimTables(): Promise<readonly string[]> {
  const { rows } = await query(
    `SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relname ~ '^claim_.*2024' ORDER BY 1`,
  );
  return rows.map(({ relname }) => relname);
}

describe('months of claims', () => {
  it('go whole, when they are old, closed, cleared and in a backup as they are', async () => {
    for (const day of ['2024-02-29', '2024-03-01']) await claim(day);
    expect(reasons(await plan({ canonical: 24 }))).toEqual([
      ['2024-02', '其中有结算月 2024-02 的记录，该月未关账'],
    ]);
    await close('2024-02');
    expect(reasons(await plan({ canonical: 24 }))).toEqual([['2024-02', '2024 年度尚未清算']]);
    await clear('2024');
    expect(reasons(await plan({ canonical: 24 }))).toEqual([
      ['2024-02', expect.stringContaining('heyi backup')],
    ]);
    const { digest } = await backup();
    const items = await plan({ canonical: 24 });
    expect(reasons(items)).toEqual([['2024-02', null]]);

    expect(await apply(items)).toHaveLength(1);
    expect((await claimTables()).filter((name) => name.includes('2024_02'))).toEqual([]);
    expect((await query('SELECT claim_no FROM claim')).rows).toEqual([
      { claim_no: 'C-2024-03-01' },
    ]);
    expect((await query('SELECT month, manifest_digest FROM dropped_month')).rows).toEqual([
      { month: '2024-02', manifest_digest: digest },
    ]);
    const { rows } = await query(`SELECT kind, subject, content FROM journal_entry`);
    expect(rows).toMatchObject([
      {
        kind: 'operation',
        subject: 'retention:canonical',
        content: { month: '2024-02', reason: ORDER.reason, backup: digest },
      },
    ]);
    expect(await new JournalService(database.pool).verify({ consortium: 'county' })).toMatchObject({
      fault: null,
    });
    expect(await plan({ canonical: 24 })).toEqual([]);
    // Read once more, its rows would be late news of a closed month, and their money counted twice.
    await expect(ensurePartitions(database.pool, ['2024-02'])).rejects.toThrow(/已按保留期移出/);
    await ensurePartitions(database.pool, ['2024-03']);
  });

  it('stay when one row changed after the backup', async () => {
    await claim('2024-01-31');
    await close('2024-01');
    await clear('2024');
    await backup();
    const items = await plan({ canonical: 24 });
    expect(reasons(items)).toEqual([['2024-01', null]]);
    await query(`UPDATE claim_line SET item_name = 'y'`);
    expect(await apply(items)).toEqual([]);
    expect((await claimTables()).filter((name) => name.includes('2024_01'))).not.toEqual([]);
    expect((await query('SELECT 1 FROM dropped_month')).rowCount).toBe(0);
  });

  it('stay while a late row in them belongs to a month that is open', async () => {
    await claim('2024-01-31');
    await claim('2024-01-30', { period: '2026-02' });
    await close('2024-01');
    await clear('2024');
    await backup();
    expect(reasons(await plan({ canonical: 24 }))).toEqual([
      ['2024-01', expect.stringContaining('2026-02')],
    ]);
  });
});

describe('rows', () => {
  it('of raw batches go when the window is old and closed, and nobody waits for them', async () => {
    for (const [from, to] of [
      ['2024-01-01', '2024-02-01'],
      ['2024-02-01', '2024-03-01'],
      ['2024-03-01', '2024-04-01'],
    ]) {
      await query(
        `WITH b AS (INSERT INTO batch (consortium, institution, stream, window_from, window_to, state, started_at, finished_at)
                    VALUES ('county', 'H1', 'claims', $1::date, $2::date, 'empty', $2::date, $2::date - 1) RETURNING batch_id)
         , r AS (INSERT INTO raw_blob SELECT 'd' || batch_id, 1, '\\x00' FROM b)
         SELECT 1`,
        [from, to],
      );
    }
    await query(
      `INSERT INTO batch_slice SELECT batch_id, 0, 0, 1, 'd' || batch_id, 'x' FROM batch`,
    );
    await query(`INSERT INTO quarantine (consortium, institution, stream, row_hash, batch_id, raw_row, stage, rule, message,
                   remedy, amount_fen, first_seen_at) VALUES ('county', 'H1', 'claims', 'h', 2, 1, 's', 'r', 'm', 'm', 0, '2024-02-01')`);
    for (const month of ['2024-01', '2024-02', '2024-03']) await close(month);
    const items = await plan({ raw: 24 });
    expect(items).toMatchObject([{ class: 'raw', rows: '1', before: '2024-03' }]);
    await apply(items);
    expect((await query('SELECT digest FROM raw_blob ORDER BY 1')).rows).toEqual([
      { digest: 'd2' },
      { digest: 'd3' },
    ]);
    expect((await query('SELECT 1 FROM batch')).rowCount).toBe(3);
  });

  it('of findings go unless money was taken for them', async () => {
    await query(`INSERT INTO audit_run (consortium, months, through_batch, rules_digest, knowledge_release, result_digest,
                   claims, lines, findings, amount_fen) VALUES ('county', '{2024-01}', 0, 'r', 'k', 'd', 0, 0, 0, 0)`);
    await query(`INSERT INTO finding (consortium, month, finding_id, run_id, rule_id, rule_version, class, mode, role, certainty,
                   deduction_basis, money, institution, claim_no, person_id, amount_fen, message, content)
                 SELECT 'county', month, id, 1, 'R', '1', 'HARD', 'active', 'primary', 'core', 'b', 'exact', 'H1', 'C', 'P', 1, 'm', '{}'
                   FROM (VALUES ('2024-01', 'f1'), ('2024-01', 'f2'), ('2024-05', 'f3')) AS f(month, id)`);
    await query(`INSERT INTO deduction (consortium, deduction_id, finding_id, rule_id, rule_title, institution, settled_by, pool, month,
                   amount_fen, pooled_fund_fen, critical_illness_fen, large_expense_fen, medical_aid_fen, confirmed_at, confirmed_by, reason)
                 VALUES ('county', 'f2-0', 'f2', 'R', 't', 'H1', 'H1', 'resident', '2024-01', 1, 1, 0, 0, 0, now(), 'x', 'y')`);
    for (const month of ['2024-01', '2024-05']) await close(month);
    await apply(await plan({ findings: 24 }));
    expect((await query('SELECT finding_id FROM finding ORDER BY 1')).rows).toEqual([
      { finding_id: 'f2' },
      { finding_id: 'f3' },
    ]);
  });

  it('of ended runs go, of others stay', async () => {
    await query(`INSERT INTO work_run (consortium, kind, subject, round, demanded_at)
                 SELECT 'county', 'night', '2024-01-0' || n, 1, '2024-01-01' FROM generate_series(1, 3) AS n`);
    await query(`INSERT INTO work_item (run_id, consortium, kind, business_key, queue, stage, payload, most_attempts, round, state, finished_at)
                 SELECT id, 'county', 'pull', subject, 'ingest', 0, '{}', 5, 1,
                        CASE id WHEN 1 THEN 'done' WHEN 2 THEN 'failed' ELSE 'done' END,
                        CASE id WHEN 3 THEN now() ELSE '2024-01-02' END FROM work_run`);
    await apply(await plan({ work: 24 }));
    expect((await query('SELECT subject FROM work_run ORDER BY 1')).rows).toEqual([
      { subject: '2024-01-02' },
      { subject: '2024-01-03' },
    ]);
  });

  it('stay for ever where the policy says so', async () => {
    await claim('2020-01-01');
    expect(await plan({})).toEqual([]);
  });
});

it('sizes are told by table and month', async () => {
  await claim('2024-02-29');
  const sizes = await readSizes(database.pool);
  expect(sizes).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ table: 'claim', month: '2024-02' }),
      expect.objectContaining({ table: 'claim_line', month: '2024-02' }),
      expect.objectContaining({ table: 'journal_entry', month: null }),
      expect.objectContaining({ table: 'bullmq.job', month: null }),
    ]),
  );
});
