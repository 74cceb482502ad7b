import { Module } from '@nestjs/common';
import { JournalModule } from '../journal/journal.module.js';
import { ApprovalService } from './approval.service.js';
import { ProposalService } from './proposal.service.js';
import { QuarantineService } from './quarantine.service.js';
import { ReplayService } from './replay.service.js';

/** Needs the global providers DATABASE_POOL and SITE. */
@Module({
  imports: [JournalModule],
  providers: [QuarantineService, ReplayService, ProposalService, ApprovalService],
  exports: [QuarantineService, ProposalService, ApprovalService],
})
export class QuarantineModule {}
