import { Injectable } from '@nestjs/common';
import { SettlementService } from '../../settlement/settlement.service.js';
import type { JobHandler, JobResult } from '../job.js';
import { settleYear } from '../job-kinds.js';

/** Computes the annual clearing and closes the year. Halts, listing the gaps, while a parameter is unspecified. */
@Injectable()
export class SettleYearJob implements JobHandler<Payload> {
  readonly job = settleYear;

  constructor(private readonly settlement: SettlementService) {}

  async handle({ consortium, year }: Payload): Promise<JobResult> {
    const { digests, version, changed, closed } = await this.settlement.settleYear({
      ...{ consortium, year, close: true },
    });
    return { digest: digests.result, version, changed, closed };
  }
}

type Payload = ReturnType<typeof settleYear.payload.parse>;
