import { InjectFlowProducer } from '@nestjs/bullmq';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { FlowJob } from 'bullmq';
import { FlowProducer, type Queue } from 'bullmq';
import type pg from 'pg';
import { DATABASE_POOL } from '../database/tokens.js';
import { currentTransaction } from '../database/transaction.repository.js';
import { cleanMessage } from './clean-message.js';
import { asQueued, type FlowNode, nextFlow } from './flow.js';
import { jobIdOf } from './job.js';
import { JOB_LIMITS, type JobLimits } from './job-limits.js';
import type { QueueBackend } from './queue-backend.client.js';
import { QuietLog } from './quiet-log.service.js';
import type { OpenWork } from './work-item.repository.js';

export const FLOWS = 'flows';
/** Injection tokens: where the queues live; all queues. */
export const QUEUE_BACKEND = Symbol('QUEUE_BACKEND');
export const ALL_QUEUES = Symbol('ALL_QUEUES');
/** Notified, with the transaction's commit, when work waits to be handed over. */
export const RELAY_CHANNEL = 'heyi_relay';

/** States in which a job will still be carried out by itself. */
const LIVE: ReadonlySet<string> = new Set(['waiting', 'active', 'delayed', 'prioritized']);

/** What names a job in its queue. */
export type ParkedJob = Pick<OpenWork, 'queue' | 'businessKey' | 'epoch'>;

/** Puts work into the queues and says what became of it there. */
@Injectable()
export class WorkQueue {
  private readonly log = new Logger('queue');
  private readonly queues: ReadonlyMap<string, Queue>;

  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    @InjectFlowProducer(FLOWS) private readonly flows: FlowProducer,
    @Inject(ALL_QUEUES) queues: readonly Queue[],
    @Inject(JOB_LIMITS) private readonly limits: JobLimits,
    @Inject(QUEUE_BACKEND) readonly backend: QueueBackend,
  ) {
    this.queues = new Map(queues.map((queue) => [queue.name, queue]));
    const outages = new QuietLog('queue');
    const say = (error: Error): void => outages.error(error);
    for (const queue of queues) queue.on('error', say);
    flows.on('error', say);
  }

  /**
   * Queues a run's work together with the transaction the caller is inside of: at once where the queue lives in the same database, else
   * by a mark that the relay follows after the commit.
   *
   * @param open  a run's work that has not ended, in stage order
   */
  async enqueue(open: readonly OpenWork[]): Promise<void> {
    if (this.backend.kind === 'postgres') {
      await this.handOver(open);
      return;
    }
    const items = nextFlow(open).flatMap(itemsOf);
    if (items.length === 0) return;
    const client = currentTransaction() ?? this.pool;
    await client.query('UPDATE work_item SET relay = true WHERE id = ANY($1)', [items]);
    await client.query(`SELECT pg_notify('${RELAY_CHANNEL}', '')`);
  }

  /** Gives jobs to the queue. Repeating it changes nothing: a job's id is its work and epoch. */
  async handOver(open: readonly OpenWork[]): Promise<void> {
    const roots = nextFlow(open).map((node) => asQueued(node, this.limits.backoffMs) as FlowJob);
    if (roots.length > 0) await this.flows.addBulk(roots);
  }

  /**
   * Whether the queue still holds a job that will carry this overdue work out. One that was put off is called: for how long it was put
   * off was said by some worker's clock, and that may have been off.
   */
  async holds(work: ParkedJob): Promise<boolean> {
    const state = await this.queue(work.queue).getJobState(jobIdOf(work.businessKey, work.epoch));
    if (state === 'delayed') await this.wake(work);
    return LIVE.has(state);
  }

  /** Takes away the job of an epoch that no longer counts; one that is being worked on stays and finds out by itself. */
  async discard(work: ParkedJob): Promise<void> {
    await this.queue(work.queue)
      .remove(jobIdOf(work.businessKey, work.epoch), { removeChildren: false })
      .catch(() => undefined);
  }

  /** Calls a job that was put off. One that was not, or is not there, comes by its own time. */
  async wake(work: ParkedJob): Promise<void> {
    try {
      const job = await this.queue(work.queue).getJob(jobIdOf(work.businessKey, work.epoch));
      await job?.promote();
    } catch (error) {
      this.log.debug(cleanMessage(error));
    }
  }

  queue(name: string): Queue {
    const queue = this.queues.get(name);
    if (queue === undefined) throw new RangeError(`No such queue: ${name}`);
    return queue;
  }

  all(): readonly Queue[] {
    return [...this.queues.values()];
  }
}

function itemsOf({ work, children }: FlowNode): readonly string[] {
  return [work.item, ...children.flatMap(itemsOf)];
}
