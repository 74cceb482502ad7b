import type pg from 'pg';
import type { SourceUnit } from '../../connectors/connector.js';
import type { KnownFile } from '../file-choice.js';
import type { BatchKey } from './batch.repository.js';

type StreamKey = Omit<BatchKey, 'unit' | 'window'>;

/** Files of a stream that were dealt with. */
export async function knownFiles(pool: pg.Pool, key: StreamKey): Promise<readonly KnownFile[]> {
  const { rows } = await pool.query<KnownFile>(
    `SELECT f.name, f.digest, f.size, f.modified_ms AS "modifiedMs", f.outcome, b.window_from AS "from", b.window_to AS "to"
     FROM source_file f JOIN batch b USING (batch_id)
     WHERE f.consortium = $1 AND f.institution = $2 AND f.stream = $3`,
    [key.consortium, key.institution, key.stream],
  );
  return rows;
}

/** Remembers what became of a file; who first met it stays. */
export async function noteFile(
  client: pg.PoolClient,
  key: BatchKey,
  {
    batchId,
    file,
    outcome,
  }: {
    readonly batchId: string;
    readonly file: SourceUnit & { readonly fingerprint: string };
    readonly outcome: KnownFile['outcome'];
  },
): Promise<void> {
  await client.query(
    `INSERT INTO source_file (consortium, institution, stream, digest, name, size, modified_ms, batch_id, outcome)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     ON CONFLICT (consortium, institution, stream, name, digest)
     DO UPDATE SET size = EXCLUDED.size, modified_ms = EXCLUDED.modified_ms, outcome = EXCLUDED.outcome`,
    [
      key.consortium,
      key.institution,
      key.stream,
      file.fingerprint,
      file.name,
      file.size,
      file.modifiedMs,
      batchId,
      outcome,
    ],
  );
}
