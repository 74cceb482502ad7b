import { BullModule, getQueueToken } from '@nestjs/bullmq';
import { type DynamicModule, Module, type Type } from '@nestjs/common';
import type { Queue } from 'bullmq';
import type pg from 'pg';
import { CalendarModule } from '../calendar/calendar.module.js';
import { JournalModule } from '../journal/journal.module.js';
import { AfterWork } from './after-work.service.js';
import { NOW_MS, type NowMs } from './clock-check.repository.js';
import { Duties } from './duties.service.js';
import { HandlerRegistry } from './handler-registry.js';
import { HeartbeatService } from './heartbeat.service.js';
import { type JobHandler, QUEUES } from './job.js';
import { JOB_LIMITS, type JobLimits } from './job-limits.js';
import { LeaderService } from './leader.service.js';
import { Prerequisites } from './prerequisites.service.js';
import { PROCESS, type ProcessTraits } from './process-traits.js';
import { type QueueProcessor, queueProcessors } from './queue.processor.js';
import { type QueueBackend, queueConnections } from './queue-backend.client.js';
import { QueueStop } from './queue-stop.service.js';
import { RelayService } from './relay.service.js';
import { RunService } from './run.service.js';
import { RunControl } from './run-control.service.js';
import { RunProgressService } from './run-progress.service.js';
import { ScheduleService } from './schedule.service.js';
import { SitePlan } from './site-plan.service.js';
import { SourceKeeper } from './source-keeper.service.js';
import { SourceLeaseRepository } from './source-lease.repository.js';
import { SweepService } from './sweep.service.js';
import { SyncRuns } from './sync-runs.service.js';
import { WorkItemRepository } from './work-item.repository.js';
import { ALL_QUEUES, FLOWS, QUEUE_BACKEND, WorkQueue } from './work-queue.service.js';
import { PROCESSORS, WorkerService } from './worker.service.js';

export interface JobsOptions {
  readonly pool: pg.Pool;
  readonly limits: JobLimits;
  /** Where the queues live; in the database unless told otherwise. */
  readonly backend?: QueueBackend;
  /** What the process is called in the table of processes. */
  readonly role?: string;
  /** This machine's clock. */
  readonly now?: NowMs;
  /** Present in processes that carry jobs out. */
  readonly work?: {
    readonly handlers: readonly Type<JobHandler<unknown>>[];
    /** The modules whose services the handlers call. */
    readonly imports: DynamicModule['imports'];
  };
}

const SERVICES = [
  WorkItemRepository,
  WorkQueue,
  RunService,
  RunControl,
  RunProgressService,
  SitePlan,
  ScheduleService,
  SweepService,
  SyncRuns,
  RelayService,
  HeartbeatService,
  Duties,
  LeaderService,
];

/** Queues, runs and their upkeep. Nothing starts by itself: `WorkerService.start`, `LeaderService.start` do. */
@Module({})
export class JobsModule {
  static on(options: JobsOptions): DynamicModule {
    const { pool, limits, work, backend = { kind: 'postgres' } } = options;
    const stop = new QueueStop();
    const { asking, working, prefix } = queueConnections(pool, backend, stop.isAsked);
    const shared = { connection: asking as never, ...(prefix !== undefined && { prefix }) };
    const traits: ProcessTraits = { role: options.role ?? 'worker', backend: backend.kind };
    return {
      module: JobsModule,
      imports: [
        BullModule.forRoot({ ...shared, extraOptions: { manualRegistration: true } }),
        BullModule.registerQueue(...QUEUES.map((name) => ({ name }))),
        BullModule.registerFlowProducer({ name: FLOWS }),
        JournalModule,
        CalendarModule,
        ...(work?.imports ?? []),
      ],
      providers: [
        { provide: JOB_LIMITS, useValue: limits },
        { provide: QUEUE_BACKEND, useValue: backend },
        { provide: PROCESS, useValue: traits },
        { provide: QueueStop, useValue: stop },
        { provide: NOW_MS, useValue: options.now ?? Date.now },
        {
          provide: ALL_QUEUES,
          inject: QUEUES.map((name) => getQueueToken(name)),
          useFactory: (...queues: Queue[]) => queues,
        },
        ...SERVICES,
        ...(work === undefined ? [] : worker(work.handlers, queueProcessors(limits, working))),
      ],
      exports: [...SERVICES, QUEUE_BACKEND],
    };
  }
}

function worker(
  handlers: readonly Type<JobHandler<unknown>>[],
  processors: readonly Type<QueueProcessor>[],
): DynamicModule['providers'] & object {
  return [
    ...handlers,
    {
      provide: HandlerRegistry,
      inject: [...handlers],
      useFactory: (...instances: JobHandler<unknown>[]) => new HandlerRegistry(instances),
    },
    Prerequisites,
    SourceLeaseRepository,
    SourceKeeper,
    AfterWork,
    ...processors,
    {
      provide: PROCESSORS,
      inject: [...processors],
      useFactory: (...all: QueueProcessor[]) => all,
    },
    WorkerService,
  ];
}
