import { Injectable } from '@nestjs/common';
import { AgencyService } from '../../agency/agency.service.js';
import type { JobContext, JobHandler, JobResult } from '../job.js';
import { declareMonth } from '../job-kinds.js';
import { Prerequisites } from '../prerequisites.service.js';

/** Writes a month's declarations into the outbox. Safe to repeat: one message a business key, its id never changes. */
@Injectable()
export class DeclareJob implements JobHandler<Payload> {
  readonly job = declareMonth;

  constructor(
    private readonly agency: AgencyService,
    private readonly prerequisites: Prerequisites,
  ) {}

  async handle(payload: Payload, { item }: JobContext): Promise<JobResult> {
    await this.prerequisites.assertCalculated(item);
    return { ...(await this.agency.declareMonth(payload)) };
  }
}

type Payload = ReturnType<typeof declareMonth.payload.parse>;
