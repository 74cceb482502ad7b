import { Module } from '@nestjs/common';
import { JournalModule } from '../journal/journal.module.js';
import { BookReader } from './books.service.js';
import { SettlementService } from './settlement.service.js';

@Module({
  imports: [JournalModule],
  providers: [BookReader, SettlementService],
  exports: [SettlementService],
})
export class SettlementModule {}
