import { type DynamicModule, Module } from '@nestjs/common';
import type { Limits } from '../config/limits.js';
import type { Site } from '../config/site.js';
import { ReadinessService } from './health/readiness.service.js';
import { MetricsService } from './metrics/metrics.service.js';
import { OPERATIONS, type Operations } from './operations.js';

export interface OperationsOptions {
  readonly role: string;
  readonly site: Site;
  readonly limits: Limits;
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** What watches over a process: readiness and metrics. */
@Module({})
export class OperationsModule {
  static forProcess({
    role,
    site,
    limits,
    environment = process.env,
  }: OperationsOptions): DynamicModule {
    const operations: Operations = {
      role,
      dataDir: site.dataDir,
      redisUrl: environment['REDIS_URL'] || null,
      limits: { ...limits.operations, clockSkewMs: limits.jobs.clockSkewMs },
      metricsToken: environment['HEYI_METRICS_TOKEN'] || null,
    };
    return {
      module: OperationsModule,
      global: true,
      providers: [{ provide: OPERATIONS, useValue: operations }, ReadinessService, MetricsService],
      exports: [OPERATIONS, ReadinessService, MetricsService],
    };
  }
}
