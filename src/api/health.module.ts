import { Module } from '@nestjs/common';
import { HealthController } from './health.controller.js';
import { MetricsController } from './metrics.controller.js';

/** What operators ask a serving process; needs nothing but `OperationsModule`, which is global. */
@Module({ controllers: [HealthController, MetricsController] })
export class HealthModule {}
