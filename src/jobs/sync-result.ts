import type { BatchResult, PullResult } from '../ingest/batch.js';
import type { Comparison } from '../ingest/comparison.js';

/** What looking again leaves behind in the table of work. */

export interface ComparedWindow extends Omit<Comparison, 'source' | 'standing'> {
  readonly source: { readonly rows: number | null; readonly yuan: string | null };
  readonly standing: { readonly rows: number; readonly yuan: string };
}

export interface ReadBatch
  extends Pick<
    BatchResult,
    | 'stream'
    | 'batchId'
    | 'unit'
    | 'state'
    | 'sourceRows'
    | 'newRows'
    | 'changedRows'
    | 'sameRows'
    | 'quarantinedRows'
    | 'message'
    | 'remedy'
  > {
  readonly withdrawnRows: number;
}

export interface ReadSummary {
  readonly state: PullResult['state'];
  readonly incomplete: boolean;
  readonly batches: readonly ReadBatch[];
}

/** Of one piece of work; what was not done is absent. */
export interface SyncResult extends Partial<ReadSummary> {
  readonly windows?: number;
  readonly differing?: number;
  readonly compared?: readonly ComparedWindow[];
}
