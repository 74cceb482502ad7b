import { Injectable } from '@nestjs/common';
import type { JobHandler, JobResult } from '../job.js';
import { openNext } from '../job-kinds.js';

/** A gate between two stages of several pieces: whoever writes down its end queues what follows. */
@Injectable()
export class OpenNextJob implements JobHandler<{ after: string }> {
  readonly job = openNext;

  async handle(): Promise<JobResult> {
    return {};
  }
}
