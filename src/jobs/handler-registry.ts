import { type JobHandler, QUEUES } from './job.js';

/** Who carries out which kind of job. */
export class HandlerRegistry {
  private readonly handlers: ReadonlyMap<string, JobHandler<unknown>>;

  /** @throws RangeError when a kind of job has two handlers or names no queue of ours */
  constructor(handlers: readonly JobHandler<unknown>[]) {
    const known = new Map<string, JobHandler<unknown>>();
    for (const handler of handlers) {
      const { name, queue } = handler.job;
      if (known.has(name)) throw new RangeError(`Two handlers for job ${name}`);
      if (!QUEUES.includes(queue)) throw new RangeError(`Job ${name} names no queue: ${queue}`);
      known.set(name, handler);
    }
    this.handlers = known;
  }

  of(name: string): JobHandler<unknown> | null {
    return this.handlers.get(name) ?? null;
  }

  names(): readonly string[] {
    return [...this.handlers.keys()].sort();
  }
}
