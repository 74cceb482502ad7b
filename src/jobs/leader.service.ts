import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type pg from 'pg';
import { DATABASE_POOL } from '../database/tokens.js';
import { cleanMessage } from './clean-message.js';
import { assertClockAgrees } from './clock-check.repository.js';
import { Duties } from './duties.service.js';
import { JOB_LIMITS, type JobLimits } from './job-limits.js';
import { ScheduleService } from './schedule.service.js';
import { SweepService } from './sweep.service.js';
import { forgetSilentWorkers } from './worker-directory.repository.js';

/** Any number of our own: the process that holds it is the one that schedules and sweeps. */
const LEADER_LOCK = 4_841_002;
const TRY_AGAIN_MS = 10_000;
/** Of a leader whose host has vanished the server learns by probing: its lock is free again within half a minute, not two hours. */
const NOTICE_DEAD_PEERS =
  'SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3';

/** Of all processes with this role one leads: it keeps the schedule and sweeps. When it goes, its connection and its lock go too. */
@Injectable()
export class LeaderService implements OnApplicationShutdown {
  private readonly log = new Logger('leader');
  private readonly stopping = new AbortController();
  private leading: Promise<void> | null = null;

  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    private readonly schedule: ScheduleService,
    private readonly sweeping: SweepService,
    @Inject(JOB_LIMITS) private readonly limits: JobLimits,
    private readonly duties: Duties,
  ) {}

  /** Every process with this role also reports itself and hands over work. */
  async start(): Promise<void> {
    this.duties.relay.start();
    await this.duties.heartbeat.start();
    this.leading ??= this.lead();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.leading;
  }

  private async lead(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await this.whileHoldingTheLock().catch((error: unknown) => {
        this.log.error(cleanMessage(error));
      });
      await this.pause(TRY_AGAIN_MS);
    }
  }

  private async whileHoldingTheLock(): Promise<void> {
    const client = await this.pool.connect();
    let broken = false;
    client.once('error', () => {
      broken = true;
    });
    try {
      const { rows } = await client.query<{ held: boolean }>(
        'SELECT pg_try_advisory_lock($1) AS held',
        [LEADER_LOCK],
      );
      if (rows[0]?.held !== true) return;
      await client.query(NOTICE_DEAD_PEERS);
      await this.schedule.publish();
      while (!this.stopping.signal.aborted && !broken) {
        await this.assertClock();
        await this.schedule.restore();
        await this.sweeping.sweep();
        await forgetSilentWorkers(this.pool);
        await this.pause(this.limits.sweepMs);
      }
      await client.query('SELECT pg_advisory_unlock($1)', [LEADER_LOCK]);
    } catch (error) {
      broken = true;
      throw error;
    } finally {
      client.release(broken); // a connection thrown away gives the lock back
    }
  }

  /** A leader whose clock is off would set off everything at the wrong hour: it steps down. */
  private assertClock(): Promise<void> {
    const { now } = this.duties.heartbeat;
    return assertClockAgrees(this.pool, { now, mostMs: this.limits.clockSkewMs });
  }

  private pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.stopping.signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      this.stopping.signal.addEventListener('abort', done);
      if (this.stopping.signal.aborted) done();
    });
  }
}
