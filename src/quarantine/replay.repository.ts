import type pg from 'pg';
import { NO_ROWS } from '../ingest/batch.js';
import { NATURAL_KEYS, type Stream } from '../ingest/fields.js';
import {
  type BatchKey,
  finishBatch,
  insertBatch,
  saveSlice,
} from '../ingest/landing/batch.repository.js';
import { openCopy } from '../ingest/landing/copy.client.js';
import {
  ensurePartitions,
  type MergeOutcome,
  mergeStaged,
} from '../ingest/landing/landing.repository.js';
import { SliceBuffer } from '../ingest/landing/slice-buffer.js';
import { copyStatement, createStaging } from '../ingest/landing/staging.js';
import { compileMapping } from '../ingest/mapping/compile-mapping.js';
import { faultMessage } from '../ingest/mapping/faults.js';
import { canonicalFields } from './corrected-row.js';
import type { StoredEntry } from './entry.repository.js';
import type { RowMapping } from './site-mappings.loader.js';

/** A corrected row that went through the mapping, ready to be merged, or the reasons why it cannot. */
export interface MappedCorrection {
  readonly buffer: SliceBuffer;
  readonly copyBytes: Uint8Array;
  /** Canonical field → text; empty when the mapping refused the row. */
  readonly fields: Readonly<Record<string, string | null>>;
  readonly faults: readonly string[];
}

/**
 * Puts a corrected row through the mapping that its read went through, and makes room for its month: partitions are made on a
 * connection of their own, so this comes before the transaction that merges.
 */
export async function mapCorrection(
  pool: pg.Pool,
  { stream, windowTo }: Pick<StoredEntry, 'stream' | 'windowTo'>,
  { mapping, row }: { readonly mapping: RowMapping; readonly row: readonly (string | null)[] },
): Promise<MappedCorrection> {
  const { config, certificateKey } = mapping;
  const mapper = compileMapping(stream, config, { certificateKey, settledBefore: windowTo });
  const buffer = new SliceBuffer(mapper, 0);
  const { copyBytes } = buffer.take({ columns: mapper.columns, rows: [row], cursor: null });
  const faults = buffer.refused.flatMap((refused) => refused.faults.map(faultMessage));
  if (faults.length > 0) return { buffer, copyBytes, fields: {}, faults };
  await ensurePartitions(pool, mapper.months);
  const line = new TextDecoder().decode(copyBytes);
  return { buffer, copyBytes, fields: canonicalFields(stream, line), faults };
}

export interface MergedCorrection {
  readonly merged: MergeOutcome;
  /** Empty when the row landed. */
  readonly refusals: readonly string[];
}

/** Merges the row by the statements that merge every read, in the caller's transaction. */
export async function mergeCorrection(
  client: pg.PoolClient,
  {
    key,
    batchId,
    mapping,
  }: { readonly key: BatchKey; readonly batchId: string; readonly mapping: RowMapping },
  { buffer, copyBytes }: MappedCorrection,
): Promise<MergedCorrection> {
  const { consortium, institution, stream } = key;
  const { settledBy, level } = mapping;
  await client.query(createStaging(stream));
  const sink = openCopy(client, copyStatement(stream));
  await sink.write(copyBytes);
  await sink.end();
  const merged = await mergeStaged(client, {
    consortium,
    institution,
    stream,
    batchId,
    settledBy,
    level,
  });
  buffer.refuse(merged.refusals);
  const refusals = buffer.refused.flatMap(({ faults }) => faults.map(faultMessage));
  return { merged, refusals };
}

/** The batch that a correction lands in: no read, but a row moved from "set aside" to "landed". */
export async function openCorrectionBatch(
  client: pg.PoolClient,
  key: BatchKey,
  decision: string | null,
): Promise<string> {
  const batchId = await insertBatch(client, {
    ...key,
    unit: `correction:${decision ?? 'preview'}`,
  });
  if (decision !== null) {
    await client.query('UPDATE batch SET correction_id = $2 WHERE batch_id = $1', [
      batchId,
      decision,
    ]);
  }
  return batchId;
}

/** Keeps the corrected row as the batch's raw row and states what moved. Returns what landed, in fen. */
export async function closeCorrectionBatch(
  client: pg.PoolClient,
  batchId: string,
  {
    buffer,
    merged,
    readFen,
  }: { readonly buffer: SliceBuffer; readonly merged: MergeOutcome; readonly readFen: bigint },
): Promise<bigint> {
  const digest = buffer.digest();
  const raw = buffer.content();
  await saveSlice(client, {
    batchId,
    slice: 0,
    firstRow: 0,
    rows: 1,
    digest,
    raw,
    resumeAfter: null,
  });
  const { landedFen, newRows, changedRows, sameRows } = merged;
  await finishBatch(client, batchId, {
    state: 'complete',
    source: { rows: 0, amountFen: landedFen - readFen },
    counts: {
      ...NO_ROWS,
      ...{ landedRows: 1, landedFen, quarantinedRows: -1, quarantinedFen: -readFen },
      ...{ newRows, changedRows, sameRows },
    },
    digest,
    message: null,
    remedy: null,
  });
  return landedFen;
}

export type StandingRow = Readonly<Record<string, unknown>>;

const TABLES: Readonly<Record<Stream, readonly [table: string, keys: readonly string[]]>> = {
  persons: ['person', ['person_id']],
  claims: ['claim', ['claim_no']],
  lines: ['claim_line', ['claim_no', 'line_no']],
  diagnoses: ['claim_diagnosis', ['claim_no', 'sequence']],
  procedures: ['claim_procedure', ['claim_no', 'sequence']],
};

/** The row of that natural key as it stands in the books; null when there is none. */
export async function standingRow(
  client: pg.ClientBase,
  { consortium, institution, stream }: Pick<BatchKey, 'consortium' | 'institution' | 'stream'>,
  fields: Readonly<Record<string, string | null>>,
): Promise<StandingRow | null> {
  const [table, keys] = TABLES[stream];
  const values: unknown[] = [
    consortium,
    ...NATURAL_KEYS[stream].map((name) => fields[name] ?? null),
  ];
  const match = keys.map((key, index) => `AND t.${key}::text = $${index + 2}`).join(' ');
  const own = stream === 'persons' ? '' : `AND t.institution = $${values.push(institution)}`;
  const { rows } = await client.query<{ row: StandingRow }>(
    `SELECT to_jsonb(t) AS row FROM ${table} t WHERE t.consortium = $1 ${match} ${own} LIMIT 1`,
    values,
  );
  return rows[0]?.row ?? null;
}
