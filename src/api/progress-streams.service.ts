import { Inject, Injectable } from '@nestjs/common';
import { mayDo } from '../access/roles.js';
import { SessionService } from '../access/session.service.js';
import { RunProgressService } from '../jobs/run-progress.service.js';
import { API_SETTINGS, type ApiSettings } from './api-settings.js';
import type { Caller } from './caller.js';
import { TooManyStreamsError } from './errors.js';
import type { HttpResponse } from './http.js';

/** How often an open stream looks whether its reader may still read, and shows proxies that it lives. */
const WATCH_MS = 5_000;

/** Server-sent events. A stream ends with its run, its reader, or the reader's right to read. */
@Injectable()
export class ProgressStreams {
  private readonly open = new Map<string, number>();

  constructor(
    private readonly runs: RunProgressService,
    private readonly sessions: SessionService,
    @Inject(API_SETTINGS) private readonly settings: ApiSettings,
  ) {}

  /** @throws TooManyStreamsError */
  async send(runId: string, caller: Caller, response: HttpResponse): Promise<void> {
    const leave = this.enter(caller.userId);
    const ending = new AbortController();
    response.on('close', () => ending.abort('closed'));
    const watch = setInterval(() => {
      response.write(': \n\n');
      this.mayRead(caller).then(
        (may) => may || ending.abort('signed-out'),
        () => ending.abort('unavailable'),
      );
    }, WATCH_MS);
    try {
      response.status(200).setHeader('Content-Type', 'text/event-stream; charset=utf-8');
      response.setHeader('X-Accel-Buffering', 'no');
      response.flushHeaders();
      for await (const state of this.runs.watch(runId, ending.signal)) {
        response.write(event('progress', state));
      }
      const reason: unknown = ending.signal.aborted ? ending.signal.reason : 'done';
      response.write(event('ended', { reason }));
    } finally {
      clearInterval(watch);
      leave();
      response.end();
    }
  }

  private async mayRead({ token }: Caller): Promise<boolean> {
    const account = await this.sessions.holder(token, { isUse: false });
    return account !== null && mayDo(account.roles, 'runs.read') && account.institutions === 'all';
  }

  private enter(userId: string): () => void {
    const open = this.open.get(userId) ?? 0;
    const { streamsPerUser } = this.settings.limits;
    if (open >= streamsPerUser) {
      throw new TooManyStreamsError(`一人最多同时打开 ${streamsPerUser} 个进度流`);
    }
    this.open.set(userId, open + 1);
    return () => {
      const left = (this.open.get(userId) ?? 1) - 1;
      if (left === 0) this.open.delete(userId);
      else this.open.set(userId, left);
    };
  }
}

function event(name: string, content: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(content)}\n\n`;
}
