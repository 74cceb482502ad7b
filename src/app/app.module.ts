import { type DynamicModule, Module } from '@nestjs/common';
import type pg from 'pg';
import { AgencyModule } from '../agency/agency.module.js';
import { ApiModule } from '../api/api.module.js';
import { HealthModule } from '../api/health.module.js';
import { StatisticsModule } from '../assessment/statistics/statistics.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { GovernanceModule } from '../audit/governance/governance.module.js';
import { loadLimits } from '../config/limits.loader.js';
import type { Site } from '../config/site.js';
import { SiteModule } from '../config/site.module.js';
import { DatabaseModule } from '../database/database.module.js';
import { IngestModule } from '../ingest/ingest.module.js';
import * as handlers from '../jobs/handlers/index.js';
import { JobsModule } from '../jobs/jobs.module.js';
import type { QueueBackend } from '../jobs/queue-backend.client.js';
import { JournalModule } from '../journal/journal.module.js';
import { OperationsModule } from '../operations/operations.module.js';
import { ReconciliationModule } from '../reconciliation/reconciliation.module.js';
import { ReviewModule } from '../review/review.module.js';
import { SettlementModule } from '../settlement/settlement.module.js';
import { type Role, serves, works } from './role.js';

export interface AppOptions {
  /** Open and migrated; whoever opened it closes it after the application. */
  readonly pool: pg.Pool;
  readonly site: Site;
  /** Where the queues live; in the database unless told otherwise. */
  readonly backend?: QueueBackend;
}

/** The use cases that jobs carry out. */
const USE_CASES = [
  AgencyModule,
  AuditModule,
  GovernanceModule,
  IngestModule,
  JournalModule,
  ReconciliationModule,
  ReviewModule,
  SettlementModule,
  StatisticsModule,
];

/** The root of a process, composed for its role. */
@Module({})
export class AppModule {
  static forRole(
    role: Role,
    { pool, site, backend = { kind: 'postgres' } }: AppOptions,
  ): DynamicModule {
    const limits = loadLimits(site.configDir);
    const work = { handlers: Object.values(handlers), imports: USE_CASES };
    const jobs = JobsModule.on({
      ...{ pool, limits: limits.jobs, backend, role },
      ...(works(role) && { work }),
    });
    return {
      module: AppModule,
      imports: [
        DatabaseModule.forPool(pool),
        SiteModule.forSite(site),
        OperationsModule.forProcess({ role, site, limits }),
        jobs,
        ...(serves(role) ? [ApiModule.on({ pool, site, jobs, limits }), HealthModule] : []),
      ],
    };
  }
}
