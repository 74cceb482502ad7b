import { Module } from '@nestjs/common';
import { JournalModule } from '../journal/journal.module.js';
import { AuditService } from './audit.service.js';
import { AuditExportService } from './export/audit-export.service.js';
import { ReplayService } from './replay/replay.service.js';

@Module({
  imports: [JournalModule],
  providers: [AuditExportService, AuditService, ReplayService],
  exports: [AuditExportService, AuditService, ReplayService],
})
export class AuditModule {}
