import { Module } from '@nestjs/common';
import { JournalModule } from '../journal/journal.module.js';
import { AuditService } from './audit.service.js';
import { CoverageService } from './coverage.service.js';
import { AuditExportService } from './export/audit-export.service.js';
import { RegisterService } from './register.service.js';
import { ReplayService } from './replay/replay.service.js';

@Module({
  imports: [JournalModule],
  providers: [AuditExportService, AuditService, CoverageService, RegisterService, ReplayService],
  exports: [AuditExportService, AuditService, CoverageService, RegisterService, ReplayService],
})
export class AuditModule {}
