import { Module } from '@nestjs/common';
import { JournalModule } from '../journal/journal.module.js';
import { BookReader } from './books.service.js';
import { ComparisonService } from './comparison.service.js';
import { SettlementService } from './settlement.service.js';

@Module({
  imports: [JournalModule],
  providers: [BookReader, ComparisonService, SettlementService],
  exports: [ComparisonService, SettlementService],
})
export class SettlementModule {}
