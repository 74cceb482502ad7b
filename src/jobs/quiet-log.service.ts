import { Logger } from '@nestjs/common';
import { cleanMessage } from './clean-message.js';

const QUIET_MS = 30_000;
const MOST_REMEMBERED = 100;

/** A log in which an outage is said once in a while, not with every try. */
export class QuietLog {
  private readonly log: Logger;
  private readonly saidAtMs = new Map<string, number>();

  constructor(context: string) {
    this.log = new Logger(context);
  }

  /** @param what  in front of the error's own text */
  error(error: unknown, what: string = ''): void {
    const text = `${what}${cleanMessage(error)}`;
    const now = performance.now();
    if (now - (this.saidAtMs.get(text) ?? Number.NEGATIVE_INFINITY) < QUIET_MS) return;
    if (this.saidAtMs.size >= MOST_REMEMBERED) this.saidAtMs.clear();
    this.saidAtMs.set(text, now);
    this.log.error(text);
  }
}
