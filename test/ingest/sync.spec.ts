import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CatalogueService } from '../../src/catalogue/catalogue.service.js';
import type { PullRequest } from '../../src/ingest/batch.js';
import { IngestService } from '../../src/ingest/ingest.service.js';
import { SyncService } from '../../src/ingest/sync.service.js';
import { JournalService } from '../../src/journal/journal.service.js';
import {
  createEmptyDatabase,
  createTestDatabase,
  type TestDatabase,
} from '../support/test-database.js';
import { HOSPITAL, SiteFolder } from './site-folder.js';
import { addClaim, closeMonth, HIS_TABLES, removeClaim, smallHisYaml } from './small-his.js';

const signal = new AbortController().signal;
const CLAIMS = { streams: ['claims'] } as const;

describe('agreement with a source', () => {
  let own: TestDatabase;
  let his: TestDatabase;
  let folder: SiteFolder;
  let now = '2024-03-10T02:00:00+08:00';

  beforeEach(async () => {
    now = '2024-03-10T02:00:00+08:00';
    folder = new SiteFolder();
    [own, his] = await Promise.all([createTestDatabase(), createEmptyDatabase()]);
    await his.pool.query(HIS_TABLES);
    folder.institution('hospital', smallHisYaml(his.url));
  });
  afterEach(async () => {
    await own.drop();
    await his.drop();
    folder.remove();
  });

  const ingest = () =>
    new IngestService(
      own.pool,
      folder.site,
      new JournalService(own.pool),
      new CatalogueService(own.pool, folder.site),
      { now: () => new Date(now) },
    );
  const sync = () => new SyncService(own.pool, folder.site, new JournalService(own.pool), ingest());
  const pull = (from: string, to: string, more: Partial<PullRequest> = {}) =>
    ingest().pull({ institution: HOSPITAL, window: { from, to }, ...more }, signal);
  const night = (day: string, next: string) => pull(day, next, { lookBackFrom: null });
  const rows = async <T>(sql: string): Promise<T[]> => (await own.pool.query(sql)).rows as T[];
  const standing = async () =>
    (
      await rows<{ no: string; fen: string }>(
        'SELECT source_claim_no AS no, total_fee_fen AS fen FROM claim_standing ORDER BY 1',
      )
    ).map(({ no, fen }) => `${no}=${fen}`);
  const certified = async () =>
    (
      await rows<{ rows: string; fen: string }>(
        `SELECT coalesce(sum(landed_rows), 0) AS rows, coalesce(sum(landed_fen), 0) AS fen FROM batch_current WHERE stream = 'claims'`,
      )
    )[0];
  const claim = (no: string, at: string, total = '10.00', more: object = {}) =>
    addClaim(his.pool, { no, at, total, ...more });

  describe('a night', () => {
    it('finds what came late or changed in the days before, and counts every row once', async () => {
      await claim('A', '2024-03-01 08:00');
      await claim('B', '2024-03-02 08:00');
      for (const [day, next] of [
        ['2024-03-01', '2024-03-02'],
        ['2024-03-02', '2024-03-03'],
        ['2024-03-03', '2024-03-04'],
      ] as const) {
        await night(day, next);
      }
      await claim('late', '2024-03-01 23:59:59.9');
      await his.pool.query(`UPDATE settlement SET total = 12, fund = 12 WHERE no = 'B'`);
      await claim('C', '2024-03-04 00:00');
      const { batches } = await night('2024-03-04', '2024-03-05');
      expect(
        batches
          .filter(({ stream }) => stream === 'claims')
          .map(({ lookBack, newRows, changedRows }) => [lookBack, newRows, changedRows]),
      ).toEqual([
        [true, 1, 0],
        [true, 0, 1],
        [undefined, 1, 0],
      ]);
      expect(await standing()).toEqual(['A=1000', 'B=1200', 'C=1000', 'late=1000']);
      expect(await certified()).toEqual({ rows: '4', fen: '4200' });
      const again = await night('2024-03-04', '2024-03-05');
      expect(
        again.batches.every(
          ({ newRows, changedRows, lookBack }) =>
            newRows + changedRows === 0 && lookBack === undefined,
        ),
      ).toBe(true);
    });

    it('looks at a month again that was read as a whole, not at a day of it', async () => {
      await claim('A', '2024-02-28 08:00');
      await pull('2024-02-01', '2024-03-01');
      await claim('late', '2024-02-28 09:00');
      await night('2024-03-01', '2024-03-02');
      expect(await certified()).toEqual({ rows: '2', fen: '2000' });
      const windows = await rows(
        `SELECT DISTINCT window_from || '/' || window_to AS w FROM batch WHERE stream = 'claims' ORDER BY 1`,
      );
      expect(windows).toEqual([{ w: '2024-02-01/2024-03-01' }, { w: '2024-03-01/2024-03-02' }]);
    });

    it('makes up for days that a bookmark still lacks', async () => {
      for (const day of ['2024-03-01', '2024-03-02', '2024-03-05'])
        await claim(`D${day.slice(-1)}`, `${day} 08:00`);
      await pull('2024-03-01', '2024-03-02');
      await night('2024-03-06', '2024-03-07');
      expect(await standing()).toEqual(['D1=1000', 'D2=1000', 'D5=1000']);
      const { rows: marks } = await own.pool.query(
        `SELECT read_to FROM stream_bookmark WHERE stream = 'claims'`,
      );
      expect(marks).toEqual([{ read_to: '2024-03-07' }]);
    });
  });

  describe('rows that the source deleted', () => {
    beforeEach(async () => {
      for (let no = 1; no <= 8; no += 1) await claim(`C${no}`, `2024-03-01 0${no}:00`);
      await pull('2024-03-01', '2024-03-02');
    });

    it('are withdrawn with all that hangs on them, and kept aside', async () => {
      await removeClaim(his.pool, 'C3');
      const { state, batches } = await pull('2024-03-01', '2024-03-02');
      expect([state, ...batches.map(({ withdrawnRows = 0 }) => withdrawnRows)]).toEqual([
        'complete',
        1,
        0,
        0,
      ]);
      expect(await standing()).toHaveLength(7);
      const buried = await rows(
        `SELECT stream, replace(natural_key, E'\\x1f', '/') AS key, amount_fen AS fen, period FROM withdrawn_row ORDER BY stream`,
      );
      expect(buried).toEqual([
        { stream: 'claims', key: 'C3', fen: '1000', period: '2024-03' },
        { stream: 'diagnoses', key: 'C3/1', fen: '0', period: '2024-03' },
        { stream: 'lines', key: 'C3/1', fen: '1000', period: '2024-03' },
      ]);
      expect(
        await rows(`SELECT count(*)::int AS lines FROM claim_line WHERE claim_no = 'C3'`),
      ).toEqual([{ lines: 0 }]);
      expect(
        await rows(`SELECT subject FROM journal_entry WHERE subject LIKE 'withdrawal:%'`),
      ).toHaveLength(1);
      await claim('C3', '2024-03-01 03:00');
      await pull('2024-03-01', '2024-03-02');
      expect(await standing()).toHaveLength(8);
      expect(
        await rows(`SELECT count(*)::int AS lines FROM claim_line WHERE claim_no = 'C3'`),
      ).toEqual([{ lines: 1 }]);
    });

    it('are withdrawn line by line', async () => {
      await his.pool.query(`INSERT INTO item VALUES ('C3', '2024-03-01 03:00', 2, 'I2', 5)`);
      await pull('2024-03-01', '2024-03-02');
      await his.pool.query(`DELETE FROM item WHERE no = 'C3' AND seq = 2`);
      await pull('2024-03-01', '2024-03-02');
      expect(await rows(`SELECT line_no FROM claim_line WHERE claim_no = 'C3'`)).toEqual([
        { line_no: '1' },
      ]);
      expect(
        await rows(`SELECT replace(natural_key, E'\\x1f', '/') AS key FROM withdrawn_row`),
      ).toEqual([{ key: 'C3/2' }]);
    });

    it('stay until a person says so when they are most of the window', async () => {
      for (let no = 1; no <= 7; no += 1) await removeClaim(his.pool, `C${no}`);
      const { state, batches } = await pull('2024-03-01', '2024-03-02', CLAIMS);
      expect([state, batches[0]?.message]).toEqual([
        'incomplete',
        expect.stringContaining('8 行中有 7 行'),
      ]);
      expect(await standing()).toHaveLength(8);
      await sync().read(
        {
          institution: HOSPITAL,
          from: '2024-03-01',
          to: '2024-03-02',
          withdrawal: { by: '李工', reason: '测试数据清理' },
        },
        signal,
      );
      expect(await standing()).toEqual(['C8=1000']);
      const { rows: entries } = await own.pool.query(
        `SELECT content FROM journal_entry WHERE subject LIKE 'withdrawal:%'`,
      );
      expect(JSON.stringify(entries)).toContain('测试数据清理');
    });

    it('are not what is only unreadable, nor what another window holds', async () => {
      await his.pool.query(`UPDATE settlement SET pool = 'nonsense' WHERE no = 'C1'`);
      const bad = await pull('2024-03-01', '2024-03-02', CLAIMS);
      expect(bad.batches[0]).toMatchObject({ quarantinedRows: 1, landedRows: 7 });
      expect(await standing()).toHaveLength(8);
      expect(await rows('SELECT 1 FROM withdrawn_row')).toEqual([]);
    });

    it('move to another day rather than vanish', async () => {
      for (const table of ['settlement', 'item', 'diagnosis'])
        await his.pool.query(`UPDATE ${table} SET at = '2024-03-02 08:00' WHERE no = 'C1'`);
      await night('2024-03-02', '2024-03-03');
      expect(await standing()).toHaveLength(8);
      expect(
        await rows(`SELECT settled_on, (SELECT count(*)::int FROM claim_line l WHERE l.claim_no = c.claim_no AND l.settled_on = c.settled_on) AS lines
        FROM claim c WHERE claim_no = 'C1'`),
      ).toEqual([{ settled_on: '2024-03-02', lines: 1 }]);
      expect(await certified()).toEqual({ rows: '8', fen: '8000' });
    });
  });

  it('is compared key by key without writing anything', async () => {
    for (const no of ['A', 'B', 'C']) await claim(no, '2024-03-01 08:00');
    await pull('2024-03-01', '2024-03-02');
    await his.pool.query(
      `UPDATE settlement SET total = 11, fund = 11 WHERE no = 'A'; UPDATE item SET amount = 9 WHERE no = 'C'`,
    );
    await removeClaim(his.pool, 'B');
    await claim('D', '2024-03-01 09:00');
    const before = await rows('SELECT count(*) AS batches FROM batch');
    const found = await sync().compare(
      { institution: HOSPITAL, from: '2024-03-01', to: '2024-03-03' },
      signal,
    );
    expect(found.filter(({ agrees }) => !agrees)).toMatchObject([
      {
        stream: 'claims',
        source: { rows: 3, fen: '3100' },
        standing: { rows: 3, fen: '3000' },
        late: { keys: ['D'] },
        changed: { keys: ['A'] },
        deleted: { keys: ['B'] },
      },
      {
        stream: 'lines',
        late: { keys: ['D/1'] },
        changed: { keys: ['C/1'] },
        deleted: { keys: ['B/1'] },
      },
      { stream: 'diagnoses', late: { keys: ['D/1'] }, deleted: { keys: ['B/1'] } },
    ]);
    expect(await rows('SELECT count(*) AS batches FROM batch')).toEqual(before);
    await sync().read({ institution: HOSPITAL, from: '2024-03-01', to: '2024-03-03' }, signal);
    const after = await sync().compare(
      { institution: HOSPITAL, from: '2024-03-01', to: '2024-03-03' },
      signal,
    );
    expect(after.map(({ agrees }) => agrees)).not.toContain(false);
    expect(await standing()).toEqual(['A=1100', 'C=1000', 'D=1000']);
  });

  it('waits for the hours in which the source may be read', async () => {
    folder.institution(
      'hospital',
      smallHisYaml(his.url, { more: `hours: { from: '21:00', to: '06:00' }` }),
    );
    await claim('A', '2024-03-01 08:00');
    now = '2024-03-10T09:30:00+08:00';
    await expect(pull('2024-03-01', '2024-03-02')).rejects.toMatchObject({
      code: 'ingest.outside_hours',
      recovery: 'retry',
      deferUntil: new Date('2024-03-10T21:00:00+08:00'),
    });
    const outsideHours = { by: '李工', reason: '月末对账' };
    expect((await pull('2024-03-01', '2024-03-02', { outsideHours })).state).toBe('complete');
    expect(
      await rows(`SELECT kind FROM journal_entry WHERE subject LIKE 'outside-hours:%'`),
    ).toEqual([{ kind: 'decision' }]);
    now = '2024-03-10T21:00:00+08:00';
    expect((await pull('2024-03-01', '2024-03-02')).state).toBe('complete');
  });

  it('reads of the running day only what is safely past, and does not call it whole', async () => {
    now = '2024-03-10T12:00:00+08:00';
    await claim('A', '2024-03-10 11:49');
    await claim('B', '2024-03-10 11:51');
    const { state, batches } = await pull('2024-03-10', '2024-03-11', CLAIMS);
    expect([state, batches[0]?.landedRows]).toEqual(['incomplete', 1]);
    now = '2024-03-11T02:00:00+08:00';
    expect((await pull('2024-03-10', '2024-03-11', CLAIMS)).state).toBe('complete');
    expect(await standing()).toEqual(['A=1000', 'B=1000']);
  });

  it('sets a bookmark back with a reason, after showing what that concerns', async () => {
    await claim('A', '2024-02-28 08:00');
    await pull('2024-02-01', '2024-03-01');
    await pull('2024-03-01', '2024-03-02');
    await closeMonth(own.pool, '2024-02');
    const request = { institution: HOSPITAL, stream: 'claims', day: '2024-02-15' } as const;
    expect(await sync().rewindImpact(request)).toMatchObject({
      bookmark: '2024-03-02',
      windows: 2,
      rows: 1,
      fen: '1000',
      unreadDays: 0,
      closedMonths: ['2024-02'],
    });
    await expect(sync().rewind({ ...request, by: '李工', reason: ' ' })).rejects.toMatchObject({
      code: 'input.sync',
    });
    await sync().rewind({ ...request, by: '李工', reason: '来源补录' });
    const before = await rows<{ last: string }>('SELECT max(batch_id) AS last FROM batch');
    await night('2024-03-02', '2024-03-03');
    const reread = await own.pool.query(
      `SELECT window_from::text AS from FROM batch WHERE stream = 'claims' AND batch_id > $1 ORDER BY 1`,
      [before[0]?.last],
    );
    expect(reread.rows.map(({ from }) => from)).toEqual(['2024-02-01', '2024-03-01', '2024-03-02']);
    await expect(sync().rewindImpact({ ...request, day: '2024-03-03' })).rejects.toMatchObject({
      code: 'input.sync',
    });
  });

  it('halts a stream whose quarantine passes what its owner tolerates', async () => {
    folder.institution(
      'hospital',
      smallHisYaml(his.url, { claims: `quarantine: { rows: 2, share: '0.2' }` }),
    );
    await claim('A', '2024-03-01 08:00', '90.00');
    await claim('bad', '2024-03-01 09:00', '10.00', { pool: 'nonsense' });
    expect((await pull('2024-03-01', '2024-03-02', CLAIMS)).state).toBe('complete');
    await his.pool.query(`UPDATE settlement SET total = 30, fund = 30 WHERE no = 'bad'`);
    const byMoney = await pull('2024-03-01', '2024-03-02', CLAIMS);
    expect([byMoney.state, byMoney.batches[0]?.message]).toEqual([
      'incomplete',
      expect.stringContaining('0.2'),
    ]);
    await his.pool.query(`UPDATE settlement SET total = 1, fund = 1 WHERE no = 'bad'`);
    for (const no of ['bad2', 'bad3'])
      await claim(no, '2024-03-01 09:00', '1.00', { pool: 'nonsense' });
    const byRows = await pull('2024-03-01', '2024-03-02', CLAIMS);
    expect([byRows.state, byRows.batches[0]?.message]).toEqual([
      'incomplete',
      expect.stringContaining('3 行'),
    ]);
  });

  it('resolves what was set aside when the source puts it right or deletes it, key or no key', async () => {
    await claim('A', '2024-03-01 08:00');
    await claim('gone', '2024-03-01 09:00', '1.00', { pool: 'nonsense' });
    await claim('', '2024-03-01 10:00', '2.00');
    await pull('2024-03-01', '2024-03-02', CLAIMS);
    expect(
      await rows(`SELECT natural_key AS key FROM quarantine_open ORDER BY natural_key NULLS LAST`),
    ).toEqual([{ key: 'gone' }, { key: null }]);
    await removeClaim(his.pool, 'gone');
    await his.pool.query(`UPDATE settlement SET no = 'E' WHERE no = ''`);
    await pull('2024-03-01', '2024-03-02', CLAIMS);
    expect(await rows('SELECT 1 FROM quarantine_open')).toEqual([]);
    expect(await standing()).toEqual(['A=1000', 'E=200']);
  });

  it('pairs refunds with their originals, whichever comes first', async () => {
    await claim('R0', '2024-03-02 08:00', '-10.00', { refundOf: 'O0', person: 'P0' });
    await pull('2024-03-02', '2024-03-03');
    const states = async () =>
      Object.fromEntries(
        (
          await sync().refunds({
            consortium: 'test-county',
            institutions: 'all',
            month: '2024-03',
            limit: 100,
          })
        ).map(({ claimNo, state }) => [claimNo, state]),
      );
    expect(await states()).toEqual({ R0: 'unpaired' });
    for (const no of ['O0', 'O1', 'O2', 'O3', 'O4'])
      await claim(no, '2024-03-01 08:00', '10.00', { person: `P${no.slice(1)}` });
    await claim('R1', '2024-03-02 09:00', '-4.00', { refundOf: 'O1', person: 'P1' });
    await claim('R2a', '2024-03-02 09:00', '-6.00', { refundOf: 'O2', person: 'P2' });
    await claim('R2b', '2024-03-02 09:00', '-6.00', { refundOf: 'O2', person: 'P2' });
    await claim('R3', '2024-03-02 09:00', '-10.00', { refundOf: 'O3', person: 'somebody' });
    await claim('R4', '2024-03-02 09:00', '-10.00', {
      refundOf: 'O4',
      person: 'P4',
      pool: 'employee',
    });
    await pull('2024-03-01', '2024-03-02');
    await pull('2024-03-02', '2024-03-03');
    expect(await states()).toEqual({
      R0: 'full',
      R1: 'partial',
      R2a: 'over-refund',
      R2b: 'over-refund',
      R3: 'other-person',
      R4: 'other-pool',
    });
  });
});
