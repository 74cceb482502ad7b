import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RawBatch, SourceSession } from '../../../src/connectors/connector.js';
import { CONNECTORS } from '../../../src/connectors/index.js';
import { type PreparedSource, ROWS, type SourceFixture } from './source-fixture.js';

const JANUARY = { from: '2024-01-01', to: '2024-02-01' };
const live = new AbortController().signal;

/**
 * What every connector promises, run against a real source of its kind.
 *
 * @param way  tells runs of one kind apart that read in different ways
 */
export function connectorConformance(kind: string, fixture: SourceFixture, way = ''): void {
  describe(`connector ${kind}${way}`, () => {
    let source: PreparedSource;
    let session: SourceSession<unknown>;
    let unit: { readonly unit?: string } = {};
    const connector = CONNECTORS.find((each) => each.kind === kind);
    const open = async (prepared: PreparedSource) => {
      if (connector === undefined) throw new Error(`no connector ${kind}`);
      return connector.open(connector.options.parse(prepared.options), prepared.context);
    };
    const streamOf = ({ stream }: PreparedSource): unknown => connector?.stream.parse(stream);
    const request = (prepared: PreparedSource, signal: AbortSignal = live) => ({
      stream: streamOf(prepared),
      window: JANUARY,
      ...unit,
      signal,
    });
    const collect = async (batches: AsyncIterable<RawBatch>): Promise<RawBatch[]> => {
      const found: RawBatch[] = [];
      for await (const batch of batches) found.push(batch);
      return found;
    };

    beforeAll(async () => {
      source = await fixture.prepare(ROWS);
      session = await open(source);
      const stream = streamOf(source);
      const units = await session.units?.({ stream, window: JANUARY, late: false, signal: live });
      if (units !== undefined) unit = { unit: units[0]?.name ?? '' };
    });
    afterAll(async () => {
      await session.close();
      await fixture.dispose();
    });

    it('is satisfied with a good source when it probes it', async () => {
      const findings = await session.probe({ claims: streamOf(source) }, live);
      expect(findings.length).toBeGreaterThan(0);
      expect(findings.filter(({ ok }) => !ok)).toEqual([]);
    });

    it('yields every row once, as the text the source holds, in order', async () => {
      const batches = await collect(session.read({ ...request(source), batchRows: 2 }));
      const rows = batches.flatMap((batch) => batch.rows);
      expect(batches.every((batch) => batch.rows.length <= 2)).toBe(true);
      expect(batches[0]?.columns).toEqual(['no', 'settled', 'name', 'amount']);
      expect(rows.map(([no]) => no).sort()).toEqual(ROWS.map(({ no }) => no).sort());
      for (const { no, settled, name, amount } of ROWS) {
        const row = rows.find((each) => each[0] === no);
        expect(row?.[1]?.replace('T', ' ').slice(0, 19)).toBe(settled);
        expect(row?.[2] ?? '').toBe(name ?? '');
        expect(row?.[3]).toBe(amount);
      }
      const moments = rows.map((row) => row[1] ?? '');
      expect(moments).toEqual([...moments].sort());
    });

    it('goes on strictly after a cursor', async () => {
      const all = await collect(session.read({ ...request(source), batchRows: 2 }));
      const after = all[0]?.cursor ?? '';
      const rest = await collect(session.read({ ...request(source), batchRows: 2, after }));
      expect(rest.flatMap(({ rows }) => rows)).toEqual(all.slice(1).flatMap(({ rows }) => rows));
    });

    it('gives the source’s own count and sum of the window', async () => {
      expect(await session.controlTotals(request(source))).toMatchObject({
        rows: 5,
        amountFen: 11_508n,
      });
    });

    it('reads nothing outside the window', async () => {
      const february = { from: '2024-02-01', to: '2024-03-01' };
      const stream = streamOf(source);
      if (session.units !== undefined) {
        const ask = { stream, window: february, late: false, signal: live };
        expect(await session.units(ask)).toEqual([]);
        return;
      }
      const window = { stream, window: february, signal: live };
      expect(await collect(session.read({ ...window, batchRows: 2 }))).toEqual([]);
      expect(await session.controlTotals(window)).toMatchObject({ rows: 0, amountFen: 0n });
    });

    it('stops at the row budget', async () => {
      const limits = { ...source.context.limits, windowRows: 3 };
      const poor = await open({ ...source, context: { ...source.context, limits } });
      const reading = collect(poor.read({ ...request(source), batchRows: 2 }));
      await expect(reading).rejects.toMatchObject({ code: 'source.row_budget' });
      await poor.close();
    });

    it('names a missing column', async () => {
      const lacking = fixture.lacking(source);
      const reading = collect(session.read({ ...request(lacking), batchRows: 2 }));
      await expect(reading).rejects.toMatchObject({
        code: 'source.rejected',
        message: expect.stringContaining('absent'),
      });
    });

    it('says when the source is not there', async () => {
      const asking = async (): Promise<unknown> => {
        const lost = await open(fixture.unreachable(source));
        const stream = streamOf(source);
        return lost.units?.({ stream, window: JANUARY, late: true, signal: live });
      };
      await expect(asking()).rejects.toMatchObject({
        code: 'source.unreachable',
        recovery: 'retry',
      });
    });

    it('does not start once the signal has fired', async () => {
      const stop = new AbortController();
      stop.abort(new Error('stopped'));
      const reading = collect(session.read({ ...request(source, stop.signal), batchRows: 2 }));
      await expect(reading).rejects.toThrow('stopped');
    });

    it('comes to an end when the signal fires between two statements', async () => {
      const stop = new AbortController();
      const other = await open(source);
      const batches = other.read({ ...request(source, stop.signal), batchRows: 2 });
      const reading = collect(batches).catch((error: Error) => error.message); // its first statement is on its way
      stop.abort(new Error('stopped'));
      expect(['stopped', expect.any(Array)]).toContainEqual(await reading);
      await other.close();
    });

    it('reads again after a read was left half-way', async () => {
      for await (const batch of session.read({ ...request(source), batchRows: 1 })) {
        expect(batch.rows).toHaveLength(1);
        break;
      }
      expect(await session.controlTotals(request(source))).toMatchObject({ rows: 5 });
    });

    const { slow } = fixture;
    if (slow === undefined) return;

    it('cancels at the server when the signal fires', async () => {
      const stop = new AbortController();
      const other = await open(source);
      const reading = collect(
        other.read({ ...request(slow.call(fixture, source), stop.signal), batchRows: 2 }),
      );
      setTimeout(() => stop.abort(new Error('stopped')), 300);
      await expect(reading).rejects.toThrow('stopped');
      await stopsRunning(fixture);
      await other.close();
    });

    it('gives up at the statement timeout, and the server with it', async () => {
      const limits = { ...source.context.limits, statementTimeoutMs: 1_000 };
      const hurried = await open({ ...source, context: { ...source.context, limits } });
      const reading = collect(
        hurried.read({ ...request(slow.call(fixture, source)), batchRows: 2 }),
      );
      await expect(reading).rejects.toMatchObject({ code: 'source.timeout', recovery: 'retry' });
      await stopsRunning(fixture);
      await hurried.close();
    });
  });
}

/** Waits until the server runs no statement of the reader; one that it was not told to cancel would run for half a minute. */
async function stopsRunning(fixture: SourceFixture): Promise<void> {
  for (let tries = 0; tries < 50 && (await fixture.running?.()) !== 0; tries += 1) await sleep(100);
  expect(await fixture.running?.()).toBe(0);
}
