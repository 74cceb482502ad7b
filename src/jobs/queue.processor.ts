import { OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';
import { Inject, Injectable, Logger, type Type } from '@nestjs/common';
import { DelayedError, type Job, UnrecoverableError, WaitingError } from 'bullmq';
import type pg from 'pg';
import { DATABASE_POOL } from '../database/tokens.js';
import { guarded, withTransaction } from '../database/transaction.repository.js';
import { GatewayError } from '../kernel/errors.js';
import { AfterWork } from './after-work.service.js';
import { cleanMessage } from './clean-message.js';
import { withCorrelation } from './correlation.service.js';
import { LeaseLostError, UnknownJobError } from './errors.js';
import { HandlerRegistry } from './handler-registry.js';
import { type JobContext, type JobData, jobDataSchema, QUEUES, type QueueName } from './job.js';
import { openNext } from './job-kinds.js';
import type { JobLimits } from './job-limits.js';
import { QuietLog } from './quiet-log.service.js';
import { type Seat, SourceKeeper } from './source-keeper.service.js';
import { type Failure, type Lease, WorkItemRepository } from './work-item.repository.js';

const CRASHES_THE_QUEUE_FORGIVES = 5;
const NO_ANSWER_MS = 1_000;

/** A job as the queue hands it out. */
interface Delivery {
  readonly job: Job;
  readonly token: string | undefined;
  readonly data: Extract<JobData, { item: string }>;
  readonly signal: AbortSignal;
}

/**
 * Carries out a queue's jobs: takes the lease, lets the handler work with every commit fenced by that lease, and writes down what
 * came of it. The queue's own verdict on a job is never read.
 */
@Injectable()
export class QueueProcessor extends WorkerHost {
  private readonly log = new Logger('jobs');
  private readonly outages = new QuietLog('jobs');
  private readonly inHand = new Set<string>();
  private fenced: boolean = false;

  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    private readonly items: WorkItemRepository,
    private readonly sources: SourceKeeper,
    private readonly handlers: HandlerRegistry,
    private readonly after: AfterWork,
  ) {
    super();
  }

  /** Ids of the work in hand. */
  current(): readonly string[] {
    return [...this.inHand];
  }

  /** While fenced no job is taken, and those in hand are handed back. */
  fence(fenced: boolean): void {
    this.fenced = fenced;
    if (!fenced) {
      void this.worker.resume();
      return;
    }
    void this.worker.pause(true);
    this.worker.cancelAllJobs('本机时钟有误');
  }

  // The third argument is there although the declared type shows two.
  override async process(job: Job, token?: string, signal?: AbortSignal): Promise<string> {
    if (this.fenced) return handBack({ job, token }); // who waited for a job when the worker was paused still gets one
    const data = jobDataSchema.parse(job.data);
    if ('tick' in data) {
      await this.after.tick(data.tick, new Date(job.processedOn ?? job.timestamp));
      return 'done';
    }
    const delivery = { job, token, data, signal: signal ?? new AbortController().signal };
    if (data.source === undefined) return this.start(delivery, null);
    const seat = await this.asked(delivery, this.sources.take(data.source, data.item));
    if ('askAgainMs' in seat) return putOff(delivery, seat.askAgainMs);
    try {
      return await this.start(delivery, seat);
    } finally {
      await seat.leave();
    }
  }

  /** While the database does not answer nothing has begun: the job waits, at no cost of attempts. */
  private async asked<T>(delivery: Delivery, answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      this.outages.error(error, '数据库没有应答，稍后再试 / no answer from the database: ');
      return putOff(delivery, NO_ANSWER_MS);
    }
  }

  private async start(delivery: Delivery, seat: Seat | null): Promise<string> {
    const { job, data } = delivery;
    const started = await this.asked(delivery, this.items.start(data.item, data.epoch));
    if (started === null) {
      // The queue goes by its own clock and may come too early.
      const dueInMs = await this.items.dueInMs(data.item, data.epoch);
      return dueInMs === null ? 'not due' : putOff(delivery, dueInMs);
    }
    const signal = seat === null ? delivery.signal : AbortSignal.any([delivery.signal, seat.lost]);
    this.inHand.add(data.item);
    try {
      await this.carryOut(job.name, started, { context: { signal, item: data.item }, seat });
      return 'done';
    } catch (error) {
      return await this.unfinished(error, { delivery, lease: started, signal });
    } finally {
      this.inHand.delete(data.item);
    }
  }

  private async carryOut(
    name: string,
    started: Lease & { readonly runId: string; readonly payload: unknown },
    { context, seat }: { readonly context: JobContext; readonly seat: Seat | null },
  ): Promise<void> {
    const handler = this.handlers.of(name);
    if (handler === null) throw new UnknownJobError(`没有名为 ${name} 的处理程序`, { name });
    const flushed = handler.job.flush !== 'at-end';
    const result = await guarded(
      async (client) => {
        await this.items.assertHeld(client, started, flushed);
        await seat?.assertHeld(client);
      },
      () =>
        withCorrelation({ workItem: started.item, runId: started.runId }, () =>
          handler.handle(handler.job.payload.parse(started.payload), context),
        ),
    );
    if (name !== openNext.name) await this.items.finish(this.pool, started, result);
    else {
      await withTransaction(this.pool, async (client) => {
        await this.items.finish(client, started, result);
        await this.after.openNext(client, started.runId);
      });
    }
  }

  /** Puts the job off, hands it back, or throws what the queue is to know of its failure. */
  private async unfinished(
    error: unknown,
    {
      delivery,
      lease,
      signal,
    }: Readonly<{ delivery: Delivery; lease: Lease; signal: AbortSignal }>,
  ): Promise<never> {
    const { job } = delivery;
    const until = deferUntil(error);
    if (until !== null) {
      await this.items.defer(lease, until, described(error));
      return putOff(delivery, Math.max(0, until.getTime() - Date.now()));
    }
    const final = !mayHeal(error) || job.attemptsMade + 1 >= (job.opts.attempts ?? 1);
    const failure = await this.failure(error, lease, final && !signal.aborted);
    if (delivery.signal.aborted && !(failure instanceof UnrecoverableError))
      return handBack(delivery);
    throw failure;
  }

  /** Writes the failure down and returns what the queue may hold of it. */
  private async failure(error: unknown, lease: Lease, final: boolean): Promise<Error> {
    const message = cleanMessage(error);
    if (error instanceof LeaseLostError) return new UnrecoverableError(message);
    this.log.warn(`工作 ${lease.item} ${final ? '失败' : '将重试'}: ${message}`);
    await this.items.fail(lease, { final, error: described(error) });
    return final ? new UnrecoverableError(message) : new Error(message);
  }

  @OnWorkerEvent('error')
  onError(error: Error): void {
    // A job made anew takes the old one away under its worker's hands; the work itself is safe.
    if (error.message.startsWith('Missing key for job')) this.log.debug(cleanMessage(error));
    else this.outages.error(error);
  }
}

/** What the error's own type says; anything we did not raise on purpose may be a hiccup. */
function mayHeal(error: unknown): boolean {
  return !(error instanceof GatewayError) || error.recovery === 'retry';
}

/** An error may say that its work is not for now but for a later hour. */
function deferUntil(error: unknown): Date | null {
  return error instanceof GatewayError && 'deferUntil' in error && error.deferUntil instanceof Date
    ? error.deferUntil
    : null;
}

function described(error: unknown): Failure['error'] {
  const known = error instanceof GatewayError ? error : null;
  return {
    code: known?.code ?? 'jobs.unexpected',
    recovery: known?.recovery ?? 'retry',
    message: cleanMessage(error),
    remedy: known?.remedy ?? '请查看进程日志；多次出现请联系维护人员。',
  };
}

/** Gives the job back to the queue for later; no attempt is used up. */
async function putOff({ job, token }: Delivery, forMs: number): Promise<never> {
  await job.moveToDelayed(Date.now() + Math.ceil(forMs), token);
  throw new DelayedError();
}

/**
 * This process was told to stop, perhaps because its clock is off: another takes the job at once. No time to come is named, for it would
 * be named by that clock; no attempt is used up.
 */
async function handBack({ job, token }: Pick<Delivery, 'job' | 'token'>): Promise<never> {
  await job.moveToWait(token);
  throw new WaitingError();
}

/** One job at a time where the work is computing; ingest mostly waits for its sources. */
const concurrency = (queue: QueueName, { sourcesAtOnce }: JobLimits): number =>
  queue === 'ingest' ? sourcesAtOnce : 1;

/** The processor of each queue, as the framework wants it: a class apiece. @param connection  what their workers connect with */
export function queueProcessors(
  limits: JobLimits,
  connection: object,
): readonly Type<QueueProcessor>[] {
  return QUEUES.map((name) => {
    const processor = class extends QueueProcessor {};
    Object.defineProperty(processor, 'name', { value: `${name}-processor` });
    Injectable()(processor);
    Processor(name, {
      concurrency: concurrency(name, limits),
      lockDuration: limits.lockMs,
      stalledInterval: limits.stalledMs, // a worker that is gone is noticed at the second look after its lock ran out
      connection: connection as never,
      maxStalledCount: CRASHES_THE_QUEUE_FORGIVES,
    })(processor);
    return processor;
  });
}
