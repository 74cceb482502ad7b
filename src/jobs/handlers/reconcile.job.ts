import { Injectable } from '@nestjs/common';
import { digest } from '../../kernel/hash.js';
import { ReconciliationService } from '../../reconciliation/reconciliation.service.js';
import type { JobContext, JobHandler, JobResult } from '../job.js';
import { reconcileMonths } from '../job-kinds.js';

/** Compares source, gateway and agency. Safe to repeat: a difference is the same row as long as it lasts. */
@Injectable()
export class ReconcileJob implements JobHandler<Payload> {
  readonly job = reconcileMonths;

  constructor(private readonly reconciliation: ReconciliationService) {}

  async handle({ consortium, months }: Payload, { signal }: JobContext): Promise<JobResult> {
    const states: Record<string, string> = {};
    const digests: string[] = [];
    let differences = 0;
    for (const month of months) {
      signal.throwIfAborted();
      const compared = await this.reconciliation.run({ consortium, month });
      states[month] = compared.state;
      digests.push(compared.digest);
      differences += compared.differences;
    }
    return { states, differences, digest: digest(digests) };
  }
}

type Payload = ReturnType<typeof reconcileMonths.payload.parse>;
