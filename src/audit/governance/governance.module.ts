import { Module } from '@nestjs/common';
import { JournalModule } from '../../journal/journal.module.js';
import { ExemptionDecisions } from './exemption-decisions.service.js';
import { RuleLifecycle } from './rule-lifecycle.service.js';

/** What people decide about the audit itself. */
@Module({
  imports: [JournalModule],
  providers: [ExemptionDecisions, RuleLifecycle],
  exports: [ExemptionDecisions, RuleLifecycle],
})
export class GovernanceModule {}
