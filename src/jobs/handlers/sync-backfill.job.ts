import { Injectable } from '@nestjs/common';
import type { PullResult } from '../../ingest/batch.js';
import { SyncService } from '../../ingest/sync.service.js';
import type { JobContext, JobHandler, JobResult } from '../job.js';
import { syncBackfill } from '../job-kinds.js';
import type { ReadSummary } from '../sync-result.js';

/** Reads days anew, in the windows they were read in. Safe to repeat: rows merge by natural key. */
@Injectable()
export class SyncBackfillJob implements JobHandler<Payload> {
  readonly job = syncBackfill;

  constructor(private readonly sync: SyncService) {}

  async handle(payload: Payload, { signal }: JobContext): Promise<JobResult> {
    return { ...readSummary(await this.sync.read(payload, signal)) };
  }
}

type Payload = ReturnType<typeof syncBackfill.payload.parse>;

export function readSummary({ state, batches }: PullResult): ReadSummary {
  return {
    ...{ state, incomplete: state === 'incomplete' || state === 'rejected' },
    batches: batches.map(({ stream, batchId, state: each, unit, ...batch }) => ({
      ...{ stream, batchId, state: each, unit, sourceRows: batch.sourceRows },
      ...{ newRows: batch.newRows, changedRows: batch.changedRows, sameRows: batch.sameRows },
      ...{ quarantinedRows: batch.quarantinedRows, withdrawnRows: batch.withdrawnRows ?? 0 },
      ...{ message: batch.message, remedy: batch.remedy },
    })),
  };
}
