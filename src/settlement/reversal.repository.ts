import type pg from 'pg';
import { SettlementInputError } from './errors.js';
import { type StoredRun, storeRun } from './run.repository.js';
import type { RunKey } from './run-key.js';

/** Nothing was computed for a run that only takes another one back. */
const NONE = 'reversal';

export interface Reversal extends RunKey {
  readonly runId: string;
  readonly version: number;
  readonly before: StoredRun;
  readonly reason: string;
}

/** Stores a run that takes the current one back: no figures, its vouchers turned round. */
export async function storeReversal(client: pg.ClientBase, reversal: Reversal): Promise<void> {
  const { runId, consortium, kind, period, version, before, reason } = reversal;
  await storeRun(client, {
    ...{ runId, consortium, kind, period, version, before },
    region: before.facts.region,
    digests: { inputs: NONE, policy: NONE, knowledge: NONE, result: NONE },
    facts: before.facts,
    policy: before.policy,
    ...{ figures: [], postings: [], deductions: [] },
    reversal: { reason },
  });
}

/**
 * A run that a standing one was computed from is taken back after it, not before: the year before its months, a release before its month.
 *
 * @throws SettlementInputError
 */
export async function assertNothingRests(
  client: pg.ClientBase,
  { consortium, kind, period }: RunKey,
): Promise<void> {
  const { rows } = await client.query<{ run: string }>(
    `SELECT kind || ' ' || period AS run FROM settlement_run
     WHERE consortium = $1 AND current AND reverses IS NULL AND
       (kind = 'year' AND $2 <> 'year' AND period = left($3, 4) OR kind = 'release' AND $2 = 'month' AND period = $3)`,
    [consortium, kind, period],
  );
  const [resting] = rows;
  if (resting !== undefined)
    throw new SettlementInputError(`请先冲回 ${resting.run}：它用到了 ${kind} ${period} 的结果`);
}
