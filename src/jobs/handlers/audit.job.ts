import { Injectable } from '@nestjs/common';
import { StatisticsService } from '../../assessment/statistics/statistics.service.js';
import { AuditService } from '../../audit/audit.service.js';
import { RuleLifecycle } from '../../audit/governance/rule-lifecycle.service.js';
import { CasesService } from '../../review/cases.service.js';
import type { JobContext, JobHandler, JobResult } from '../job.js';
import { auditMonth } from '../job-kinds.js';

/**
 * Audits accounting months, opens review of what is new and sees to terms that ended. Safe to repeat: findings are replaced, their ids
 * follow from their content, a finding has one case. Where a month is audited whole, its statistics are computed anew, and rules against which too many appeals were upheld come up for review.
 */
@Injectable()
export class AuditJob implements JobHandler<Payload> {
  readonly job = auditMonth;

  constructor(
    private readonly audit: AuditService,
    private readonly statistics: StatisticsService,
    private readonly rules: RuleLifecycle,
    private readonly cases: CasesService,
  ) {}

  async handle(request: Payload, { signal }: JobContext): Promise<JobResult> {
    const run = await this.audit.run(request, signal);
    const { persons, claims, lines, findings, resultDigest } = run;
    await this.cases.open(request);
    await this.cases.sweep(request);
    if (request.scope === 'all') await this.lookBack(request);
    return { persons, claims, lines, findings, digest: resultDigest };
  }

  private async lookBack({ consortium, months }: Payload): Promise<void> {
    for (const month of months) {
      await this.statistics.run(consortium, month);
      await this.rules.reopenDue(consortium, month);
    }
  }
}

type Payload = ReturnType<typeof auditMonth.payload.parse>;
