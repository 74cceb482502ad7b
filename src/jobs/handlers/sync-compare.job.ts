import { Injectable } from '@nestjs/common';
import type { Comparison } from '../../ingest/comparison.js';
import { SyncService } from '../../ingest/sync.service.js';
import { fen, toYuan } from '../../kernel/money.js';
import type { JobContext, JobHandler, JobResult } from '../job.js';
import { syncCompare } from '../job-kinds.js';
import type { ComparedWindow } from '../sync-result.js';
import { readSummary } from './sync-backfill.job.js';

/** Compares days with their source, and where they differ reads them anew if told to. Safe to repeat: what was put right agrees. */
@Injectable()
export class SyncCompareJob implements JobHandler<Payload> {
  readonly job = syncCompare;

  constructor(private readonly sync: SyncService) {}

  async handle(payload: Payload, { signal }: JobContext): Promise<JobResult> {
    const { repair, withdrawal, ...request } = payload;
    const found = await this.sync.compare(request, signal);
    const differing = found.filter(({ agrees }) => !agrees).length;
    const result = { windows: found.length, differing, compared: found.map(shown) };
    if (differing === 0) return { ...result, incomplete: false };
    if (!repair) return { ...result, incomplete: true };
    return { ...result, ...readSummary(await this.sync.read({ ...request, withdrawal }, signal)) };
  }
}

type Payload = ReturnType<typeof syncCompare.payload.parse>;

function shown({ source, standing, ...rest }: Comparison): ComparedWindow {
  return {
    ...rest,
    source: { rows: source.rows, yuan: source.fen === null ? null : yuanOf(source.fen) },
    standing: { rows: standing.rows, yuan: yuanOf(standing.fen) },
  };
}

function yuanOf(text: string): string {
  return toYuan(fen(BigInt(text)));
}
