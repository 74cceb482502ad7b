import { Injectable } from '@nestjs/common';
import { IngestService } from '../../ingest/ingest.service.js';
import type { JobContext, JobHandler, JobResult } from '../job.js';
import { pullWindow } from '../job-kinds.js';

/** Reads one window of one member. Safe to repeat: rows are merged by natural key, files recognised by digest. */
@Injectable()
export class PullJob implements JobHandler<Payload> {
  readonly job = pullWindow;

  constructor(private readonly ingest: IngestService) {}

  async handle(
    { institution, streams, from, to, late, lookBackFrom }: Payload,
    { signal }: JobContext,
  ): Promise<JobResult> {
    const pulled = await this.ingest.pull(
      {
        ...{ institution, streams, window: { from, to }, late },
        ...(lookBackFrom === undefined ? {} : { lookBackFrom }),
      },
      signal,
    );
    return {
      state: pulled.state,
      incomplete: pulled.state === 'incomplete' || pulled.state === 'rejected',
      digest: pulled.digest,
      batches: pulled.batches.length,
      newRows: total(pulled.batches, 'newRows'),
      changedRows: total(pulled.batches, 'changedRows'),
      sameRows: total(pulled.batches, 'sameRows'),
      quarantinedRows: total(pulled.batches, 'quarantinedRows'),
      withdrawnRows: pulled.batches.reduce((sum, each) => sum + (each.withdrawnRows ?? 0), 0),
    };
  }
}

type Payload = ReturnType<typeof pullWindow.payload.parse>;
type Counted = 'newRows' | 'changedRows' | 'sameRows' | 'quarantinedRows';

function total(batches: readonly Readonly<Record<Counted, number>>[], field: Counted): number {
  return batches.reduce((sum, batch) => sum + batch[field], 0);
}
