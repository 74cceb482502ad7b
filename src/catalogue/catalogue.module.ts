import { Module } from '@nestjs/common';
import { JournalModule } from '../journal/journal.module.js';
import { CatalogueService } from './catalogue.service.js';
import { CrosswalkService } from './crosswalk.service.js';
import { SuggestionService } from './suggestion.service.js';

/** Needs the global providers DATABASE_POOL and SITE. */
@Module({
  imports: [JournalModule],
  providers: [CatalogueService, CrosswalkService, SuggestionService],
  exports: [CatalogueService, CrosswalkService, SuggestionService],
})
export class CatalogueModule {}
