import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type pg from 'pg';
import { z } from 'zod';
import { DATABASE_POOL } from '../database/tokens.js';
import { cleanMessage } from './clean-message.js';
import { clockSkewMs, NOW_MS, type NowMs } from './clock-check.repository.js';
import { JOB_LIMITS, type JobLimits } from './job-limits.js';
import { PROCESS, type ProcessTraits } from './process-traits.js';
import { forgetWorker, reportWorker } from './worker-directory.repository.js';

/** The part of a process that carries work out. */
export interface Heart {
  /** Ids of the work in hand. */
  current(): readonly string[];
  /** This machine's clock has gone wrong, or right again. */
  fence(fenced: boolean): void;
}

/**
 * Reports this process in the table of processes and checks its clock against the database's. A process that does not beat is not
 * thereby declared dead: the queue's locks and the leases of sources run out by themselves.
 */
@Injectable()
export class HeartbeatService implements OnApplicationShutdown {
  private readonly log = new Logger('heartbeat');
  private readonly id = randomUUID();
  private heart: Heart | null = null;
  private timer: NodeJS.Timeout | null = null;
  private beating: Promise<void> | null = null;
  private fenced: boolean = false;

  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    @Inject(JOB_LIMITS) private readonly limits: JobLimits,
    @Inject(NOW_MS) readonly now: NowMs,
    @Inject(PROCESS) private readonly traits: ProcessTraits,
  ) {}

  /** Begins to beat; called again it only takes on the part that works. */
  async start(heart?: Heart): Promise<void> {
    this.heart ??= heart ?? null;
    if (this.timer !== null) return;
    this.timer = setInterval(() => void this.beat(), this.limits.heartbeatMs);
    await this.beat();
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.timer === null) return;
    clearInterval(this.timer);
    await this.beating;
    await forgetWorker(this.pool, this.id).catch(() => undefined);
  }

  /** One at a time: a database that does not answer is not asked again meanwhile. */
  private async beat(): Promise<void> {
    this.beating ??= this.report()
      .catch((error: unknown) => this.log.warn(cleanMessage(error)))
      .finally(() => {
        this.beating = null;
      });
    await this.beating;
  }

  private async report(): Promise<void> {
    const skewMs = await clockSkewMs(this.pool, this.now);
    this.judge(skewMs);
    await reportWorker(this.pool, {
      ...{ id: this.id, host: hostname(), pid: process.pid, version: VERSION },
      ...{ role: this.traits.role, backend: this.traits.backend },
      state: this.fenced ? 'fenced' : 'working',
      clockSkewMs: Math.round(skewMs),
      current: this.heart?.current() ?? [],
    });
  }

  private judge(skewMs: number): void {
    const fenced = Math.abs(skewMs) > this.limits.clockSkewMs;
    if (fenced === this.fenced) return;
    this.fenced = fenced;
    const seconds = Math.round(skewMs / 1000);
    if (fenced) {
      this.log.error(
        `本机时钟与数据库相差 ${seconds} 秒，暂停接任务；请校准时间 / clock is off, no jobs are taken`,
      );
    } else this.log.warn('本机时钟已恢复，继续接任务 / clock is right again');
    this.heart?.fence(fenced);
  }
}

const VERSION = versionAbove(import.meta.dirname);

/** Of the product that this file is part of, compiled or not. */
function versionAbove(folder: string): string {
  const path = join(folder, 'package.json');
  if (!existsSync(path)) return versionAbove(dirname(folder));
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(path, 'utf8'))).version;
}
