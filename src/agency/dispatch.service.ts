import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { loadLimits } from '../config/limits.loader.js';
import { SITE, type Site } from '../config/site.js';
import { DATABASE_POOL } from '../database/tokens.js';
import { withTransaction } from '../database/transaction.repository.js';
import { JournalService } from '../journal/journal.service.js';
import type { Clock } from '../kernel/clock.js';
import { digest } from '../kernel/hash.js';
import { Courier } from './courier.client.js';
import {
  institutionsToSignIn,
  markSent,
  openMessages,
  orphanedMessages,
  recordOutcomes,
  type SentMessage,
  signInNumbers,
} from './delivery.repository.js';
import { followUps } from './follow-up.repository.js';
import { chinaTime } from './message-id.js';
import { enqueue, type OutboxMessage } from './outbox.repository.js';
import type { Outcome } from './outcome.js';
import { pushEntry } from './push-entry.js';
import { loadAgencySettings } from './settings.loader.js';
import { AGENCY_CLOCK } from './tokens.js';

export interface DispatchResult {
  readonly consortium: string;
  /** Another process is dispatching for this consortium; nothing was done here. */
  readonly busy: boolean;
  readonly accepted: number;
  readonly rejected: number;
  /** Still open at the end: not delivered, or without an answer. The next dispatch goes on with them. */
  readonly open: number;
}

/** One run of the dispatcher. */
interface Run {
  readonly consortium: string;
  readonly courier: Courier;
  readonly signal: AbortSignal;
  /** Messages already tried in this round that are still open. */
  readonly tried: Set<string>;
  readonly count: { accepted: number; rejected: number };
}

/**
 * Sends what waits in the outbox. One dispatcher a consortium at a time (a session lock, gone with its process). A message is written
 * down as sent, with its id, before it leaves; its outcome and what follows from it are written down together.
 */
@Injectable()
export class DispatchService {
  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    @Inject(SITE) private readonly site: Site,
    @Inject(AGENCY_CLOCK) private readonly clock: Clock,
    private readonly journal: JournalService,
  ) {}

  /**
   * Several rounds with growing pauses, until nothing is open. An unknown outcome is asked again under the same message id.
   *
   * @throws the signal's reason when aborted (between batches); configuration errors
   */
  async dispatch(
    { consortium }: { readonly consortium: string },
    signal: AbortSignal,
  ): Promise<DispatchResult> {
    const holder = await this.pool.connect();
    try {
      const count = { accepted: 0, rejected: 0 };
      if (!(await tryLock(holder, consortium)))
        return { consortium, busy: true, ...count, open: 0 };
      const limits = loadLimits(this.site.configDir).agency;
      const courier = new Courier(loadAgencySettings(this.site), limits, this.clock);
      const run: Run = { consortium, courier, signal, tried: new Set(), count };
      await this.loseOrphans(run);
      let open = await this.openCount(consortium);
      for (let round = 0; open > 0 && round < limits.attempts; round += 1) {
        if (round > 0) await pause(limits.backoffMs * 2 ** (round - 1), undefined, { signal });
        await this.sendRound(run);
        open = await this.openCount(consortium);
      }
      return { consortium, busy: false, ...count, open };
    } finally {
      await holder.query('SELECT pg_advisory_unlock_all()').catch(() => undefined);
      holder.release();
    }
  }

  /** Every open message once, and what follows from it; stops early when nobody answers. */
  private async sendRound(run: Run): Promise<void> {
    run.tried.clear();
    await this.enqueueSignIns(run);
    for (;;) {
      run.signal.throwIfAborted();
      const batch = await openMessages(this.pool, {
        ...this.session(run),
        except: [...run.tried],
        most: run.courier.limits.batchMessages,
      });
      if (batch.length === 0) return;
      for (const { outboxId } of batch) run.tried.add(outboxId);
      if (!(await this.sendBatch(run, batch))) return;
    }
  }

  /** Whether anybody answered. */
  private async sendBatch(run: Run, batch: readonly OutboxMessage[]): Promise<boolean> {
    const second = chinaTime(this.clock.now());
    const { sent, numbers } = await withTransaction(this.pool, async (client) => {
      const sent = await markSent(client, batch, second);
      const numbers = await signInNumbers(client, this.session(run));
      const entries = sent.filter(({ state }) => state === 'SENT').map((m) => pushEntry(m, 'send'));
      await this.journal.appendAll(client, run.consortium, entries);
      return { sent, numbers };
    });
    const outcomes = await run.courier.sendAll(sent, numbers, run.signal);
    await this.record(run, sent, outcomes);
    for (const [index, { event }] of outcomes.entries())
      if (isEnd(event)) run.tried.delete(sent[index]?.outboxId ?? '');
    return outcomes.some(({ event }) => isEnd(event));
  }

  private async record(
    run: Run,
    sent: readonly SentMessage[],
    outcomes: readonly Outcome[],
  ): Promise<void> {
    const { settings, limits } = run.courier;
    const context = {
      profile: settings.profile,
      operator: settings.site.operator.code,
      mostRows: limits.fileRows,
    };
    await withTransaction(this.pool, async (client) => {
      const ended = sent.flatMap((message, index) => {
        const outcome = outcomes[index];
        return outcome === undefined ? [] : [{ message, outcome }];
      });
      const after = await recordOutcomes(client, ended);
      const told = after.flatMap((message, index) => {
        const result = ended[index]?.outcome.result ?? null;
        return result === null ? [] : [{ message, result }];
      });
      await followUps(client, told, context);
      const entries = after.flatMap((message, index) => {
        const [before, event] = [ended[index]?.message.state, ended[index]?.outcome.event];
        return event === undefined || message.state === before ? [] : [pushEntry(message, event)];
      });
      await this.journal.appendAll(client, run.consortium, entries);
    });
    run.count.accepted += outcomes.filter(({ event }) => event === 'accept').length;
    run.count.rejected += outcomes.filter(({ event }) => event === 'reject').length;
  }

  /** What a dead dispatcher had written down as sent may have arrived: unknown, and asked again. */
  private async loseOrphans(run: Run): Promise<void> {
    const orphans = await withTransaction(this.pool, (client) =>
      orphanedMessages(client, run.consortium),
    );
    if (orphans.length === 0) return;
    const lost: Outcome = { event: 'lose', code: '', text: '发送中断，结果未知', result: null };
    await this.record(
      run,
      orphans,
      orphans.map(() => lost),
    );
  }

  private async enqueueSignIns(run: Run): Promise<void> {
    const { consortium, operator, day } = this.session(run);
    await withTransaction(this.pool, async (client) => {
      const institutions = await institutionsToSignIn(client, { consortium, operator, day });
      const messages = institutions.map((institution) => ({
        ...{ consortium, institution, transactionCode: '9001', content: { day } },
        ...{ month: null, clearingType: null, parentId: null },
        about: [operator, day],
        contentDigest: digest({ day }),
      }));
      await enqueue(client, messages, true);
    });
  }

  private session({ consortium, courier }: Run): {
    readonly consortium: string;
    readonly operator: string;
    readonly day: string;
  } {
    const day = chinaTime(this.clock.now()).slice(0, 10);
    return { consortium, operator: courier.settings.site.operator.code, day };
  }

  private async openCount(consortium: string): Promise<number> {
    const { rows } = await this.pool.query<{ open: number }>(
      `SELECT count(*)::int AS open FROM outbox_message
       WHERE consortium = $1 AND state IN ('PENDING', 'SENT', 'UNKNOWN')`,
      [consortium],
    );
    return rows[0]?.open ?? 0;
  }
}

const isEnd = (event: Outcome['event']): boolean => event === 'accept' || event === 'reject';

async function tryLock(holder: pg.PoolClient, consortium: string): Promise<boolean> {
  const { rows } = await holder.query<{ locked: boolean }>(
    'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS locked',
    [`dispatch:${consortium}`],
  );
  return rows[0]?.locked === true;
}
