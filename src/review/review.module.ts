import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { JournalModule } from '../journal/journal.module.js';
import { ReviewService } from './review.service.js';
import { WarningFeedbackService } from './warning-feedback.service.js';

@Module({
  imports: [AuditModule, JournalModule],
  providers: [ReviewService, WarningFeedbackService],
  exports: [ReviewService, WarningFeedbackService],
})
export class ReviewModule {}
