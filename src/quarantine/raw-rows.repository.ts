import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type pg from 'pg';
import type { NamedRow } from './corrected-row.js';
import { RawRowGoneError } from './errors.js';

const decompress = promisify(gunzip);

interface Slice {
  readonly first_row: number;
  readonly blob_digest: string;
}

/** Raw rows by batch and number. The blob met last is kept open, for entries mostly stand close together. */
export class RawRows {
  private blob: { readonly digest: string; readonly lines: readonly string[] } | null = null;

  constructor(private readonly pool: pg.Pool) {}

  /** @throws RawRowGoneError when the raw batch is no longer kept */
  async of({
    batchId,
    rawRow,
  }: {
    readonly batchId: string;
    readonly rawRow: number;
  }): Promise<NamedRow> {
    const { rows } = await this.pool.query<Slice>(
      `SELECT first_row, blob_digest FROM batch_slice
       WHERE batch_id = $1 AND first_row <= $2 AND $2 < first_row + rows`,
      [batchId, rawRow],
    );
    const lines = rows[0] === undefined ? [] : await this.lines(rows[0].blob_digest);
    const line = lines[1 + rawRow - (rows[0]?.first_row ?? 0)];
    if (line === undefined || line === '') {
      throw new RawRowGoneError(`批次 ${batchId} 的第 ${rawRow + 1} 行已不保存`);
    }
    const columns = JSON.parse(lines[0] ?? '[]') as string[];
    return { columns, cells: JSON.parse(line) as (string | null)[] };
  }

  private async lines(digest: string): Promise<readonly string[]> {
    if (this.blob?.digest === digest) return this.blob.lines;
    const { rows } = await this.pool.query<{ content: Buffer }>(
      'SELECT content FROM raw_blob WHERE digest = $1',
      [digest],
    );
    const content = rows[0]?.content;
    const lines =
      content === undefined ? [] : (await decompress(content)).toString('utf8').split('\n');
    this.blob = { digest, lines };
    return lines;
  }
}
