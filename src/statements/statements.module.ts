import { Module } from '@nestjs/common';
import { JournalModule } from '../journal/journal.module.js';
import { DeductionSheetService } from './deduction-sheet.service.js';
import { ResponseService } from './response.service.js';
import { StatementService } from './statement.service.js';

@Module({
  imports: [JournalModule],
  providers: [DeductionSheetService, ResponseService, StatementService],
  exports: [DeductionSheetService, ResponseService, StatementService],
})
export class StatementsModule {}
