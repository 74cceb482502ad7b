import { Module } from '@nestjs/common';
import { JournalModule } from '../journal/journal.module.js';
import { ReconciliationService } from './reconciliation.service.js';

@Module({
  imports: [JournalModule],
  providers: [ReconciliationService],
  exports: [ReconciliationService],
})
export class ReconciliationModule {}
