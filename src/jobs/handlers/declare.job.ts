import { Injectable } from '@nestjs/common';
import { AgencyService } from '../../agency/agency.service.js';
import { digest } from '../../kernel/hash.js';
import type { JobContext, JobHandler, JobResult } from '../job.js';
import { declareMonths } from '../job-kinds.js';
import { Prerequisites } from '../prerequisites.service.js';

/** Writes declarations into the outbox. Safe to repeat: one message a business key, its id never changes. */
@Injectable()
export class DeclareJob implements JobHandler<Payload> {
  readonly job = declareMonths;

  constructor(
    private readonly agency: AgencyService,
    private readonly prerequisites: Prerequisites,
  ) {}

  async handle({ consortium, months }: Payload, { item, signal }: JobContext): Promise<JobResult> {
    await this.prerequisites.assertCalculated(item);
    const digests: string[] = [];
    let [enqueued, unchanged, waiting] = [0, 0, 0];
    for (const month of months) {
      signal.throwIfAborted();
      const declared = await this.agency.declareMonth({ consortium, month });
      digests.push(declared.digest);
      enqueued += declared.enqueued;
      unchanged += declared.unchanged;
      waiting += declared.waiting;
    }
    return { enqueued, unchanged, waiting, digest: digest(digests) };
  }
}

type Payload = ReturnType<typeof declareMonths.payload.parse>;
