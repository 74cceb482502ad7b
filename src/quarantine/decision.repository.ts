import type pg from 'pg';
import type { CorrectedCells } from './corrected-row.js';
import type { DismissalCause } from './entry.js';
import type { StoredEntry } from './entry.repository.js';

export interface Decision {
  readonly decisionId: string;
  readonly kind: 'correction' | 'dismissal';
  /** Source column → text; null for a dismissal. */
  readonly cells: CorrectedCells | null;
  readonly cause: DismissalCause | null;
  readonly reason: string;
  readonly proposedBy: string;
  readonly proposedAt: string;
  readonly state: 'proposed' | 'approved' | 'rejected' | 'withdrawn' | 'lapsed';
  readonly decidedBy: string | null;
  readonly decidedAt: string | null;
  readonly decidedReason: string | null;
  readonly landedBatchId: string | null;
  readonly landedFen: string | null;
}

const instant = (column: string): string =>
  `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;

const COLUMNS = `decision_id AS "decisionId", kind, cells, cause, reason, proposed_by AS "proposedBy",
  ${instant('proposed_at')} AS "proposedAt", state, decided_by AS "decidedBy", ${instant('decided_at')} AS "decidedAt",
  decided_reason AS "decidedReason", landed_batch_id AS "landedBatchId", landed_fen AS "landedFen"`;

/** Everything that was decided about an entry, oldest first. */
export async function decisionsOf(
  pool: pg.Pool | pg.ClientBase,
  entry: string,
): Promise<readonly Decision[]> {
  const { rows } = await pool.query<Decision>(
    `SELECT ${COLUMNS} FROM quarantine_decision WHERE quarantine_id = $1 ORDER BY decision_id`,
    [entry],
  );
  return rows;
}

export async function pendingDecision(
  pool: pg.Pool | pg.ClientBase,
  entry: string,
): Promise<Decision | null> {
  const { rows } = await pool.query<Decision>(
    `SELECT ${COLUMNS} FROM quarantine_decision WHERE quarantine_id = $1 AND state = 'proposed'`,
    [entry],
  );
  return rows[0] ?? null;
}

export interface Proposal {
  readonly consortium: string;
  readonly entry: string;
  readonly by: string;
  readonly reason: string;
  readonly what: { readonly cells: CorrectedCells } | { readonly cause: DismissalCause };
}

/** Notes the proposal and takes the entry off the open list. Its number. */
export async function insertProposal(client: pg.ClientBase, proposal: Proposal): Promise<string> {
  const { consortium, entry, by, reason, what } = proposal;
  const isCorrection = 'cells' in what;
  const { rows } = await client.query<{ decision_id: string }>(
    `INSERT INTO quarantine_decision (consortium, quarantine_id, kind, cells, cause, reason, proposed_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING decision_id`,
    [
      consortium,
      entry,
      isCorrection ? 'correction' : 'dismissal',
      isCorrection ? JSON.stringify(what.cells) : null,
      isCorrection ? null : what.cause,
      reason,
      by,
    ],
  );
  await client.query(`UPDATE quarantine SET state = 'proposed' WHERE quarantine_id = $1`, [entry]);
  return rows[0]?.decision_id ?? '';
}

/** Proposals about an entry that something else has settled. */
export async function lapseProposals(
  client: pg.Pool | pg.ClientBase,
  entry: string,
): Promise<void> {
  await client.query(
    `UPDATE quarantine_decision SET state = 'lapsed' WHERE quarantine_id = $1 AND state = 'proposed'`,
    [entry],
  );
}

/** A proposal that is turned down, or taken back, leaves the entry open. */
export async function closeProposal(
  client: pg.ClientBase,
  { decision, entry }: { readonly decision: string; readonly entry: string },
  outcome:
    | { readonly state: 'rejected'; readonly by: string; readonly reason: string }
    | { readonly state: 'withdrawn' },
): Promise<void> {
  const [by, reason] = outcome.state === 'rejected' ? [outcome.by, outcome.reason] : [null, null];
  await client.query(
    `UPDATE quarantine_decision SET state = $2, decided_by = $3, decided_reason = $4, decided_at = now() WHERE decision_id = $1`,
    [decision, outcome.state, by, reason],
  );
  await client.query(`UPDATE quarantine SET state = 'open' WHERE quarantine_id = $1`, [entry]);
}

export interface Approval {
  readonly entry: StoredEntry;
  readonly decision: string;
  readonly by: string;
  readonly reason: string | null;
  /** Where the corrected row landed, under which natural key; null for a dismissal. */
  readonly landed: {
    readonly batchId: string;
    readonly fen: bigint;
    readonly naturalKey: string;
  } | null;
}

export async function approveProposal(client: pg.ClientBase, approval: Approval): Promise<void> {
  const { entry, decision, by, reason, landed } = approval;
  await client.query(
    `UPDATE quarantine_decision SET state = 'approved', decided_by = $2, decided_reason = $3, decided_at = now(),
       read_batch_id = $4, read_raw_row = $5, read_fen = $6, landed_batch_id = $7, landed_fen = $8 WHERE decision_id = $1`,
    [
      decision,
      by,
      reason,
      entry.batchId,
      entry.rawRow,
      entry.amountFen,
      landed?.batchId ?? null,
      landed?.fen.toString() ?? null,
    ],
  );
  if (landed === null) {
    await client.query(`UPDATE quarantine SET state = 'dismissed' WHERE quarantine_id = $1`, [
      entry.quarantineId,
    ]);
    return;
  }
  await client.query(
    `UPDATE quarantine SET state = 'resolved', resolved_by_batch = $2, correction_id = $3, natural_key = $4
     WHERE quarantine_id = $1`,
    [entry.quarantineId, landed.batchId, decision, landed.naturalKey],
  );
}
