import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { DATABASE_POOL } from '../database/tokens.js';
import { withTransaction } from '../database/transaction.repository.js';
import { JOB_LIMITS, type JobLimits } from './job-limits.js';
import { QuietLog } from './quiet-log.service.js';
import { WorkItemRepository } from './work-item.repository.js';
import { RELAY_CHANNEL, WorkQueue } from './work-queue.service.js';

const MOST_RUNS_AT_ONCE = 20;

/**
 * Hands work to a queue outside the database. What is to be handed over was marked in the business transaction (`work_item.relay`), so a
 * crash at any moment loses nothing: a mark is wiped only after the queue has taken the jobs, and jobs handed over twice have one id.
 */
@Injectable()
export class RelayService implements BeforeApplicationShutdown {
  private readonly log = new QuietLog('relay');
  private readonly stopping = new AbortController();
  private running: Promise<void> | null = null;
  private wake: () => void = () => undefined;

  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    private readonly items: WorkItemRepository,
    private readonly queue: WorkQueue,
    @Inject(JOB_LIMITS) private readonly limits: JobLimits,
  ) {}

  /** Any number of processes may relay. Does nothing where the queue commits with the database. */
  start(): void {
    if (this.queue.backend.kind === 'redis') this.running ??= this.relay();
  }

  /** Before the queues close: what has just been asked for still goes out. */
  async beforeApplicationShutdown(): Promise<void> {
    if (this.running === null) return;
    this.stopping.abort();
    this.wake();
    await this.running;
  }

  /** Hands over what waits. @returns the number of runs whose work went out */
  async relayOnce(): Promise<number> {
    const { rows } = await this.pool.query<{ run: string }>(
      'SELECT DISTINCT run_id AS run FROM work_item WHERE relay ORDER BY 1 LIMIT $1',
      [MOST_RUNS_AT_ONCE],
    );
    for (const { run } of rows) await this.relayRun(run);
    return rows.length;
  }

  /** The marked rows stay locked until the queue has their jobs: of two relays one finds nothing to do. */
  private relayRun(run: string): Promise<void> {
    return withTransaction(this.pool, async (client) => {
      const { rows } = await client.query<{ id: string }>(
        'SELECT id FROM work_item WHERE run_id = $1 AND relay FOR UPDATE SKIP LOCKED',
        [run],
      );
      if (rows.length === 0) return;
      await this.queue.handOver(await this.items.openWork(client, run));
      await client.query('UPDATE work_item SET relay = false WHERE id = ANY($1)', [
        rows.map(({ id }) => id),
      ]);
    });
  }

  private async relay(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await this.whileListening().catch((error: unknown) =>
        this.log.error(error, '任务暂时交不到队列 / work cannot be handed over: '),
      );
      if (!this.stopping.signal.aborted) await this.pause();
    }
    await this.relayOnce().catch(() => undefined);
  }

  private async whileListening(): Promise<void> {
    const client = await this.pool.connect();
    let broken = false;
    const onBroken = (): void => {
      broken = true;
      this.wake();
    };
    const onNotice = (): void => this.wake();
    client.on('error', onBroken);
    client.on('notification', onNotice);
    try {
      await client.query(`LISTEN ${RELAY_CHANNEL}`);
      while (!this.stopping.signal.aborted && !broken) {
        const noticed = this.pause();
        if ((await this.relayOnce()) === 0) await noticed;
        else this.wake();
      }
      if (!broken) await client.query(`UNLISTEN ${RELAY_CHANNEL}`);
    } catch (error) {
      broken = true;
      throw error;
    } finally {
      client.off('error', onBroken);
      client.off('notification', onNotice);
      client.release(broken);
    }
  }

  /** Until somebody notifies, or the poll is due. Begun before looking, so that no notice falls in between. */
  private pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.limits.relayMs);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
