import { Injectable } from '@nestjs/common';
import { AuditService } from '../../audit/audit.service.js';
import type { JobContext, JobHandler, JobResult } from '../job.js';
import { auditMonth } from '../job-kinds.js';

/** Audits accounting months. Safe to repeat: findings are replaced, their ids follow from their content. */
@Injectable()
export class AuditJob implements JobHandler<Payload> {
  readonly job = auditMonth;

  constructor(private readonly audit: AuditService) {}

  async handle(request: Payload, { signal }: JobContext): Promise<JobResult> {
    const run = await this.audit.run(request, signal);
    const { persons, claims, lines, findings, resultDigest } = run;
    return { persons, claims, lines, findings, digest: resultDigest };
  }
}

type Payload = ReturnType<typeof auditMonth.payload.parse>;
