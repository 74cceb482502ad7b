import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { JournalModule } from '../journal/journal.module.js';
import { CasesService } from './cases.service.js';
import { ReviewService } from './review.service.js';
import { WarningFeedbackService } from './warning-feedback.service.js';

@Module({
  imports: [AuditModule, JournalModule],
  providers: [CasesService, ReviewService, WarningFeedbackService],
  exports: [CasesService, ReviewService, WarningFeedbackService],
})
export class ReviewModule {}
