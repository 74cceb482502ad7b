import { type JobData, jobIdOf } from './job.js';

/** The part of a piece of work that its queue job is made from. */
export interface FlowWork {
  readonly item: string;
  readonly stage: number;
  readonly kind: string;
  readonly queue: string;
  readonly businessKey: string;
  readonly epoch: number;
  readonly mostAttempts: number;
  readonly source: string | null;
}

/** A queue job and the jobs that have to end before it starts. */
export interface FlowNode {
  readonly work: FlowWork;
  readonly children: readonly FlowNode[];
}

/**
 * The jobs to queue now: the work of the earliest stage side by side, and above it, one on top of the other, the following stages
 * as far as each is a single piece of work. A later stage of several pieces is queued when the piece before it ends, since a queue
 * job can have one parent only.
 *
 * @param open  work that has not ended, in stage order
 * @returns the roots: one tree, or the pieces of a last stage that has nothing above it
 */
export function nextFlow(open: readonly FlowWork[]): readonly FlowNode[] {
  const stages = byStage(open);
  let roots: readonly FlowNode[] = (stages[0] ?? []).map((work) => ({ work, children: [] }));
  for (const stage of stages.slice(1)) {
    const [work, another] = stage;
    if (work === undefined || another !== undefined) break;
    roots = [{ work, children: roots }];
  }
  return roots;
}

function byStage(open: readonly FlowWork[]): readonly (readonly FlowWork[])[] {
  const stages = new Map<number, FlowWork[]>();
  for (const work of open) stages.set(work.stage, [...(stages.get(work.stage) ?? []), work]);
  return [...stages].sort(([a], [b]) => a - b).map(([, works]) => works);
}

const KEEP_FAILED_SECONDS = 7 * 24 * 3_600;

/** A flow as the queue takes it. A child that fails never leaves its parent waiting: the parent starts and looks for itself. */
export interface QueuedFlow {
  readonly name: string;
  readonly queueName: string;
  readonly data: JobData;
  readonly opts: Readonly<Record<string, unknown>>;
  readonly children?: QueuedFlow[];
}

/** @param backoffMs  pause before the first retry; doubled each time */
export function asQueued({ work, children }: FlowNode, backoffMs: number): QueuedFlow {
  return {
    name: work.kind,
    queueName: work.queue,
    data: {
      item: work.item,
      epoch: work.epoch,
      ...(work.source !== null && { source: work.source }),
    },
    opts: {
      jobId: jobIdOf(work.businessKey, work.epoch),
      attempts: work.mostAttempts,
      backoff: { type: 'exponential', delay: backoffMs },
      ignoreDependencyOnFailure: true,
      removeOnComplete: true,
      removeOnFail: { age: KEEP_FAILED_SECONDS },
    },
    ...(children.length > 0 && { children: children.map((child) => asQueued(child, backoffMs)) }),
  };
}
