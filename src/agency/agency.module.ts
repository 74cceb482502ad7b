import { Module } from '@nestjs/common';
import { JournalModule } from '../journal/journal.module.js';
import { AgencyService } from './agency.service.js';
import { DispatchService } from './dispatch.service.js';
import { AGENCY_CLOCK } from './tokens.js';

/** Needs the pool and the site's folders, which are global. */
@Module({
  imports: [JournalModule],
  providers: [
    AgencyService,
    DispatchService,
    { provide: AGENCY_CLOCK, useValue: { now: () => new Date() } },
  ],
  exports: [AgencyService],
})
export class AgencyModule {}
