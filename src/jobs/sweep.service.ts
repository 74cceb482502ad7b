import { Injectable, Logger } from '@nestjs/common';
import { RunService } from './run.service.js';
import { WorkItemRepository } from './work-item.repository.js';
import { WorkQueue } from './work-queue.service.js';

export interface SweepOutcome {
  /** Runs whose jobs were made anew. */
  readonly renewedRuns: readonly string[];
  /** Work given up because the process died of it again and again. */
  readonly givenUp: readonly string[];
}

const GRACE_SECONDS = 60;
const MOST_CRASHES = 10;

/**
 * Finds work that is due but that no queue will carry out any more (a queue wiped, a process killed at the wrong moment), and makes
 * its jobs anew. The table of work decides; the queue is only asked whether it still holds a job.
 */
@Injectable()
export class SweepService {
  private readonly log = new Logger('sweep');

  constructor(
    private readonly items: WorkItemRepository,
    private readonly queue: WorkQueue,
    private readonly runs: RunService,
  ) {}

  /**
   * @param graceSeconds     how long due work may be between two states of the queue
   * @param othersAreGone    true where no other worker can be alive: a job marked as being worked on is lost too
   */
  async sweep({
    graceSeconds = GRACE_SECONDS,
    othersAreGone = false,
  }: {
    readonly graceSeconds?: number;
    readonly othersAreGone?: boolean;
  } = {}): Promise<SweepOutcome> {
    if (othersAreGone) await this.items.clearSeats();
    const givenUp = await this.items.giveUpCrashing(MOST_CRASHES);
    const lost = new Set<string>();
    for (const work of await this.items.overdue(
      graceSeconds,
      this.queue.backend.kind === 'redis',
    )) {
      if (lost.has(work.runId)) continue;
      if (othersAreGone || !(await this.queue.holds(work))) lost.add(work.runId);
    }
    for (const runId of lost) {
      this.log.warn(
        `运行 ${runId} 的作业已丢失，重新建立 / jobs of run ${runId} were lost and are made anew`,
      );
      await this.runs.renew(runId);
    }
    return { renewedRuns: [...lost], givenUp };
  }
}
