import type pg from 'pg';
import { openRawContent } from '../claims/raw-content.client.js';
import type { RawContent } from '../claims/raw-content.js';
import type { NamedRow } from './corrected-row.js';
import { RawRowGoneError } from './errors.js';

interface Slice {
  readonly first_row: number;
  readonly blob_digest: string;
}

/** Raw rows by batch and number. The blob met last is kept open, for entries mostly stand close together. */
export class RawRows {
  private blob: { readonly digest: string; readonly content: RawContent } | null = null;

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
    const content = rows[0] === undefined ? NOTHING : await this.content(rows[0].blob_digest);
    const cells = content.rows[rawRow - (rows[0]?.first_row ?? 0)];
    if (cells === undefined) {
      throw new RawRowGoneError(`批次 ${batchId} 的第 ${rawRow + 1} 行已不保存`);
    }
    return { columns: content.columns, cells };
  }

  private async content(digest: string): Promise<RawContent> {
    if (this.blob?.digest === digest) return this.blob.content;
    const { rows } = await this.pool.query<{ content: Buffer }>(
      'SELECT content FROM raw_blob WHERE digest = $1',
      [digest],
    );
    const packed = rows[0]?.content;
    const content = packed === undefined ? NOTHING : await openRawContent(packed);
    this.blob = { digest, content };
    return content;
  }
}

const NOTHING: RawContent = { columns: [], rows: [] };
