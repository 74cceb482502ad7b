import { Injectable } from '@nestjs/common';
import { SettlementService } from '../../settlement/settlement.service.js';
import type { JobHandler, JobResult } from '../job.js';
import { settleYear } from '../job-kinds.js';

/** Computes the annual clearing. Halts, listing the gaps, while a parameter is unspecified. */
@Injectable()
export class SettleYearJob implements JobHandler<Payload> {
  readonly job = settleYear;

  constructor(private readonly settlement: SettlementService) {}

  async handle({ consortium, year }: Payload): Promise<JobResult> {
    const run = await this.settlement.settleYear({ consortium, year });
    return { digest: run.resultDigest };
  }
}

type Payload = ReturnType<typeof settleYear.payload.parse>;
