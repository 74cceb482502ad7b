import { sha256 } from '../kernel/hash.js';
import { addCounts, type BatchCounts, type BatchResult, NO_ROWS } from './batch.js';
import type { StreamRead } from './batch-reader.service.js';
import { resultOf } from './batch-report.js';
import { compareTotals } from './control-totals.js';
import { compileMapping, type MappedBatch } from './mapping/compile-mapping.js';
import { faultMessage } from './mapping/faults.js';

const SHOWN_REASONS = 10;

/** Reads, maps and validates as a pull would, and writes nothing: what would land, what would be refused and why. */
export async function dryRun(read: StreamRead): Promise<BatchResult> {
  const { key, config, source, session, unit, signal } = read;
  const request = {
    stream: source,
    window: key.window,
    ...(unit ? { unit: unit.name } : {}),
    signal,
  };
  const totals = await session.controlTotals(request);
  const mapper = compileMapping(key.stream, config, {
    certificateKey: read.certificateKey,
    settledBefore: key.window.to,
  });
  let counts = NO_ROWS;
  let hashes = '';
  const reasons = new Map<string, number>();
  for await (const batch of session.read({ ...request, batchRows: read.batchRows })) {
    const mapped = mapper.map(batch, counts.landedRows + counts.quarantinedRows);
    counts = addCounts(counts, countsOf(mapped, batch.unreadable?.length ?? 0));
    hashes += mapped.contentHashes;
    for (const { faults } of mapped.refused) {
      const reason = faults[0] === undefined ? '' : faultMessage(faults[0]);
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
  }
  const verdict = compareTotals(totals, counts);
  const refused = [...reasons]
    .slice(0, SHOWN_REASONS)
    .map(([reason, rows]) => `${reason} × ${rows}`);
  const message = [verdict.message, ...refused].filter((each) => each !== null).join('；');
  return resultOf(key, null, {
    ...verdict,
    message: message === '' ? null : message,
    source: totals,
    counts,
    digest: sha256(hashes),
  });
}

function countsOf(mapped: MappedBatch, unreadable: number): BatchCounts {
  return {
    ...NO_ROWS,
    landedRows: mapped.rows,
    landedFen: mapped.amountFen,
    quarantinedRows: mapped.refused.length + unreadable,
    quarantinedFen: mapped.refused.reduce((sum, { amountFen }) => sum + amountFen, 0n),
  };
}
