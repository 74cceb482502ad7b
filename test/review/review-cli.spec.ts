import { execFile } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuditService } from '../../src/audit/audit.service.js';
import { claimsOfCase, ruleCaseSchema } from '../../src/audit/rule-case.js';
import type { Site } from '../../src/config/site.js';
import { JournalService } from '../../src/journal/journal.service.js';
import { storeClaims } from '../audit/store-claims.js';
import { CONSORTIUM, landClaims, makeSite } from '../settlement/site.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { GANYU } from './ganyu-site.js';

/** The same walk on the command line, process by process. */

const consortium = CONSORTIUM;
const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);
let database: TestDatabase;
let site: Site;

async function heyi(...words: string[]): Promise<string> {
  const { stdout } = await run(
    process.execPath,
    [join(root, 'bin/heyi.mjs'), '--site', site.siteDir, ...words],
    { env: { ...process.env, DATABASE_URL: database.url, NODE_OPTIONS: '' } },
  );
  return stdout;
}

beforeAll(async () => {
  database = await createTestDatabase();
  const { pool } = database;
  site = makeSite(['overlays/sample.yaml'], GANYU);
  await landClaims(pool, [
    { claimNo: 'm3', on: '2025-03-05', institution: 'T', pooled: 200_000 },
    { claimNo: 'm4', on: '2025-04-05', institution: 'T', pooled: 200_000 },
  ]);
  const each = ruleCaseSchema.parse({
    ...{ name: 'a man with an item for women', finds: 'nothing', sex: 'male' },
    claims: [
      {
        ...{ no: 'W1', at: 'T', settledBy: 'T', level: 'primary' },
        lines: [{ item: '002101030300000', price: '128.00', on: '2025-03-05' }],
      },
    ],
  });
  await storeClaims(pool, consortium, claimsOfCase(each));
  await new AuditService(pool, site, new JournalService(pool)).run({
    ...{ consortium, months: ['2025-03'] },
  });
});

afterAll(async () => {
  rmSync(site.siteDir, { recursive: true, force: true });
  await database.drop();
});

describe('heyi review', () => {
  it('walks from detection to a posted deduction and back', async () => {
    expect(await heyi('review', 'open', '--month', '2025-03')).toContain('已进入审核 1 条');
    const { rows } = await database.pool.query('SELECT finding_id FROM review_case');
    const id: string = rows[0].finding_id;
    const anna = ['--by', 'anna', '--code', 'CLEAR'];
    const bert = ['--by', 'bert', '--code', 'PARTLY'];
    const member = ['--by', 'tina', '--for', 'T'];
    const trial = await heyi('review', 'first', id, ...anna, '--outcome', 'uphold', '--dry-run');
    expect(trial).toContain('待初审 → 已初审，金额 128.00 元');
    expect(await heyi('review', 'first-hard', '--month', '2025-03', ...anna)).toContain('1 条');
    await heyi('review', 'feedback', id, '--by', 'anna', '--code', 'NOTICE');
    const file = join(site.siteDir, 'record.pdf');
    writeFileSync(file, '%PDF-1.7 sample');
    await heyi('review', 'appeal', id, ...member, '--code', 'APPEAL', '--file', file);
    await expect(heyi('review', 'second', id, ...anna, '--outcome', 'uphold')).rejects.toThrow(
      '复审人不能是初审人',
    );
    await heyi('review', 'second', id, ...bert, '--outcome', 'partial', '--amount', '100.00');
    await heyi('review', 'final', id, ...bert, '--outcome', 'uphold');
    const done = await heyi('review', 'ack', id, ...member, '--code', 'ACCEPT');
    expect(done).toContain('→ 已确认，金额 100.00 元');

    await heyi('settle', 'month', '2025-03', '--close');
    expect(await heyi('review', 'sweep')).toContain('结算已扣款 1 条');
    expect(await heyi('review', 'cases', '--month', '2025-03')).toContain('已扣款');
    await heyi('review', 'reverse', id, '--by', 'carl', '--code', 'ERROR');
    await heyi('settle', 'month', '2025-04', '--close');
    const shown = JSON.parse(await heyi('review', 'show', id, '--json'));
    expect(shown).toMatchObject({ state: 'REVERSED', deductedFen: '0', compensatedFen: '10000' });
    const taken = await database.pool.query(
      `SELECT r.period, t.amount_fen FROM deduction_taken t JOIN settlement_run r USING (run_id) WHERE r.current ORDER BY 1`,
    );
    expect(taken.rows).toEqual([
      { period: '2025-03', amount_fen: '10000' },
      { period: '2025-04', amount_fen: '-10000' },
    ]);
  }, 300_000);
});
