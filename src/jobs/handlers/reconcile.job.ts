import { Injectable } from '@nestjs/common';
import { ReconciliationService } from '../../reconciliation/reconciliation.service.js';
import type { JobHandler, JobResult } from '../job.js';
import { reconcileMonth } from '../job-kinds.js';

/** Compares source, gateway and agency. Safe to repeat: a difference is the same row as long as it lasts. */
@Injectable()
export class ReconcileJob implements JobHandler<Payload> {
  readonly job = reconcileMonth;

  constructor(private readonly reconciliation: ReconciliationService) {}

  async handle(payload: Payload): Promise<JobResult> {
    return { ...(await this.reconciliation.run(payload)) };
  }
}

type Payload = ReturnType<typeof reconcileMonth.payload.parse>;
