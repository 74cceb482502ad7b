import { Module, StandardSchemaValidationPipe } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { JournalModule } from '../journal/journal.module.js';
import { BatchesController } from './batches.controller.js';
import { DifferencesController } from './differences.controller.js';
import { FiguresController } from './figures.controller.js';
import { FindingsController } from './findings.controller.js';
import { HealthController } from './health.controller.js';
import { JournalController } from './journal.controller.js';
import { ProblemFilter } from './problem.filter.js';
import { QuarantineController } from './quarantine.controller.js';
import { ReadRepository } from './read.repository.js';
import { RunsController } from './runs.controller.js';

/** The read API. It listens on loopback only until there are users and roles. */
@Module({
  imports: [JournalModule],
  controllers: [
    BatchesController,
    DifferencesController,
    FiguresController,
    FindingsController,
    HealthController,
    JournalController,
    QuarantineController,
    RunsController,
  ],
  providers: [
    ReadRepository,
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_PIPE, useClass: StandardSchemaValidationPipe },
  ],
})
export class ApiModule {}
