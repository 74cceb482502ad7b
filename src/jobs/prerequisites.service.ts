import { Injectable } from '@nestjs/common';
import { PrerequisiteFailedError } from './errors.js';
import { WorkItemRepository } from './work-item.repository.js';

/** What a step may build on. A failed child never stops the queue, so each step looks for itself. */
@Injectable()
export class Prerequisites {
  constructor(private readonly items: WorkItemRepository) {}

  /** @throws PrerequisiteFailedError when earlier work of the run other than reading sources failed */
  async assertCalculated(item: string): Promise<void> {
    const failed = (await this.items.failedBefore(item)).find(({ kind }) => kind !== 'pull');
    if (failed === undefined) return;
    throw new PrerequisiteFailedError(`前一步 ${failed.kind} 失败，未继续`, {
      key: failed.businessKey,
    });
  }

  /** Sources of the run that could not be read; a month with one of them missing stays open. */
  async unreadSources(item: string): Promise<readonly string[]> {
    const failed = await this.items.failedBefore(item);
    return failed.filter(({ kind }) => kind === 'pull').map(({ businessKey }) => businessKey);
  }
}
