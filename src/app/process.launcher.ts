import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type ServedApi, serveApi } from '../api/api.launcher.js';
import { LeaderService } from '../jobs/leader.service.js';
import { WorkerService } from '../jobs/worker.service.js';
import { AppModule, type AppOptions } from './app.module.js';
import { type Role, schedules, serves, works } from './role.js';

export interface RunningProcess {
  readonly app: INestApplicationContext;
  /** Null in roles that do not answer. */
  readonly api: ServedApi | null;
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

/** Composes the role's modules and starts what the role does. @throws ClockSkewError */
export async function startProcess(role: Role, options: ProcessOptions): Promise<RunningProcess> {
  const module = AppModule.forRole(role, options);
  const settings = { logger: ['error', 'warn'] as ('error' | 'warn')[], abortOnError: false };
  if (!serves(role)) {
    const app = await NestFactory.createApplicationContext(module, settings);
    await startDuties(role, app);
    return { app, api: null };
  }
  const app = await NestFactory.create(module, settings);
  const api = await serveApi(app, options.port);
  await startDuties(role, app);
  return { app, api };
}

async function startDuties(role: Role, app: INestApplicationContext): Promise<void> {
  if (works(role)) await app.get(WorkerService, { strict: false }).start();
  if (schedules(role)) app.get(LeaderService, { strict: false }).start();
}
