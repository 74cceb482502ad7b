import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { MIGRATIONS } from '../../database/migrations.js';
import { DATABASE_POOL } from '../../database/tokens.js';
import { inspectRedis } from '../../jobs/redis-posture.client.js';
import { OPERATIONS, type Operations } from '../operations.js';
import {
  bad,
  type Check,
  clockCheck,
  diskCheck,
  good,
  migrationsCheck,
  redisCheck,
  workCheck,
} from './readiness.js';
import { readWorkAge } from './work-age.repository.js';

export interface Readiness {
  readonly ready: boolean;
  readonly checks: readonly Check[];
}

const ANSWER_MS = 3_000;

/** Whether this process can do its work now: asked by a load balancer, a container's health check, a person. */
@Injectable()
export class ReadinessService {
  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    @Inject(OPERATIONS) private readonly operations: Operations,
  ) {}

  async read(): Promise<Readiness> {
    const checks = await Promise.all([
      this.asked('database', () => this.database()),
      this.asked('migrations', () => this.migrations()),
      this.asked('queue', () => this.queue()),
      this.asked('clock', () => this.clock()),
      this.asked('disk', () => this.disk()),
      this.asked('work', async () =>
        workCheck(await readWorkAge(this.pool), this.operations.limits),
      ),
    ]);
    return { ready: checks.every(({ ok }) => ok), checks };
  }

  /** What does not answer in time has failed: a probe must never hang with the thing it probes. */
  private async asked(name: Check['name'], ask: () => Promise<Check>): Promise<Check> {
    const patience = new AbortController();
    const late = pause(ANSWER_MS, bad(name, `${ANSWER_MS / 1000} 秒内没有应答`), {
      signal: patience.signal,
    });
    late.catch(() => {}); // called off below
    try {
      return await Promise.race([ask(), late]);
    } catch {
      return bad(name, '没有应答');
    } finally {
      patience.abort();
    }
  }

  private async database(): Promise<Check> {
    await this.pool.query('SELECT 1');
    return good('database', '数据库有应答');
  }

  private async migrations(): Promise<Check> {
    const { rows } = await this.pool.query<{ name: string }>('SELECT name FROM schema_migration');
    return migrationsCheck(
      rows.map(({ name }) => name),
      MIGRATIONS.map(({ name }) => name),
    );
  }

  private async queue(): Promise<Check> {
    const { redisUrl } = this.operations;
    if (redisUrl !== null) return redisCheck(await inspectRedis(redisUrl));
    await this.pool.query('SELECT 1 FROM bullmq.job LIMIT 1');
    return good('queue', '队列在 PostgreSQL 中');
  }

  private async clock(): Promise<Check> {
    const before = Date.now();
    const { rows } = await this.pool.query<{ ms: string }>(
      'SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS ms',
    );
    const database = Number(rows[0]?.ms);
    const skew = Math.max(before - database, database - Date.now(), 0);
    return clockCheck(skew, this.operations.limits);
  }

  private async disk(): Promise<Check> {
    let folder = this.operations.dataDir;
    while (!existsSync(folder) && folder !== dirname(folder)) folder = dirname(folder);
    const { bavail, bsize } = await statfs(folder, { bigint: true });
    return diskCheck(bavail * bsize, this.operations.limits);
  }
}
