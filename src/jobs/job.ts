import { z } from 'zod';

/** Few queues: each costs a worker one listening connection. A kind of work waits behind its own kind only. */
export const QUEUES = ['ingest', 'audit', 'settle', 'agency'] as const;
export type QueueName = (typeof QUEUES)[number];

/** What a job leaves behind for people: JSON, money as yuan text, no personal data. */
export type JobResult = Readonly<Record<string, unknown>>;

export interface JobContext {
  /** Aborted when the worker is asked to stop or the job's lock is lost. */
  readonly signal: AbortSignal;
  /** The piece of work in the table of work. */
  readonly item: string;
}

/** One kind of job. A payload carries names and windows by reference, never rows. */
export interface JobDefinition<Payload> {
  readonly name: string;
  readonly queue: QueueName;
  readonly payload: { parse(input: unknown): Payload };
  /** Times a transient error is met before the work counts as failed; at least 3. */
  readonly attempts: number;
  /**
   * `each-commit` unless told otherwise. `at-end`: what the job commits under way may reach the disk later, in order; its end waits until
   * all of it has. For work that a power cut may throw back to its start.
   */
  readonly flush?: 'each-commit' | 'at-end';
  /** The member whose source the work reads; only so many may at once. Absent: it reads none. */
  source?(payload: Payload): string;
  /** What makes two payloads the same work; letters, digits, dots and dashes. */
  key(payload: Payload): string;
}

/** Does the work of one kind of job. Called again after any crash with the same payload: it must be safe to repeat. */
export interface JobHandler<Payload> {
  readonly job: JobDefinition<Payload>;
  handle(payload: Payload, context: JobContext): Promise<JobResult>;
}

const FEWEST_ATTEMPTS = 3;
const KEY = /^[\w.-]+$/;

/** @throws RangeError when the definition could never be run safely */
export function defineJob<Payload>(definition: JobDefinition<Payload>): JobDefinition<Payload> {
  if (definition.attempts < FEWEST_ATTEMPTS) {
    throw new RangeError(`Job ${definition.name} needs at least ${FEWEST_ATTEMPTS} attempts`);
  }
  return definition;
}

/** One piece of work as it is planned: a job's kind, what it is about, and its key among all work. */
export interface PlannedWork {
  readonly kind: string;
  readonly queue: QueueName;
  readonly attempts: number;
  readonly businessKey: string;
  /** The member whose source it reads; null: none. */
  readonly source: string | null;
  readonly payload: Readonly<Record<string, unknown>>;
}

/**
 * @param scope  consortium and run the work belongs to, so that the key is unique
 * @throws RangeError when a part of the key holds a character that the queue refuses
 */
export function planned<Payload extends Readonly<Record<string, unknown>>>(
  job: JobDefinition<Payload>,
  payload: Payload,
  scope: string,
): PlannedWork {
  const parsed = job.payload.parse(payload);
  const businessKey = `${job.name}.${scope}.${job.key(parsed)}`;
  if (!KEY.test(businessKey)) throw new RangeError(`Not a usable business key: ${businessKey}`);
  const { name: kind, queue, attempts } = job;
  return { kind, queue, attempts, businessKey, payload, source: job.source?.(parsed) ?? null };
}

/** Identity of the queue's job for a piece of work: a new epoch whenever the job has to be made again. */
export function jobIdOf(businessKey: string, epoch: number): string {
  return `${businessKey}.${epoch}`;
}

/** What a clock can set off. */
export const TICKS = ['clean', 'night'] as const;
export type Tick = (typeof TICKS)[number];

/** What a queue carries: which work, the epoch its job was made for and whose source it reads, or what a clock set off. */
export const jobDataSchema = z.union([
  z.strictObject({ item: z.string(), epoch: z.int().min(1), source: z.string().optional() }),
  z.strictObject({ tick: z.enum(TICKS) }),
]);
export type JobData = z.infer<typeof jobDataSchema>;
