import { Injectable } from '@nestjs/common';
import { SettlementService } from '../../settlement/settlement.service.js';
import type { JobHandler, JobResult } from '../job.js';
import { settleRelease } from '../job-kinds.js';

/** Releases what a month held back and closes the release. Fails while the month is not settled or not assessed. */
@Injectable()
export class SettleReleaseJob implements JobHandler<Payload> {
  readonly job = settleRelease;

  constructor(private readonly settlement: SettlementService) {}

  async handle({ consortium, month }: Payload): Promise<JobResult> {
    const { digests, version, changed, closed } = await this.settlement.settle({
      ...{ consortium, kind: 'release', period: month, close: true },
    });
    return { digest: digests.result, version, changed, closed };
  }
}

type Payload = ReturnType<typeof settleRelease.payload.parse>;
