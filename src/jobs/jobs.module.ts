import { BullModule } from '@nestjs/bullmq';
import { type DynamicModule, Module, type Type } from '@nestjs/common';
import type pg from 'pg';
import { HandlerRegistry } from './handler-registry.js';
import { type JobHandler, QUEUES } from './job.js';
import { JOB_LIMITS, type JobLimits } from './job-limits.js';
import { LeaderService } from './leader.service.js';
import { Prerequisites } from './prerequisites.service.js';
import { type QueueProcessor, queueProcessors } from './queue.processor.js';
import { queuePool, useQueuesOnPostgres } from './queue-pool.client.js';
import { RunService } from './run.service.js';
import { ScheduleService } from './schedule.service.js';
import { SitePlan } from './site-plan.service.js';
import { SweepService } from './sweep.service.js';
import { WorkItemRepository } from './work-item.repository.js';
import { FLOWS, WorkQueue } from './work-queue.service.js';
import { PROCESSORS, WorkerService } from './worker.service.js';

export interface JobsOptions {
  readonly pool: pg.Pool;
  readonly limits: JobLimits;
  /** Present in processes that carry jobs out. */
  readonly work?: {
    readonly handlers: readonly Type<JobHandler<unknown>>[];
    /** The modules whose services the handlers call. */
    readonly imports: DynamicModule['imports'];
  };
}

/** Queues, runs and their upkeep. Nothing starts by itself: `WorkerService.start`, `LeaderService.start` do. */
@Module({})
export class JobsModule {
  static on({ pool, limits, work }: JobsOptions): DynamicModule {
    useQueuesOnPostgres();
    const connection = queuePool(pool) as never;
    return {
      module: JobsModule,
      imports: [
        BullModule.forRoot({ connection, extraOptions: { manualRegistration: true } }),
        BullModule.registerQueue(...QUEUES.map((name) => ({ name }))),
        BullModule.registerFlowProducer({ name: FLOWS }),
        ...(work?.imports ?? []),
      ],
      providers: [
        { provide: JOB_LIMITS, useValue: limits },
        WorkItemRepository,
        WorkQueue,
        RunService,
        SitePlan,
        ScheduleService,
        SweepService,
        LeaderService,
        ...(work === undefined ? [] : worker(work.handlers, limits)),
      ],
      exports: [RunService, SitePlan, SweepService, LeaderService, WorkItemRepository, WorkQueue],
    };
  }
}

function worker(
  handlers: readonly Type<JobHandler<unknown>>[],
  limits: JobLimits,
): DynamicModule['providers'] & object {
  const processors = [...queueProcessors(limits)];
  return [
    ...handlers,
    {
      provide: HandlerRegistry,
      inject: [...handlers],
      useFactory: (...instances: JobHandler<unknown>[]) => new HandlerRegistry(instances),
    },
    Prerequisites,
    ...processors,
    { provide: PROCESSORS, inject: processors, useFactory: (...all: QueueProcessor[]) => all },
    WorkerService,
  ];
}
