import { type INestApplicationContext, Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type IssuedPassword, UserService } from '../access/user.service.js';
import { type ServedApi, serveApi } from '../api/api.launcher.js';
import { HeartbeatService } from '../jobs/heartbeat.service.js';
import { LeaderService } from '../jobs/leader.service.js';
import { openQueueBackend, type QueueBackend } from '../jobs/queue-backend.client.js';
import { WorkerService } from '../jobs/worker.service.js';
import { serveHealth } from '../operations/health/health-server.launcher.js';
import { ReadinessService } from '../operations/health/readiness.service.js';
import { requestLog } from '../operations/http/request-log.service.js';
import { ProcessLogger } from '../operations/logging/logger.service.js';
import { MetricsService } from '../operations/metrics/metrics.service.js';
import { OPERATIONS, type Operations } from '../operations/operations.js';
import { AppModule, type AppOptions } from './app.module.js';
import { type Role, schedules, serves, works } from './role.js';

export interface RunningProcess {
  readonly app: INestApplicationContext;
  /** Null in roles that do not answer. */
  readonly api: ServedApi | null;
  /** The administrator made at the very first start of an installation; null at every other. */
  readonly firstUser: IssuedPassword | null;
}

export interface ProcessOptions extends AppOptions {
  /** Port of the read API on loopback; 0 = any free one. */
  readonly port: number;
}

/** Connections of the pool: each worker listens on one of its own, the leader holds one, jobs and requests share the rest. */
export const CONNECTIONS: Readonly<Record<Role, number>> = {
  all: 24,
  api: 8,
  scheduler: 5,
  worker: 20,
};

/** Composes the role's modules and starts what the role does; what was begun is closed where it may not start. @throws ClockSkewError, RedisPolicyError, RedisUnreachableError */
export async function startProcess(role: Role, options: ProcessOptions): Promise<RunningProcess> {
  const { REDIS_URL: redisUrl, REDIS_PREFIX: prefix } = process.env;
  const backend = await openQueueBackend({ pool: options.pool, redisUrl, prefix });
  const module = AppModule.forRole(role, { ...options, backend });
  const settings = { logger: ProcessLogger.ofProcess(role), abortOnError: false };
  if (!serves(role)) {
    const app = await NestFactory.createApplicationContext(module, settings);
    return orClosed(app, async () => {
      await answerOperators(app);
      await startDuties(role, app, backend);
      return { app, api: null, firstUser: null };
    });
  }
  const app = await NestFactory.create(module, settings);
  return orClosed(app, async () => {
    app.use(requestLog(app.get(MetricsService)));
    const firstUser = await app.get(UserService, { strict: false }).ensureFirst();
    const api = await serveApi(app, options.port);
    await startDuties(role, app, backend);
    return { app, api, firstUser };
  });
}

/** A queue's connections would keep a process alive that was refused. */
async function orClosed<T>(app: INestApplicationContext, start: () => Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    await app.close();
    throw error;
  }
}

/** On a port of its own, where HEYI_HEALTH_PORT asks for it; on loopback unless HEYI_HEALTH_HOST says otherwise. */
async function answerOperators(app: INestApplicationContext): Promise<void> {
  const port = process.env['HEYI_HEALTH_PORT'];
  if (port === undefined || port === '') return;
  await serveHealth({
    port: Number(port),
    host: process.env['HEYI_HEALTH_HOST'] ?? '127.0.0.1',
    readiness: app.get(ReadinessService),
    metrics: app.get(MetricsService),
    operations: app.get<Operations>(OPERATIONS),
  });
}

async function startDuties(
  role: Role,
  app: INestApplicationContext,
  backend: QueueBackend,
): Promise<void> {
  if (backend.kind === 'redis') {
    for (const warning of backend.warnings) new Logger('queue').warn(warning);
  }
  if (works(role)) await app.get(WorkerService, { strict: false }).start();
  if (schedules(role)) await app.get(LeaderService, { strict: false }).start();
  await app.get(HeartbeatService, { strict: false }).start();
}
