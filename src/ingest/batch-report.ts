import type { Canonical } from '../kernel/hash.js';
import type { BatchResult } from './batch.js';
import type { BatchEnd, BatchKey } from './landing/batch.repository.js';

export function resultOf(key: BatchKey, batchId: string | null, end: BatchEnd): BatchResult {
  const { counts, source } = end;
  return {
    batchId,
    stream: key.stream,
    unit: key.unit,
    state: end.state,
    sourceRows: source.rows,
    landedRows: counts.landedRows,
    quarantinedRows: counts.quarantinedRows,
    sourceFen: source.amountFen?.toString() ?? null,
    landedFen: counts.landedFen.toString(),
    quarantinedFen: counts.quarantinedFen.toString(),
    newRows: counts.newRows,
    changedRows: counts.changedRows,
    sameRows: counts.sameRows,
    repeatedRows: counts.repeatedRows,
    digest: end.digest,
    message: end.message,
    remedy: end.remedy,
  };
}

/** What the journal remembers of a batch: business content only. */
export function batchContent(key: BatchKey, result: BatchResult): Canonical {
  return {
    institution: key.institution,
    stream: key.stream,
    unit: key.unit,
    from: key.window.from,
    to: key.window.to,
    state: result.state,
    sourceRows: result.sourceRows,
    sourceFen: result.sourceFen,
    landedRows: result.landedRows,
    landedFen: result.landedFen,
    quarantinedRows: result.quarantinedRows,
    quarantinedFen: result.quarantinedFen,
    digest: result.digest,
  };
}
