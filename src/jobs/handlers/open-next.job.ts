import { Injectable } from '@nestjs/common';
import { openNext } from '../catalogue.js';
import type { JobHandler, JobResult } from '../job.js';

/** A gate between two stages of several pieces: whoever writes down its end queues what follows. */
@Injectable()
export class OpenNextJob implements JobHandler<{ after: string }> {
  readonly job = openNext;

  async handle(): Promise<JobResult> {
    return {};
  }
}
