import { randomUUID } from 'node:crypto';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type pg from 'pg';
import { cleanMessage } from './clean-message.js';
import { JOB_LIMITS, type JobLimits } from './job-limits.js';
import { SitePlan } from './site-plan.service.js';
import { type SourceLease, SourceLeaseRepository } from './source-lease.repository.js';
import { WorkQueue } from './work-queue.service.js';

/** A reader's seat at a source, in the process that reads. */
export interface Seat {
  /** Aborted when the seat is lost, or when this process can no longer prove that it holds it. */
  readonly lost: AbortSignal;
  /** @throws SourceLeaseLostError */
  assertHeld(client: pg.PoolClient): Promise<void>;
  /** Gives the seat back and wakes who waits for it. Should that fail, the seat runs out by itself. */
  leave(): Promise<void>;
}

/** Every seat is taken. */
export interface NoSeat {
  readonly askAgainMs: number;
}

interface Held {
  readonly lease: SourceLease;
  readonly lost: AbortController;
}

/** The part of a lease's time after which a holder that could not prolong it stops reading: before another may begin. */
const TRUSTED_SHARE = 0.75;
/** A seat whose holder vanished is asked for as soon as it has run out. */
const JUST_AFTER_MS = 100;
const MOST_PATIENCE_MS = 3_000;

/**
 * Keeps to the number of readers a member's system bears (源库并发上限), over all hosts, and to fairness among members: no member takes
 * the last free place of a process. Who finds no seat is parked and called in the order of asking.
 */
@Injectable()
export class SourceKeeper {
  private readonly log = new Logger('sources');
  /** One start of this process. */
  private readonly holder = randomUUID();
  private readonly held = new Set<Held>();
  private readonly asking: string[] = [];
  private renewedAtMs = performance.now();
  private timer: NodeJS.Timeout | null = null;
  private renewing: Promise<void> | null = null;

  constructor(
    private readonly leases: SourceLeaseRepository,
    private readonly site: SitePlan,
    private readonly queue: WorkQueue,
    @Inject(JOB_LIMITS) private readonly limits: JobLimits,
  ) {}

  /** Without a seat the work is parked, and called when one is free; should that call be lost, it asks again by itself. */
  async take(institution: string, item: string): Promise<Seat | NoSeat> {
    const free = this.placesTaken(institution) < this.mostPlaces();
    const seat = free ? await this.ask(institution, item) : null;
    if (seat !== null) return seat;
    const runsOutMs = await this.leases.park(item, institution);
    const askAgainMs = Math.max(0, runsOutMs ?? 0) + JUST_AFTER_MS;
    return { askAgainMs: Math.min(askAgainMs, MOST_PATIENCE_MS) };
  }

  private async ask(institution: string, item: string): Promise<Seat | null> {
    this.asking.push(institution);
    const askedAtMs = performance.now();
    try {
      const lease = await this.leases.take({
        ...{ institution, item, holder: this.holder, forMs: this.limits.sourceLeaseMs },
        seats: this.site.readersAtOnce(institution) ?? this.limits.readersPerSource,
      });
      if (lease === null) return null;
      if (this.held.size === 0) this.renewedAtMs = askedAtMs;
      return this.seatOf(lease);
    } finally {
      this.asking.splice(this.asking.indexOf(institution), 1);
    }
  }

  private seatOf(lease: SourceLease): Seat {
    const held: Held = { lease, lost: new AbortController() };
    this.held.add(held);
    this.timer ??= setInterval(() => this.keep(), this.limits.heartbeatMs);
    return {
      lost: held.lost.signal,
      assertHeld: (client) => this.leases.assertHeld(client, lease),
      leave: async () => {
        this.forget(held);
        await this.release(lease).catch((error: unknown) => this.log.warn(cleanMessage(error)));
      },
    };
  }

  private async release(lease: SourceLease): Promise<void> {
    const next = await this.leases.release(lease);
    if (next !== null) await this.queue.wake(next);
  }

  private forget(held: Held): void {
    this.held.delete(held);
    if (this.held.size > 0 || this.timer === null) return;
    clearInterval(this.timer);
    this.timer = null;
  }

  /** Prolongs the seats; where that has failed for too long, stops reading what somebody else may soon read. */
  private keep(): void {
    const silentMs = performance.now() - this.renewedAtMs;
    if (silentMs > this.limits.sourceLeaseMs * TRUSTED_SHARE) {
      for (const { lost } of this.held) lost.abort();
    }
    this.renewing ??= this.renew()
      .catch((error: unknown) => this.log.warn(cleanMessage(error)))
      .finally(() => {
        this.renewing = null;
      });
  }

  private async renew(): Promise<void> {
    const askedAtMs = performance.now();
    const before = [...this.held];
    // A seat once lost is not prolonged, however long its reader takes to stop: others wait for it.
    const wanted = before.filter(({ lost }) => !lost.signal.aborted);
    const epochs = wanted.map(({ lease }) => lease.epoch);
    const kept = await this.leases.renew(epochs, this.limits.sourceLeaseMs);
    this.renewedAtMs = askedAtMs;
    for (const { lease, lost } of wanted) if (!kept.has(lease.epoch)) lost.abort();
  }

  /** The last place of a process is for other members. */
  private mostPlaces(): number {
    return Math.max(1, this.limits.sourcesAtOnce - 1);
  }

  private placesTaken(institution: string): number {
    const reading = [...this.held].map(({ lease }) => lease.institution);
    return [...reading, ...this.asking].filter((each) => each === institution).length;
  }
}
