import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';

/**
 * Whether this process is going. From then on a queue that is away is not waited for: what clients still want of it fails at once, so
 * that workers and queues can close. Nothing is lost by it: what was done stands in the database, what was not is taken by another.
 */
@Injectable()
export class QueueStop implements BeforeApplicationShutdown {
  private asked: boolean = false;

  readonly isAsked = (): boolean => this.asked;

  beforeApplicationShutdown(): void {
    this.asked = true;
  }
}
