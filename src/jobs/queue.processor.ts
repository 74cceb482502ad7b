import { OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';
import { Inject, Injectable, Logger, type Type } from '@nestjs/common';
import { type Job, UnrecoverableError } from 'bullmq';
import type pg from 'pg';
import { DATABASE_POOL } from '../database/tokens.js';
import { guarded, withTransaction } from '../database/transaction.repository.js';
import { GatewayError } from '../kernel/errors.js';
import { cleanMessage } from './clean-message.js';
import { LeaseLostError, UnknownJobError } from './errors.js';
import { HandlerRegistry } from './handler-registry.js';
import { type JobContext, jobDataSchema, QUEUES, type QueueName } from './job.js';
import { openNext } from './job-kinds.js';
import type { JobLimits } from './job-limits.js';
import { ScheduleService } from './schedule.service.js';
import { type Lease, WorkItemRepository } from './work-item.repository.js';
import { WorkQueue } from './work-queue.service.js';

const CRASHES_THE_QUEUE_FORGIVES = 5;

/**
 * Carries out a queue's jobs: takes the lease, lets the handler work with every commit fenced by that lease, and writes down what
 * came of it. The queue's own verdict on a job is never read.
 */
@Injectable()
export class QueueProcessor extends WorkerHost {
  private readonly log = new Logger('jobs');

  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    private readonly items: WorkItemRepository,
    private readonly queue: WorkQueue,
    private readonly handlers: HandlerRegistry,
    private readonly schedule: ScheduleService,
  ) {
    super();
  }

  // The third argument is there although the declared type shows two.
  override async process(job: Job, _token?: string, signal?: AbortSignal): Promise<string> {
    const data = jobDataSchema.parse(job.data);
    if ('tick' in data) {
      await this.schedule.tick(data.tick, new Date(job.processedOn ?? job.timestamp));
      return 'done';
    }
    const started = await this.items.start(data.item, data.epoch);
    if (started === null) return 'not due';
    const context = { signal: signal ?? new AbortController().signal, item: data.item };
    try {
      await this.carryOut(job.name, started, context);
      return 'done';
    } catch (error) {
      const final = !mayHeal(error) || job.attemptsMade + 1 >= (job.opts.attempts ?? 1);
      throw await this.failure(error, started, final && !context.signal.aborted);
    }
  }

  private async carryOut(
    name: string,
    started: Lease & { readonly runId: string; readonly payload: unknown },
    context: JobContext,
  ): Promise<void> {
    const handler = this.handlers.of(name);
    if (handler === null) throw new UnknownJobError(`没有名为 ${name} 的处理程序`, { name });
    const flushed = handler.job.flush !== 'at-end';
    const result = await guarded(
      (client) => this.items.assertHeld(client, started, flushed),
      () => handler.handle(handler.job.payload.parse(started.payload), context),
    );
    await withTransaction(this.pool, async (client) => {
      await this.items.finish(client, started, result);
      if (name === openNext.name) {
        await this.queue.enqueue(await this.items.openWork(client, started.runId));
      }
    });
  }

  /** Writes the failure down and returns what the queue may hold of it. */
  private async failure(error: unknown, lease: Lease, final: boolean): Promise<Error> {
    const message = cleanMessage(error);
    if (error instanceof LeaseLostError) return new UnrecoverableError(message);
    const known = error instanceof GatewayError ? error : null;
    this.log.warn(`工作 ${lease.item} ${final ? '失败' : '将重试'}: ${message}`);
    await this.items.fail(lease, {
      final,
      error: {
        code: known?.code ?? 'jobs.unexpected',
        recovery: known?.recovery ?? 'retry',
        message,
        remedy: known?.remedy ?? '请查看进程日志；多次出现请联系维护人员。',
      },
    });
    return final ? new UnrecoverableError(message) : new Error(message);
  }

  @OnWorkerEvent('error')
  onError(error: Error): void {
    // A job made anew takes the old one away under its worker's hands; the work itself is safe.
    if (error.message.startsWith('Missing key for job')) this.log.debug(cleanMessage(error));
    else this.log.error(cleanMessage(error));
  }
}

/** What the error's own type says; anything we did not raise on purpose may be a hiccup. */
function mayHeal(error: unknown): boolean {
  return !(error instanceof GatewayError) || error.recovery === 'retry';
}

/** One job at a time where the work is computing; ingest mostly waits for its sources. */
const concurrency = (queue: QueueName, { sourcesAtOnce }: JobLimits): number =>
  queue === 'ingest' ? sourcesAtOnce : 1;

/** The processor of each queue, as the framework wants it: a class apiece. */
export function queueProcessors(limits: JobLimits): readonly Type<QueueProcessor>[] {
  return QUEUES.map((name) => {
    const processor = class extends QueueProcessor {};
    Object.defineProperty(processor, 'name', { value: `${name}-processor` });
    Injectable()(processor);
    Processor(name, {
      concurrency: concurrency(name, limits),
      lockDuration: limits.lockMs,
      stalledInterval: limits.lockMs, // a worker that is gone is noticed after about two of these
      maxStalledCount: CRASHES_THE_QUEUE_FORGIVES,
    })(processor);
    return processor;
  });
}
