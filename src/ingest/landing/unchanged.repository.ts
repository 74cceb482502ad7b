import type pg from 'pg';
import { NO_ROWS } from '../batch.js';
import { type BatchEnd, type BatchKey, keyValues, type Origin } from './batch.repository.js';

/**
 * A complete, faultless read of the same values by the same mapping, after which nothing of the stream changed here: reading
 * again could change nothing.
 */
export async function findUnchanged(
  pool: pg.Pool,
  key: BatchKey,
  origin: Origin,
): Promise<{ readonly batchId: string; readonly end: BatchEnd } | null> {
  const { rows } = await pool.query(UNCHANGED, [
    ...keyValues(key),
    origin.contentDigest,
    origin.mappingDigest,
  ]);
  const found = rows[0];
  if (found === undefined) return null;
  const [landed, repeated] = [Number(found.landed_rows), Number(found.repeated_rows)];
  return {
    batchId: found.batch_id,
    end: {
      state: found.state,
      source: {
        rows: found.source_rows === null ? null : Number(found.source_rows),
        amountFen: found.source_fen === null ? null : BigInt(found.source_fen),
      },
      counts: {
        ...NO_ROWS,
        landedRows: landed,
        landedFen: BigInt(found.landed_fen),
        sameRows: landed - repeated,
        repeatedRows: repeated,
      },
      digest: found.digest,
      message: found.message,
      remedy: found.remedy,
    },
  };
}

/** A file is the same file whatever window meets it. */
const UNCHANGED = `
  SELECT b.* FROM batch b
  WHERE consortium = $1 AND institution = $2 AND stream = $3 AND unit IS NOT DISTINCT FROM $4
    AND ($4::text IS NOT NULL OR (window_from = $5 AND window_to = $6))
    AND state = 'complete' AND content_digest = $7 AND mapping_digest = $8 AND quarantined_rows = 0
    AND NOT EXISTS (SELECT 1 FROM batch later WHERE later.consortium = $1 AND later.institution = $2
      AND later.batch_id > b.batch_id AND (later.stream = $3 AND later.changed_rows > 0
        OR (later.stream = $3 AND later.new_rows > 0 OR later.stream IN ($3, 'claims') AND later.withdrawn_rows > 0)
          AND (later.unit = b.unit OR later.unit IS NULL AND b.unit IS NULL
            AND later.window_from < b.window_to AND later.window_to > b.window_from)))
  ORDER BY b.batch_id DESC LIMIT 1`;
