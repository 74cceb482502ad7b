import { setTimeout as pause } from 'node:timers/promises';
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type pg from 'pg';
import { DATABASE_POOL } from '../database/tokens.js';
import { ROUTE_ACCESS, type RouteAccess } from './access.guard.js';
import { API_SETTINGS, type ApiSettings } from './api-settings.js';
import { BusyDatabaseError } from './errors.js';

/**
 * Use cases take their connections from the process's pool, which waits for ever: jobs may. A request that would have to wait longer than
 * `api.connectTimeoutMs` is told so instead.
 */
@Injectable()
export class BusyDatabaseGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    @Inject(API_SETTINGS) private readonly settings: ApiSettings,
  ) {}

  /** @throws BusyDatabaseError */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.reflector.getAllAndOverride<RouteAccess | undefined>(ROUTE_ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (access?.open === true || this.hasRoom()) return true;
    if (await this.gets()) return true;
    throw new BusyDatabaseError('数据库连接已用尽');
  }

  private hasRoom(): boolean {
    const { idleCount, totalCount, waitingCount, options } = this.pool;
    return waitingCount === 0 && (idleCount > 0 || totalCount < options.max);
  }

  /** Whether a connection comes free in time; one that comes later goes straight back. */
  private async gets(): Promise<boolean> {
    const giveUp = new AbortController();
    const late = pause(this.settings.limits.connectTimeoutMs, false as const, giveUp);
    const connected = this.pool.connect().then((client) => {
      client.release();
      return true as const;
    });
    try {
      return await Promise.race([connected, late]);
    } finally {
      giveUp.abort();
      late.catch(() => undefined);
      connected.catch(() => undefined);
    }
  }
}
