import { RowBudgetError, SourceRejectedError, UnfinishedFileError } from '../connectors/errors.js';
import { type BatchCounts, NO_ROWS } from './batch.js';
import type { KnownFile } from './file-choice.js';

/** Where a read stands between two slices. */
export interface Progress {
  batchId: string | null;
  slice: number;
  nextRow: number;
  counts: BatchCounts;
  digests: string[];
  after: string | null;
}

/** What the committed slices of an interrupted read left behind. */
export interface Resumed {
  readonly batchId: string;
  readonly after: string;
  readonly nextSlice: number;
  readonly nextRow: number;
  readonly counts: BatchCounts;
  readonly sliceDigests: readonly string[];
}

/** How a batch ends. */
export interface Verdict {
  readonly state: 'complete' | 'incomplete' | 'empty' | 'rejected';
  readonly message: string | null;
  readonly remedy: string | null;
}

/** How a file is remembered; one that is not whole is not, and met again. */
export const FILE_OUTCOMES: Readonly<Partial<Record<Verdict['state'], KnownFile['outcome']>>> = {
  complete: 'landed',
  empty: 'empty',
  rejected: 'rejected',
};

export function startedFrom(resumed: Resumed | null): Progress {
  return {
    batchId: resumed?.batchId ?? null,
    slice: resumed?.nextSlice ?? 0,
    nextRow: resumed?.nextRow ?? 0,
    counts: resumed?.counts ?? NO_ROWS,
    digests: [...(resumed?.sliceDigests ?? [])],
    after: resumed?.after ?? null,
  };
}

/** How a batch ends by what the source threw; null = not an end, the read is to be tried again. */
export function verdictOf(error: unknown): Verdict | null {
  if (error instanceof SourceRejectedError) {
    return { state: 'rejected', message: error.message, remedy: error.remedy };
  }
  if (error instanceof UnfinishedFileError || error instanceof RowBudgetError) {
    return { state: 'incomplete', message: error.message, remedy: error.remedy };
  }
  return null;
}

export function tooManyRefused(rows: number): SourceRejectedError {
  return new SourceRejectedError(
    `单个事务内有 ${rows} 行不合格，超过隔离上限，本批未落地`,
    '多半是列映射或编码有误：请用 heyi ingest --dry-run 查看原因，改正后重读。',
  );
}

/** A day that is still running is never whole, however well its rows so far agree. */
export function verdictUntil(until: string | null | undefined, verdict: Verdict): Verdict {
  const whole = verdict.state === 'complete' || verdict.state === 'empty';
  if (until == null || !whole) return verdict;
  const message = `时间窗尚未结束，读到 ${until} 为止`;
  return { state: 'incomplete', message, remedy: '无须处理：该日结束后的夜间采集会补齐。' };
}
