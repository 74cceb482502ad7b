import { Module } from '@nestjs/common';
import { JournalModule } from '../journal/journal.module.js';
import { SettlementListService } from './settlement-list.service.js';
import { SupplementService } from './supplement.service.js';

@Module({
  imports: [JournalModule],
  providers: [SettlementListService, SupplementService],
  exports: [SettlementListService, SupplementService],
})
export class ListsModule {}
