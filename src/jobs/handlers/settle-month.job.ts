import { Injectable } from '@nestjs/common';
import { SettlementService } from '../../settlement/settlement.service.js';
import type { JobContext, JobHandler, JobResult } from '../job.js';
import { settleMonth } from '../job-kinds.js';
import { Prerequisites } from '../prerequisites.service.js';

/**
 * Settles a month. It is closed only when every member's source could be read. A month before the region's text came into force is left
 * alone. Safe to repeat: same inputs, same run.
 */
@Injectable()
export class SettleMonthJob implements JobHandler<Payload> {
  readonly job = settleMonth;

  constructor(
    private readonly settlement: SettlementService,
    private readonly prerequisites: Prerequisites,
  ) {}

  async handle({ consortium, month, close }: Payload, { item }: JobContext): Promise<JobResult> {
    await this.prerequisites.assertCalculated(item);
    if (!this.settlement.isInForce(consortium, month)) return { inForce: false };
    const unread = await this.prerequisites.unreadSources(item);
    const closes = close && unread.length === 0;
    const { digests, version, changed, closed } = await this.settlement.settleMonth({
      ...{ consortium, month, close: closes },
    });
    return {
      digest: digests.result,
      version,
      changed,
      closed,
      incomplete: close && !closes,
      unread,
    };
  }
}

type Payload = ReturnType<typeof settleMonth.payload.parse>;
