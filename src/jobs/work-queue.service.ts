import { InjectFlowProducer, InjectQueue } from '@nestjs/bullmq';
import { Inject, Injectable } from '@nestjs/common';
import type { FlowJob } from 'bullmq';
import { FlowProducer, Queue } from 'bullmq';
import { asQueued, nextFlow } from './flow.js';
import { jobIdOf, type QueueName } from './job.js';
import { JOB_LIMITS, type JobLimits } from './job-limits.js';
import type { OpenWork } from './work-item.repository.js';

export const FLOWS = 'flows';

/** States in which a job will still be carried out by itself. */
const LIVE: ReadonlySet<string> = new Set(['waiting', 'active', 'delayed', 'prioritized']);

/** Puts work into the queues and says what became of it there. Called inside a transaction it queues with the transaction. */
@Injectable()
export class WorkQueue {
  private readonly queues: ReadonlyMap<string, Queue>;

  constructor(
    @InjectFlowProducer(FLOWS) private readonly flows: FlowProducer,
    @InjectQueue('ingest' satisfies QueueName) ingest: Queue,
    @InjectQueue('audit' satisfies QueueName) audit: Queue,
    @InjectQueue('settle' satisfies QueueName) settle: Queue,
    @InjectQueue('agency' satisfies QueueName) agency: Queue,
    @Inject(JOB_LIMITS) private readonly limits: JobLimits,
  ) {
    this.queues = new Map([ingest, audit, settle, agency].map((queue) => [queue.name, queue]));
  }

  /** @param open  a run's work that has not ended, in stage order */
  async enqueue(open: readonly OpenWork[]): Promise<void> {
    const roots = nextFlow(open).map((node) => asQueued(node, this.limits.backoffMs) as FlowJob);
    if (roots.length > 0) await this.flows.addBulk(roots);
  }

  /** Whether the queue still holds a job that will carry this work out. */
  async holds(work: OpenWork): Promise<boolean> {
    const state = await this.queue(work.queue).getJobState(jobIdOf(work.businessKey, work.epoch));
    return LIVE.has(state);
  }

  /** Takes away the job of an epoch that no longer counts; one that is being worked on stays and finds out by itself. */
  async discard(work: OpenWork): Promise<void> {
    await this.queue(work.queue)
      .remove(jobIdOf(work.businessKey, work.epoch), { removeChildren: false })
      .catch(() => undefined);
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
