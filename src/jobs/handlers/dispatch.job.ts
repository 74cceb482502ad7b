import { Injectable } from '@nestjs/common';
import { AgencyService } from '../../agency/agency.service.js';
import type { JobContext, JobHandler, JobResult } from '../job.js';
import { dispatchMessages } from '../job-kinds.js';

/** Sends the outbox. Safe to repeat: what was sent and not answered is asked after, never sent under a new id. */
@Injectable()
export class DispatchJob implements JobHandler<Payload> {
  readonly job = dispatchMessages;

  constructor(private readonly agency: AgencyService) {}

  async handle({ consortium }: Payload, { signal }: JobContext): Promise<JobResult> {
    return { ...(await this.agency.dispatch({ consortium }, signal)) };
  }
}

type Payload = ReturnType<typeof dispatchMessages.payload.parse>;
