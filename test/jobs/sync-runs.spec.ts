import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { INestApplicationContext } from '@nestjs/common';
import { IngestModule } from '../../src/ingest/ingest.module.js';
import { IngestService } from '../../src/ingest/ingest.service.js';
import { SyncBackfillJob } from '../../src/jobs/handlers/sync-backfill.job.js';
import { SyncCompareJob } from '../../src/jobs/handlers/sync-compare.job.js';
import type { QueueBackend } from '../../src/jobs/queue-backend.client.js';
import { RunService, type RunSummary } from '../../src/jobs/run.service.js';
import { SyncRuns } from '../../src/jobs/sync-runs.service.js';
import { HOSPITAL, SiteFolder } from '../ingest/site-folder.js';
import { addClaim, HIS_TABLES, removeClaim, smallHisYaml } from '../ingest/small-his.js';
import {
  createEmptyDatabase,
  createTestDatabase,
  type TestDatabase,
} from '../support/test-database.js';
import { backendOf, describeOnEachBackend, startWorker, wipe } from './fixture.js';

const never = new AbortController().signal;
const word = { by: 'it-01', reason: '月末对账' };
const days = { institution: HOSPITAL, from: '2024-03-01', to: '2024-03-12' };

describeOnEachBackend('looking again as runs', (kind) => {
  let own: TestDatabase;
  let his: TestDatabase;
  let folder: SiteFolder;
  let backend: QueueBackend;
  let app: INestApplicationContext;

  beforeEach(async () => {
    folder = new SiteFolder();
    [own, his] = await Promise.all([createTestDatabase(16), createEmptyDatabase()]);
    await his.pool.query(HIS_TABLES);
    folder.institution('hospital', smallHisYaml(his.url));
    backend = await backendOf(kind, own);
    app = await startWorker(own, [SyncCompareJob, SyncBackfillJob], {
      ...{ backend, site: folder.site, imports: [IngestModule] },
    });
  });
  afterEach(async () => {
    await app.close();
    await wipe(backend, own);
    await own.drop();
    await his.drop();
    folder.remove();
  });

  const runs = () => app.get(SyncRuns);
  const ended = (run: string): Promise<RunSummary> => app.get(RunService).ended(run, never);
  const claim = (no: string, at: string, total = '10.00') => addClaim(his.pool, { no, at, total });
  const pull = (from: string, to: string) =>
    app.get(IngestService).pull({ institution: HOSPITAL, window: { from, to } }, never);
  const standing = async () => {
    const { rows } = await own.pool.query<{ text: string }>(
      `SELECT source_claim_no || '=' || total_fee_fen AS text FROM claim_standing ORDER BY 1`,
    );
    return rows.map(({ text }) => text);
  };
  const compared = async (run: string) =>
    (await runs().work(run)).flatMap(({ result }) =>
      (result?.compared ?? []).filter(({ agrees, stream }) => !agrees && stream === 'claims'),
    );

  /** Days in single windows, then a stretch in one window; afterwards the source has changed on both sides. */
  async function changed(): Promise<void> {
    await claim('A', '2024-03-02 08:00');
    await claim('B', '2024-03-09 08:00');
    await claim('C', '2024-03-10 08:00');
    await pull('2024-03-02', '2024-03-03');
    await pull('2024-03-05', '2024-03-12');
    await his.pool.query(`UPDATE settlement SET total = 12, fund = 12 WHERE no = 'A'`);
    await claim('late', '2024-03-06 08:00');
    await removeClaim(his.pool, 'C');
  }

  it('a comparison says what differs, piece by piece, and touches nothing', async () => {
    await changed();
    const before = await standing();
    const run = await runs().compare({ ...days, repair: false }, word);
    expect(await ended(run)).toMatchObject({
      ...{ kind: 'sync-compare', state: 'incomplete', items: 2, done: 2 },
    });
    expect(await standing()).toEqual(before);
    expect(await compared(run)).toMatchObject([
      { window: { from: '2024-03-02', to: '2024-03-03' }, changed: { keys: ['A'] } },
      {
        ...{ window: { from: '2024-03-05', to: '2024-03-12' }, late: { keys: ['late'] } },
        ...{ deleted: { keys: ['C'] }, standing: { rows: 2, yuan: '20.00' } },
      },
    ]);
    const { rows } = await own.pool.query(
      `SELECT subject, content FROM journal_entry WHERE kind = 'decision'`,
    );
    expect(rows).toMatchObject([
      {
        subject: `sync-compare:${HOSPITAL}`,
        content: { ...word, run, repair: false, withdraw: false, from: days.from, to: days.to },
      },
    ]);
  });

  it('told to, it puts right what differs; asked once more it finds nothing', async () => {
    await changed();
    const run = await runs().compare({ ...days, repair: true }, word);
    expect(await ended(run)).toMatchObject({ state: 'complete', failed: 0 });
    expect(await standing()).toEqual(['A=1200', 'B=1000', 'late=1000']);
    const again = await runs().compare({ ...days, repair: true }, null);
    expect([again, await ended(again)]).toMatchObject([run, { state: 'complete', round: 2 }]);
    expect(await compared(again)).toEqual([]);
  });

  it('a backfill reads every window once, and days that were never read', async () => {
    await changed();
    await claim('new', '2024-03-04 08:00');
    const run = await runs().backfill(days, word);
    expect(await ended(run)).toMatchObject({ kind: 'sync-backfill', state: 'complete', items: 2 });
    expect(await standing()).toEqual(['A=1200', 'B=1000', 'late=1000', 'new=1000']);
    const { rows } = await own.pool.query(
      `SELECT window_from::text || '/' || window_to::text AS w, count(*)::int AS n FROM batch
        WHERE stream = 'claims' AND window_from >= '2024-03-04' GROUP BY 1 ORDER BY 1`,
    );
    expect(rows).toEqual([
      { w: '2024-03-04/2024-03-05', n: 1 },
      { w: '2024-03-05/2024-03-12', n: 2 }, // read at first, and once again
    ]);
  });

  it('one under way is not begun a second time, and a member without a source not at all', async () => {
    await changed();
    const lock = await own.pool.connect();
    await lock.query('BEGIN; LOCK TABLE stream_bookmark IN ACCESS EXCLUSIVE MODE');
    const run = await runs().backfill(days, word);
    await pause(300);
    await expect(runs().backfill(days, word)).rejects.toMatchObject({ code: 'jobs.run_busy' });
    await lock.query('COMMIT');
    lock.release();
    expect(await ended(run)).toMatchObject({ state: 'complete' });
    await expect(runs().backfill({ ...days, institution: 'H9' }, word)).rejects.toMatchObject({
      code: 'input.sync',
    });
  });

  it('outside its hours waits for them, unless somebody says otherwise', async () => {
    await changed();
    const hour = Number(new Date(Date.now() + 8 * 3_600_000).toISOString().slice(11, 13));
    const clock = (of: number) => `${String(of % 24).padStart(2, '0')}:00`;
    const more = `hours: { from: '${clock(hour + 3)}', to: '${clock(hour + 5)}' }`;
    folder.institution('hospital', smallHisYaml(his.url, { more }));
    await app.close();
    app = await startWorker(own, [SyncCompareJob, SyncBackfillJob], {
      ...{ backend, site: folder.site, imports: [IngestModule] },
    });
    const run = await runs().backfill(days, word);
    const waiting = async () =>
      (await runs().work(run)).every(
        ({ putOffTo, error }) => putOffTo !== null && error?.code === 'ingest.outside_hours',
      );
    for (let tries = 0; tries < 200 && !(await waiting()); tries += 1) await pause(50);
    expect(await waiting()).toBe(true);
    const compare = await runs().compare({ ...days, repair: true, outsideHours: word }, word);
    expect(await ended(compare)).toMatchObject({ state: 'complete' });
    expect(await standing()).toEqual(['A=1200', 'B=1000', 'late=1000']);
  });
});
