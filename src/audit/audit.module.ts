import { Module } from '@nestjs/common';
import { JournalModule } from '../journal/journal.module.js';
import { AuditService } from './audit.service.js';
import { ReplayService } from './replay/replay.service.js';

@Module({
  imports: [JournalModule],
  providers: [AuditService, ReplayService],
  exports: [AuditService, ReplayService],
})
export class AuditModule {}
