import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { digestOf } from '../../src/audit/audit-claims.js';
import { type CompiledAudit, compileAudit } from '../../src/audit/compile.js';
import { claimsOfCase, ruleCaseSchema } from '../../src/audit/rule-case.js';
import { type BookFolders, loadSiteFiles } from '../../src/audit/rules.loader.js';
import { auditShared } from '../../src/audit/workers/shared-audit.launcher.js';
import type { Claim } from '../../src/claims/claim.js';
import { siteOf } from '../../src/config/site.js';
import { createPool } from '../../src/database/pool.client.js';
import { monthOf } from '../../src/kernel/period.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { storeClaims } from './store-claims.js';

/** Every boundary case of every rule, each of a person of its own, audited by one worker and by several in threads. */

const consortium = 'shared-audit';
const ROOT = join(import.meta.dirname, '../..');
/** Lets threads run the sources, as Jest does. */
const LOADER = `data:text/javascript,import { register } from 'node:module'; register('./test/support/typescript-loader.mjs', 'file://${ROOT}/');`;
const site = siteOf(ROOT, { HEYI_SITE: 'config/nowhere' });
const { book, knowledge } = loadSiteFiles(site);
const audit = compileAudit(book, knowledge);
const claims: readonly Claim[] = book.rules.flatMap((rule) =>
  rule.cases.flatMap((each, index) =>
    claimsOfCase(ruleCaseSchema.parse(each)).map((claim) => ({
      ...claim,
      personId: `${rule.id}-${index}`,
      claimNo: `${rule.id}-${index}-${claim.claimNo}`,
      refundOf: claim.refundOf === null ? null : `${rule.id}-${index}-${claim.refundOf}`,
    })),
  ),
);
const months = [...new Set(claims.map(({ settledAt }) => monthOf(settledAt)))].sort();

describe('an audit by several workers', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
    await storeClaims(database.pool, consortium, claims);
  }, 60_000);
  afterAll(() => database.drop());

  interface Choices {
    readonly by?: CompiledAudit;
    readonly pool?: pg.Pool;
    readonly folders?: BookFolders;
    readonly signal?: AbortSignal;
  }

  const audited = (workers: number, choices: Choices = {}) => {
    const { by = audit, pool = database.pool, folders = site } = choices;
    const request = { consortium, months, persons: null };
    const thread = { execArgv: ['--import', LOADER] };
    const signal = choices.signal ?? new AbortController().signal;
    return auditShared(pool, by, { request, folders, workers, thread }, signal);
  };

  it.each([2, 3])('gives by %i what one gives', async (workers) => {
    const alone = await audited(1);
    const shared = await audited(workers);
    expect(alone.findings.length).toBeGreaterThan(30);
    expect(digestOf(shared.findings)).toBe(digestOf(alone.findings));
    expect(shared).toEqual({ ...alone, workers });
  });

  it('is done by one where threads would go by other rules', async () => {
    const others = { ...audit, rulesDigest: 'of other files' };
    const alone = await audited(1);
    expect(await audited(2, { by: others })).toEqual({ ...alone, workers: 1 });
  });

  it('is done by one where the files cannot be read any more', async () => {
    const folders = { configDir: join(ROOT, 'no-such-folder'), siteDir: null };
    const { findings, workers } = await audited(2, { folders });
    expect([digestOf(findings), workers]).toEqual([digestOf((await audited(1)).findings), 1]);
  });

  it('ends with what a thread failed with', async () => {
    const pool = createPool(database.url, 1);
    await pool.query('SELECT 1'); // its one connection stands; a thread finds nobody
    pool.options.connectionString = 'postgres://127.0.0.1:1/none';
    await expect(audited(2, { pool })).rejects.toThrow('ECONNREFUSED');
    await pool.end();
  });

  it('stops every thread when it is told to, and says why', async () => {
    const abort = new AbortController();
    const running = audited(3, { signal: abort.signal });
    setTimeout(() => abort.abort(new Error('enough')), 50);
    await expect(running).rejects.toThrow('enough');
    const { rows } = await database.pool.query(
      "SELECT count(*) AS open FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'",
    );
    expect(rows[0]).toEqual({ open: '0' });
  });
});
