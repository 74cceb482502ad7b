import { Module } from '@nestjs/common';
import { JournalModule } from '../journal/journal.module.js';
import { ResponseService } from './response.service.js';
import { StatementService } from './statement.service.js';

@Module({
  imports: [JournalModule],
  providers: [ResponseService, StatementService],
  exports: [ResponseService, StatementService],
})
export class StatementsModule {}
