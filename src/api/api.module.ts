import {
  type DynamicModule,
  Global,
  Inject,
  Module,
  type OnApplicationShutdown,
  StandardSchemaValidationPipe,
} from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE, DiscoveryModule } from '@nestjs/core';
import type pg from 'pg';
import { AccessModule } from '../access/access.module.js';
import { CalendarModule } from '../calendar/calendar.module.js';
import { CatalogueModule } from '../catalogue/catalogue.module.js';
import type { Limits } from '../config/limits.js';
import type { Site } from '../config/site.js';
import { loadConsortium } from '../ingest/consortium.loader.js';
import { IngestModule } from '../ingest/ingest.module.js';
import { JournalModule } from '../journal/journal.module.js';
import { ListsModule } from '../lists/lists.module.js';
import { QuarantineModule } from '../quarantine/quarantine.module.js';
import { ReviewModule } from '../review/review.module.js';
import { SettlementModule } from '../settlement/settlement.module.js';
import { StatementsModule } from '../statements/statements.module.js';
import { AccessGuard } from './access.guard.js';
import { createApiPool } from './api-pool.client.js';
import { API_POOL, API_SETTINGS, type ApiSettings } from './api-settings.js';
import { BatchesController } from './batches.controller.js';
import { BusyDatabaseGuard } from './busy-database.guard.js';
import { CertificatesController } from './certificates.controller.js';
import { ChangeRecorder } from './change-recorder.service.js';
import { ChangesController } from './changes.controller.js';
import { ClaimsController } from './claims.controller.js';
import { CrosswalkController } from './crosswalk.controller.js';
import { DeadlinesController } from './deadlines.controller.js';
import { DeductionSheetsController } from './deduction-sheets.controller.js';
import { DifferencesController } from './differences.controller.js';
import { FiguresController } from './figures.controller.js';
import { FindingDecisionsController } from './finding-decisions.controller.js';
import { FindingsController } from './findings.controller.js';
import { JournalController } from './journal.controller.js';
import { ListSendingController } from './list-sending.controller.js';
import { ListsController } from './lists.controller.js';
import { OperatorLog } from './operator-log.service.js';
import { ProblemFilter } from './problem.filter.js';
import { ProgressStreams } from './progress-streams.service.js';
import { QuarantineController } from './quarantine.controller.js';
import { QuarantineDecisionsController } from './quarantine-decisions.controller.js';
import { ReadRepository } from './read.repository.js';
import { RequestLimitGuard } from './request-limit.guard.js';
import { ReviewActionsController } from './review-actions.controller.js';
import { ReviewBulkController } from './review-bulk.controller.js';
import { ReviewResponsesController } from './review-responses.controller.js';
import { ReviewsController } from './reviews.controller.js';
import { RouteCheck } from './route-check.service.js';
import { RunsController } from './runs.controller.js';
import { SessionController } from './session.controller.js';
import { SettlementsController } from './settlements.controller.js';
import { StatementResponsesController } from './statement-responses.controller.js';
import { StatementsController } from './statements.controller.js';
import { SyncController } from './sync.controller.js';
import { SyncRunsController } from './sync-runs.controller.js';
import { TableExport } from './table-export.service.js';
import { UsersController } from './users.controller.js';

export interface ApiOptions {
  /** The process's own: the API opens a few connections beside it. */
  readonly pool: pg.Pool;
  readonly site: Site;
  /** The process's own `JobsModule`. */
  readonly jobs: DynamicModule;
  readonly limits: Limits;
}

/** The API's connections and settings, for every module below it. */
@Global()
@Module({})
class ApiFoundationModule implements OnApplicationShutdown {
  constructor(@Inject(API_POOL) private readonly pool: pg.Pool) {}

  static on(pool: pg.Pool, settings: ApiSettings): DynamicModule {
    return {
      module: ApiFoundationModule,
      providers: [
        { provide: API_POOL, useFactory: () => createApiPool(pool, settings.limits) },
        { provide: API_SETTINGS, useValue: settings },
      ],
      exports: [API_POOL, API_SETTINGS],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }
}

/** The API: signing in, reading within one's institutions, and what people may ask the gateway to do. */
@Module({})
export class ApiModule {
  static on({ pool, site, jobs, limits }: ApiOptions): DynamicModule {
    const { consortium, timezone } = loadConsortium(site.siteDir, null);
    return {
      module: ApiModule,
      imports: [
        ApiFoundationModule.on(pool, { consortium, timezone, limits: limits.api }),
        AccessModule.on(API_POOL, { consortium, limits: limits.access }),
        jobs,
        DiscoveryModule,
        JournalModule,
        CalendarModule,
        CatalogueModule,
        IngestModule,
        ListsModule,
        QuarantineModule,
        ReviewModule,
        SettlementModule,
        StatementsModule,
      ],
      controllers: [
        BatchesController,
        CertificatesController,
        ChangesController,
        CrosswalkController,
        ClaimsController,
        DeadlinesController,
        DeductionSheetsController,
        DifferencesController,
        FiguresController,
        FindingDecisionsController,
        FindingsController,
        JournalController,
        ListSendingController,
        ListsController,
        QuarantineController,
        QuarantineDecisionsController,
        ReviewBulkController,
        ReviewActionsController,
        ReviewResponsesController,
        ReviewsController,
        RunsController,
        SessionController,
        SettlementsController,
        StatementResponsesController,
        StatementsController,
        SyncController,
        SyncRunsController,
        UsersController,
      ],
      providers: [
        OperatorLog,
        ProgressStreams,
        ReadRepository,
        RouteCheck,
        TableExport,
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_GUARD, useClass: RequestLimitGuard },
        { provide: APP_GUARD, useClass: BusyDatabaseGuard },
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_INTERCEPTOR, useClass: ChangeRecorder },
        { provide: APP_PIPE, useClass: StandardSchemaValidationPipe },
      ],
      exports: [AccessModule],
    };
  }
}
