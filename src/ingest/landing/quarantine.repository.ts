import type pg from 'pg';
import type { RefusedRow } from '../mapping/compile-mapping.js';
import { FAULTS, faultMessage } from '../mapping/faults.js';
import type { RefusedLine } from '../receipt.js';
import type { BatchKey } from './batch.repository.js';

/**
 * Parks refused rows for a person. The same bad row delivered again stays one entry: reopened if the source had put it right,
 * left as it is if people corrected or dismissed it.
 */
export async function saveRefused(
  client: pg.PoolClient,
  key: BatchKey,
  {
    batchId,
    blob,
    refused,
  }: {
    readonly batchId: string;
    readonly blob: string;
    readonly refused: readonly RefusedRow[];
  },
): Promise<void> {
  if (refused.length === 0) return;
  const entries = refused.map((row) => {
    const [first, ...others] = row.faults;
    const fault = first ?? { rule: 'unreadable-row' as const, field: null, detail: '' };
    const [stage, , remedy] = FAULTS[fault.rule];
    return {
      row_hash: row.rowHash,
      raw_row: row.rawRow,
      stage,
      rule: fault.rule,
      field: fault.field,
      message: faultMessage(fault),
      remedy,
      other_rules: [...new Set(others.map(({ rule }) => rule))],
      amount_fen: row.amountFen.toString(),
      natural_key: row.naturalKey,
    };
  });
  await client.query(INSERT, [
    key.consortium,
    key.institution,
    key.stream,
    batchId,
    blob,
    JSON.stringify(entries),
  ]);
}

/** The source had it right and has it wrong again. What people decided about the row holds as long as the row is the same. */
const REOPENS = `quarantine.state = 'resolved' AND quarantine.correction_id IS NULL`;

const INSERT = `
  INSERT INTO quarantine (consortium, institution, stream, batch_id, blob_digest, row_hash, raw_row, stage, rule, field,
    message, remedy, other_rules, amount_fen, natural_key, first_seen_at)
  SELECT DISTINCT ON (e.row_hash) $1, $2, $3, $4::bigint, $5, e.row_hash, e.raw_row, e.stage, e.rule, e.field, e.message,
    e.remedy, e.other_rules, e.amount_fen, e.natural_key, now()
  FROM jsonb_to_recordset($6::jsonb) AS e(row_hash text, raw_row integer, stage text, rule text, field text, message text,
    remedy text, other_rules text[], amount_fen bigint, natural_key text)
  ORDER BY e.row_hash, e.raw_row
  ON CONFLICT (consortium, institution, stream, row_hash) DO UPDATE SET batch_id = EXCLUDED.batch_id,
    blob_digest = EXCLUDED.blob_digest, raw_row = EXCLUDED.raw_row, rule = EXCLUDED.rule, stage = EXCLUDED.stage,
    message = EXCLUDED.message, remedy = EXCLUDED.remedy,
    state = CASE WHEN ${REOPENS} THEN 'open' ELSE quarantine.state END,
    resolved_by_batch = CASE WHEN ${REOPENS} THEN NULL ELSE quarantine.resolved_by_batch END`;

/** What was refused of these batches, in the order of the source. */
export async function refusedOf(
  pool: pg.Pool,
  batchIds: readonly string[],
): Promise<readonly RefusedLine[]> {
  const { rows } = await pool.query<RefusedLine>(
    `SELECT batch_id AS "batchId", raw_row + 1 AS row, field, message, remedy FROM quarantine
     WHERE batch_id = ANY($1) ORDER BY batch_id, raw_row, field`,
    [batchIds],
  );
  return rows;
}
