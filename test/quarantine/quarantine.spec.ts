import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { withTransaction } from '../../src/database/transaction.repository.js';
import { JournalService } from '../../src/journal/journal.service.js';
import { fen, sum } from '../../src/kernel/money.js';
import { sourceDifferences } from '../../src/reconciliation/source-differences.js';
import {
  readBatches,
  readQuarantined,
  readStanding,
} from '../../src/reconciliation/source-facts.repository.js';
import { HOSPITAL, TOWNSHIP } from '../ingest/site-folder.js';
import { CHECKER, CONSORTIUM, MAKER, QuarantineFixture } from './fixture.js';

const ALL = { consortium: CONSORTIUM, institutions: 'all' } as const;
const reason = '与来源科室核对';

describe('rows that did not land', () => {
  let site: QuarantineFixture;
  beforeEach(async () => {
    site = await QuarantineFixture.create();
    await site.read();
  });
  afterEach(() => site.end());

  const correct = (entry: string, cells: Record<string, string>) =>
    site.proposals.correct({ ...ALL, entry, cells, by: MAKER, reason });
  const approve = (entry: string, by = CHECKER) =>
    site.approvals.approve({ ...ALL, entries: [entry], by });

  /** Promise one, with what people decided: nothing of what the source has is unaccounted for. */
  const balance = async () => {
    const rows = await site.quarantine.account(ALL);
    for (const row of rows) {
      for (const unit of ['rows', 'fen'] as const) {
        const parts = [
          row.open,
          row.proposed,
          row.dismissed,
          row.corrected,
          row.resolved,
          row.repeated,
        ];
        const aside = parts.reduce((total, part) => total + BigInt(part[unit]), 0n);
        expect(BigInt(row.quarantined[unit])).toBe(aside);
        expect(BigInt(row.source[unit] ?? -1)).toBe(BigInt(row.landed[unit]) + aside);
        expect(row.repeated[unit]).toBe('0');
      }
    }
    const standing = await site.pool.query(
      'SELECT count(*) AS rows, coalesce(sum(total_fee_fen), 0) AS fen FROM claim',
    );
    const claims = rows.find(({ stream }) => stream === 'claims');
    expect(standing.rows[0].rows).toBe(
      String(Number(claims?.landed.rows) + Number(claims?.corrected.rows)),
    );
    expect(fen(BigInt(standing.rows[0].fen))).toBe(
      sum(
        [claims?.landed.fen, claims?.corrected.fen, claims?.correctedByFen].map((each) =>
          fen(BigInt(each ?? 0)),
        ),
      ),
    );
    return claims;
  };

  it('are listed by money, age and kind, page by page', async () => {
    const first = await site.quarantine.list({ ...ALL, limit: 2 });
    expect(first.items.map(({ amountFen }) => amountFen)).toEqual(['6100', '5555']);
    const second = await site.quarantine.list({ ...ALL, limit: 2, after: first.next ?? '' });
    expect(second.items.map(({ amountFen }) => amountFen)).toEqual(['3000', '800']);
    const third = await site.quarantine.list({ ...ALL, limit: 2, after: second.next ?? '' });
    expect(third.items.map(({ amountFen }) => amountFen)).toEqual(['700', '-500']);
    expect(third.next).toBeNull();
    const filtered = await site.quarantine.list({
      ...ALL,
      limit: 9,
      rule: 'unknown-value',
      minFen: 800n,
    });
    expect(filtered.items.map(({ naturalKey }) => naturalKey)).toEqual(['B4']);
    expect((await site.quarantine.list({ ...ALL, limit: 9, minAgeDays: 1 })).items).toEqual([]);
    const newest = await site.quarantine.list({ ...ALL, limit: 1, sort: 'newest' });
    const next = await site.quarantine.list({
      ...ALL,
      limit: 9,
      sort: 'newest',
      after: newest.next ?? '',
    });
    expect(
      new Set([...newest.items, ...next.items].map(({ quarantineId }) => quarantineId)).size,
    ).toBe(6);
    await expect(site.quarantine.list({ ...ALL, limit: 1, after: 'x' })).rejects.toThrow(
      RangeError,
    );
  });

  it('are shown against what the stream tolerates', async () => {
    const rows = await site.quarantine.account(ALL);
    expect(rows.map(({ stream, threshold }) => [stream, threshold])).toEqual([
      ['claims', { rows: 50, share: '0.9' }],
      ['lines', null],
    ]);
  });

  it('are grouped where one decision may do for many', async () => {
    const groups = await site.quarantine.groups(ALL);
    expect(groups.find(({ rule }) => rule === 'unknown-value')).toMatchObject({
      field: 'pool',
      entries: 2,
      amountFen: '1500',
    });
  });

  it('are nobody else’s business', async () => {
    const other = { consortium: CONSORTIUM, institutions: [TOWNSHIP] };
    const entry = await site.entry('B2');
    expect((await site.quarantine.list({ ...other, limit: 9 })).items).toEqual([]);
    expect(await site.quarantine.groups(other)).toEqual([]);
    expect(await site.quarantine.account(other)).toEqual([]);
    await expect(site.quarantine.show({ ...other, entry })).rejects.toMatchObject({
      code: 'quarantine.unknown_entry',
    });
    const cells = { admitted: '2024-01-02' };
    const proposal = { ...other, entry, cells, by: MAKER, reason };
    await expect(site.proposals.correct(proposal)).rejects.toMatchObject({
      code: 'quarantine.unknown_entry',
    });
    await correct(entry, cells);
    expect(await site.approvals.approve({ ...other, entries: [entry], by: CHECKER })).toMatchObject(
      [{ ok: false, code: 'quarantine.unknown_entry' }],
    );
    expect(await site.state(entry)).toBe('proposed');
  });

  it('are shown with people masked, unless somebody says why not', async () => {
    const entry = await site.entry('B2');
    const { cells } = await site.quarantine.show({ ...ALL, entry });
    const shown = Object.fromEntries((cells ?? []).map(({ column, text }) => [column, text]));
    expect(shown).toMatchObject({
      person: '**',
      certificate: '4602**********1234',
      born: '1985-**-**',
      total: '55.55',
    });
    const unmask = { by: MAKER, reason };
    const open = await site.quarantine.show({ ...ALL, entry, unmask });
    expect(open.cells?.find(({ column }) => column === 'certificate')?.text).toBe(
      '460200198502021234',
    );
    const journal = await site.pool.query(`SELECT content FROM journal_entry WHERE subject = $1`, [
      `quarantine:${entry}`,
    ]);
    expect(journal.rows).toEqual([{ content: { action: 'unmask', by: MAKER, reason } }]);
    await expect(
      site.quarantine.show({ ...ALL, entry, unmask: { by: MAKER, reason: ' ' } }),
    ).rejects.toMatchObject({
      code: 'quarantine.unsigned',
    });
  });

  it('land corrected, by the way of every row, when two people say so', async () => {
    const entry = await site.entry('B2');
    const preview = await site.proposals.preview({
      ...ALL,
      entry,
      cells: { admittedAt: '2024-01-02' },
    });
    expect(preview).toMatchObject({
      cells: { admitted: '2024-01-02' },
      refusals: [],
      effect: 'new',
      landedFen: '5555',
    });
    expect(preview.canonical.find(({ field }) => field === 'certificate')?.text).toBe('已提供');
    expect(await site.claim('B2')).toBeUndefined();
    const { decision } = await correct(entry, { admittedAt: '2024-01-02' });
    await balance();
    expect(await approve(entry, ` ${MAKER} `)).toMatchObject([
      { ok: false, code: 'quarantine.same_person' },
    ]);
    expect(await approve(entry)).toMatchObject([{ ok: true, decision }]);
    const claim = await site.claim('B2');
    expect(claim).toMatchObject({
      admitted_at: '2024-01-02',
      total_fee_fen: '5555',
      period: '2024-01',
    });
    const batch = await site.pool.query('SELECT * FROM batch WHERE batch_id = $1', [
      claim?.['batch_id'],
    ]);
    expect(batch.rows[0]).toMatchObject({
      unit: `correction:${decision}`,
      correction_id: decision,
      quarantined_rows: '-1',
    });
    expect(await balance()).toMatchObject({
      corrected: { rows: '1', fen: '5555' },
      correctedByFen: '0',
    });
    expect(
      (await new JournalService(site.pool).verify({ consortium: CONSORTIUM })).fault,
    ).toBeNull();
    const raw = await site.quarantine.show({ ...ALL, entry });
    expect(raw.cells?.find(({ column }) => column === 'admitted')?.text).toBe('20240230');
  });

  it('stay corrected when the source repeats the bad row, and give way when it delivers a good one', async () => {
    const entry = await site.entry('B2');
    await correct(entry, { admitted: '2024-01-02', total: '60.00', cash: '20.00' });
    await approve(entry);
    await site.read();
    expect(await site.state(entry)).toBe('resolved');
    expect(await balance()).toMatchObject({
      corrected: { rows: '1', fen: '5555' },
      correctedByFen: '445',
    });
    expect(await site.claim('B2')).toMatchObject({ total_fee_fen: '6000', version: 1 });
    await site.his.query(`UPDATE bill SET admitted = '2024-01-03' WHERE no = 'B2'`);
    await site.read();
    expect(await site.claim('B2')).toMatchObject({
      total_fee_fen: '5555',
      admitted_at: '2024-01-03',
    });
    expect(await balance()).toMatchObject({ corrected: { rows: '0' }, correctedByFen: '0' });
    await site.his.query(`UPDATE bill SET admitted = '20240230' WHERE no = 'B2'`);
    await site.read();
    expect(await site.state(entry)).toBe('open');
  });

  it('stay corrected under a corrected key, which no read will ever bring', async () => {
    const entry = await site.entry('B2');
    await correct(entry, { no: 'B22', admitted: '2024-01-02' });
    await approve(entry);
    await site.read();
    await site.his.query(`INSERT INTO bill SELECT 'B8', original, person, certificate, born, pool, settled, '2024-01-03', total, fund, cash
      FROM bill WHERE no = 'B1'`);
    await site.read();
    expect(await site.claim('B22')).toMatchObject({ total_fee_fen: '5555', version: 1 });
    expect(await balance()).toMatchObject({ corrected: { rows: '1' } });
  });

  it('are refused again while anything is wrong with them', async () => {
    const entry = await site.entry('B2');
    await expect(correct(entry, { admitted: '20240231' })).rejects.toMatchObject({
      code: 'quarantine.still_refused',
    });
    await expect(correct(entry, { admitted: '2024-01-02', cash: '1.00' })).rejects.toThrow(
      'fundPaid + cashPaid',
    );
    await expect(correct(entry, { nowhere: '1' })).rejects.toMatchObject({
      code: 'quarantine.unknown_field',
    });
    await expect(correct(entry, { careType: 'inpatient' })).rejects.toThrow('固定值');
    await expect(correct(entry, {})).rejects.toMatchObject({ code: 'quarantine.unknown_field' });
    const stranger = await site.entry('B6');
    await expect(
      correct(stranger, { person: 'P1', certificate: '460200199001019999' }),
    ).rejects.toThrow('参保号与证件号');
    expect(await site.state(entry)).toBe('open');
  });

  it('are left alone once the source has put them right', async () => {
    const entry = await site.entry('B2');
    await correct(entry, { admitted: '2024-01-02' });
    await site.his.query(`UPDATE bill SET admitted = '2024-01-04' WHERE no = 'B2'`);
    await site.read();
    expect(await approve(entry)).toMatchObject([{ ok: false, code: 'quarantine.delivered' }]);
    expect(await site.claim('B2')).toMatchObject({ admitted_at: '2024-01-04', version: 1 });
    const { decisions } = await site.quarantine.show({ ...ALL, entry });
    expect(decisions).toMatchObject([{ state: 'lapsed' }]);
    await balance();
  });

  it('never take another record’s key', async () => {
    const entry = await site.entry('B2');
    await expect(correct(entry, { no: 'B1', admitted: '2024-01-09' })).rejects.toThrow('同键');
    expect(await site.claim('B1')).toMatchObject({ total_fee_fen: '10000', version: 1 });
  });

  it('may be a changed version of what landed before', async () => {
    await site.his.query(
      `UPDATE bill SET admitted = '20240230', total = '101.00', cash = '21.00' WHERE no = 'B1'`,
    );
    await site.read();
    const entry = await site.entry('B1');
    const { preview } = await correct(entry, { admitted: '2024-01-02' });
    expect(preview).toMatchObject({ effect: 'changed' });
    expect(preview.changes).toContainEqual({
      column: 'total_fee_fen',
      before: '10000',
      after: '10100',
    });
    await approve(entry);
    expect(await site.claim('B1')).toMatchObject({ total_fee_fen: '10100', version: 2 });
  });

  it('leave reconciliation nothing to ask once they are corrected', async () => {
    const months = { consortium: CONSORTIUM, month: '2024-01' };
    const differences = async () => {
      const [batches, standing, quarantined] = await withTransaction(
        site.pool,
        async (client) =>
          [
            await readBatches(client, CONSORTIUM, months.month),
            await readStanding(client, CONSORTIUM, months.month),
            await readQuarantined(client, CONSORTIUM, months.month),
          ] as const,
      );
      const nothing = {
        ...{ late: [], adjusted: [], refunds: [] },
        books: [],
        declarations: [],
        unbalanced: [],
        disputed: [],
        unsettled: [],
      };
      return sourceDifferences({ batches, standing, quarantined, ...nothing }).map(
        ({ key }) => key,
      );
    };
    expect(await differences()).toHaveLength(6);
    const entry = await site.entry('B2');
    await correct(entry, { admitted: '2024-01-02', total: '60.00', cash: '20.00' });
    expect(await differences()).toHaveLength(6);
    await approve(entry);
    expect(await differences()).toHaveLength(5);
    await site.read();
    const left = await differences();
    expect(left).toHaveLength(5);
    expect(left.every((key) => key.startsWith('quarantined|'))).toBe(true);
  });

  it('are corrected many at once, one record each', async () => {
    const request = {
      filter: { ...ALL, rule: 'unknown-value', institution: HOSPITAL },
      when: { pool: '510' },
      cells: { pool: '390' },
      ...{ by: MAKER, reason, limit: 100 },
    };
    expect(await site.proposals.correctMany({ ...request, when: { pool: '999' } })).toEqual([]);
    expect(await site.proposals.correctMany({ ...request, dryRun: true })).toMatchObject([
      { ok: true, decision: null },
      { ok: true },
    ]);
    const proposed = await site.proposals.correctMany(request);
    expect(proposed).toMatchObject([{ ok: true }, { ok: true }]);
    const entries = proposed.map(({ entry }) => entry);
    const approved = await site.approvals.approve({
      ...ALL,
      entries: [...entries, '999999'],
      by: CHECKER,
    });
    expect(approved.map(({ ok }) => ok)).toEqual([true, true, false]);
    const decisions = await site.pool.query('SELECT count(*) FROM quarantine_decision');
    expect(decisions.rows[0].count).toBe('2');
    expect(await site.claim('B4')).toMatchObject({ pool: 'resident' });
    await balance();
  });

  it('are dismissed by two people and keep counting', async () => {
    const entry = await site.entry('B5');
    await site.proposals.dismiss({ ...ALL, entry, cause: 'test-record', by: MAKER, reason });
    expect(await balance()).toMatchObject({ proposed: { rows: '1', fen: '-500' } });
    await approve(entry);
    await site.read();
    expect(await site.state(entry)).toBe('dismissed');
    expect(await balance()).toMatchObject({
      dismissed: { rows: '1', fen: '-500' },
      open: { rows: '4' },
    });
  });

  it('are open again when the proposal is turned down or taken back', async () => {
    const entry = await site.entry('B2');
    await correct(entry, { admitted: '2024-01-02' });
    await expect(correct(entry, { admitted: '2024-01-02' })).rejects.toMatchObject({
      code: 'quarantine.wrong_state',
    });
    await expect(site.approvals.reject({ ...ALL, entry, by: MAKER, reason })).rejects.toMatchObject(
      {
        code: 'quarantine.same_person',
      },
    );
    await site.approvals.reject({ ...ALL, entry, by: CHECKER, reason });
    expect(await site.state(entry)).toBe('open');
    await correct(entry, { admitted: '2024-01-02' });
    await expect(site.proposals.withdraw({ ...ALL, entry, by: CHECKER })).rejects.toMatchObject({
      code: 'quarantine.wrong_state',
    });
    await site.proposals.withdraw({ ...ALL, entry, by: MAKER });
    expect(await site.state(entry)).toBe('open');
    expect(await approve(entry)).toMatchObject([{ ok: false, code: 'quarantine.wrong_state' }]);
  });

  it('cannot be decided by one person, whatever program writes it', async () => {
    const entry = await site.entry('B2');
    await correct(entry, { admitted: '2024-01-02' });
    await expect(
      site.pool.query(
        `UPDATE quarantine_decision SET state = 'approved', decided_by = $1, decided_at = now()`,
        [MAKER],
      ),
    ).rejects.toThrow('two_people');
  });

  it('are not landed twice by two approvals at once', async () => {
    const entry = await site.entry('B2');
    await correct(entry, { admitted: '2024-01-02' });
    const outcomes = (await Promise.all([approve(entry), approve(entry, '复核丙')])).flat();
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    const batches = await site.pool.query(
      'SELECT count(*) FROM batch WHERE correction_id IS NOT NULL',
    );
    expect(batches.rows[0].count).toBe('1');
    await balance();
  });
});
