import { Injectable } from '@nestjs/common';
import type pg from 'pg';
import type { Tick } from './job.js';
import { ScheduleService } from './schedule.service.js';
import { WorkItemRepository } from './work-item.repository.js';
import { WorkQueue } from './work-queue.service.js';

/** What has to be queued when a piece of work ends, or when a clock strikes. */
@Injectable()
export class AfterWork {
  constructor(
    private readonly items: WorkItemRepository,
    private readonly queue: WorkQueue,
    private readonly schedule: ScheduleService,
  ) {}

  /** Queues the run's next stages, in the transaction that ends the gate before them. */
  async openNext(client: pg.PoolClient, runId: string): Promise<void> {
    await this.queue.enqueue(await this.items.openWork(client, runId));
  }

  tick(tick: Tick, at: Date): Promise<void> {
    return this.schedule.tick(tick, at);
  }
}
