import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuditService } from '../../src/audit/audit.service.js';
import type { Replayed } from '../../src/audit/replay/replay.service.js';
import { ReplayService } from '../../src/audit/replay/replay.service.js';
import { rulesBySet } from '../../src/audit/replay/rule-sets.js';
import { claimsOfCase, ruleCaseSchema } from '../../src/audit/rule-case.js';
import { loadSiteFiles } from '../../src/audit/rules.loader.js';
import type { Claim } from '../../src/claims/claim.js';
import { siteOf } from '../../src/config/site.js';
import { JournalService } from '../../src/journal/journal.service.js';
import { toYuan } from '../../src/kernel/money.js';
import { compareReleases } from '../../src/knowledge/compare-releases.js';
import { loadKnowledgeBase } from '../../src/knowledge/knowledge.loader.js';
import { renderRelease } from '../../src/knowledge/release.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { storeClaims } from './store-claims.js';

const consortium = 'replay-county';
const site = siteOf(join(import.meta.dirname, '../..'), { HEYI_SITE: 'config/nowhere' });

function person(personId: string, input: object): Claim[] {
  const each = ruleCaseSchema.parse({ name: personId, finds: 'nothing', ...input });
  return claimsOfCase(each).map((claim) => ({
    ...claim,
    personId,
    claimNo: `${personId}-${claim.claimNo}`,
  }));
}

/** Two stays ten days apart with one diagnosis, and a woman's item charged to a man at another member. */
const claims: readonly Claim[] = [
  ...person('P1', {
    claims: [
      { no: '1', admitted: '2024-01-02', discharged: '2024-01-08' },
      { no: '2', admitted: '2024-01-18', discharged: '2024-01-24' },
    ],
  }),
  ...person('P2', {
    sex: 'male',
    claims: [
      {
        no: '1',
        at: 'H2',
        lines: [{ item: '002101030300000', price: '128.00', on: '2024-01-05' }],
      },
    ],
  }),
];

describe('trying a rule or a release on past months', () => {
  let database: TestDatabase;
  let replay: ReplayService;
  let folder: string;
  beforeAll(async () => {
    database = await createTestDatabase();
    await storeClaims(database.pool, consortium, claims);
    replay = new ReplayService(database.pool, site);
    folder = mkdtempSync(join(tmpdir(), 'heyi-replay-'));
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await database.drop();
  });

  const tried = (what: string, params?: Record<string, string>): Promise<Replayed> =>
    replay.replay({
      consortium,
      months: ['2024-01'],
      candidate: { what, ...(params && { params }) },
    });
  const shown = ({ differences }: Replayed) =>
    differences.map(({ kind, ruleId, claimNo }) => `${kind} ${ruleId} ${claimNo}`);

  it('finds nothing new in what is in force already', async () => {
    const same = await tried('CAT-07');
    expect(shown(same)).toEqual([]);
    expect(same.before).toEqual(same.after);
    expect(same.after.findings).toBeGreaterThan(0);
  });

  it('shows what other parameters lose and change', async () => {
    expect(shown(await tried('INP-01', { watchDays: '9' }))).toEqual(['lost INP-01 P1-2']);
    expect(shown(await tried('INP-01', { coreDays: '12' }))).toEqual(['changed INP-01 P1-2']);
  });

  it('shows what a rule file finds and takes from others, by member and money, and writes nothing', async () => {
    const path = join(folder, 'CAT-97.yaml');
    const known = readFileSync(join(site.configDir, 'audit/rules/CAT-07.yaml'), 'utf8');
    writeFileSync(
      path,
      known.replace('id: CAT-07', 'id: CAT-97').replace('severity: 55', 'severity: 99'),
    );
    const found = await tried(path);
    expect(shown(found)).toEqual(['changed CAT-07 P2-1', 'new CAT-97 P2-1']);
    const money = found.summary.map((row) => [
      ...[row.ruleId, row.institution, toYuan(row.beforeFen), toYuan(row.afterFen)],
    ]);
    expect(money).toEqual([
      ['CAT-07', 'H2', '128.00', '0.00'],
      ['CAT-97', 'H2', '0.00', '128.00'],
    ]);
    expect(found.before.amountFen).toBe(found.after.amountFen);
    const { rows } = await database.pool.query('SELECT FROM finding');
    expect(rows).toEqual([]);
  });

  it('shows what a knowledge release takes away, and which rules stand on the set', async () => {
    const national = loadKnowledgeBase();
    const points = national.points().filter(({ codes }) => !codes.includes('002101030300000'));
    const candidate = join(folder, 'candidate');
    for (const [path, text] of renderRelease(points, national.batches)) {
      mkdirSync(dirname(join(candidate, path)), { recursive: true });
      writeFileSync(join(candidate, path), text);
    }
    expect(shown(await tried(candidate))).toEqual(['lost CAT-07 P2-1']);
    const changes = compareReleases(national.points(), points);
    expect(
      changes.map(({ set, removed }) => [
        set,
        removed.some(({ code }) => code === '002101030300000'),
      ]),
    ).toContainEqual(['item-sex', true]);
    const { book } = loadSiteFiles(site);
    expect(rulesBySet(book, national).get('item-sex')).toEqual(['CAT-07']);
  });

  it('refuses what is neither a rule nor a release', async () => {
    await expect(tried('CAT-99')).rejects.toThrow('CAT-99');
    await expect(tried('INP-01', { noSuch: '1' })).rejects.toThrow('noSuch');
  });

  it('keeps trial findings out of the money on both sides', async () => {
    await database.pool.query(
      `INSERT INTO rule_state (consortium, rule_id, rule_version, status, decided_by, reason)
       VALUES ($1, 'CAT-07', '1.0', 'SHADOW', 'engineer', '试运行')`,
      [consortium],
    );
    const promoted = await tried('CAT-07');
    expect(shown(promoted)).toEqual(['new CAT-07 P2-1']);
    const audit = new AuditService(database.pool, site, new JournalService(database.pool));
    await audit.run({ consortium, months: ['2024-01'] });
    const { rows } = await database.pool.query(
      `SELECT mode, amount_fen::int AS fen FROM finding WHERE rule_id = 'CAT-07'`,
    );
    expect(rows).toEqual([{ mode: 'shadow', fen: 0 }]);
  });
});
