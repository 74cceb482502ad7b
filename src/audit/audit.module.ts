import { Module } from '@nestjs/common';
import { JournalModule } from '../journal/journal.module.js';
import { AuditService } from './audit.service.js';

@Module({ imports: [JournalModule], providers: [AuditService], exports: [AuditService] })
export class AuditModule {}
