import { Module } from '@nestjs/common';
import { CatalogueModule } from '../catalogue/catalogue.module.js';
import { JournalModule } from '../journal/journal.module.js';
import { IngestService } from './ingest.service.js';
import { SyncService } from './sync.service.js';

/** Needs the global providers DATABASE_POOL and SITE. */
@Module({
  imports: [CatalogueModule, JournalModule],
  providers: [IngestService, SyncService],
  exports: [IngestService, SyncService],
})
export class IngestModule {}
