import { Injectable } from '@nestjs/common';
import { SettlementService } from '../../settlement/settlement.service.js';
import type { JobHandler, JobResult } from '../job.js';
import { settleStart } from '../job-kinds.js';

/** Computes the start-of-year prepayment and closes it. Fails where the region has none, or what it needs was not filed. */
@Injectable()
export class SettleStartJob implements JobHandler<Payload> {
  readonly job = settleStart;

  constructor(private readonly settlement: SettlementService) {}

  async handle({ consortium, year }: Payload): Promise<JobResult> {
    const { digests, version, changed, closed } = await this.settlement.settle({
      ...{ consortium, kind: 'start', period: year, close: true },
    });
    return { digest: digests.result, version, changed, closed };
  }
}

type Payload = ReturnType<typeof settleStart.payload.parse>;
