import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { DATABASE_POOL } from '../database/tokens.js';
import {
  type ChainFault,
  type ChainHead,
  checkAnchor,
  checkEnd,
  checkEntry,
  EMPTY_HEAD,
} from './chain.js';
import { extendChain, lockJournal, readHead, storedEntries } from './journal.repository.js';
import type { JournalEntry } from './journal-entry.js';

export interface Verification {
  readonly consortium: string;
  /** Where the good part ends: note it down, and nothing before it can be changed unseen. */
  readonly head: ChainHead;
  /** The first bad row; null when the chain is whole. */
  readonly fault: ChainFault | null;
}

/**
 * The tamper-evident log (存证日志): batches, verdicts, decisions, postings and pushes, chained by hash in the order they were
 * committed. An append takes the consortium's journal lock until commit, so it belongs at the end of the caller's transaction.
 */
@Injectable()
export class JournalService {
  constructor(@Inject(DATABASE_POOL) private readonly pool: pg.Pool) {}

  /** Appends one entry in the caller's transaction (READ COMMITTED) and returns the new head. */
  async append(client: pg.PoolClient, entry: JournalEntry): Promise<ChainHead> {
    return this.appendAll(client, entry.consortium, [entry]);
  }

  /** Appends entries in the given order: one lock and one insert for all of them. Each must be of `consortium`. */
  async appendAll(
    client: pg.PoolClient,
    consortium: string,
    entries: readonly Omit<JournalEntry, 'consortium'>[],
  ): Promise<ChainHead> {
    await lockJournal(client, consortium);
    const head = await readHead(client, consortium);
    if (entries.length === 0) return head;
    return extendChain(
      client,
      head,
      entries.map((entry) => ({ ...entry, consortium })),
    );
  }

  /** Every consortium that has entries, by name. */
  async consortiums(): Promise<readonly string[]> {
    const { rows } = await this.pool.query<{ consortium: string }>(
      'SELECT consortium FROM journal_head UNION SELECT DISTINCT consortium FROM journal_entry ORDER BY 1',
    );
    return rows.map(({ consortium }) => consortium);
  }

  async head(consortium: string): Promise<ChainHead> {
    return this.reading((client) => readHead(client, consortium));
  }

  /**
   * Reads the whole chain in one snapshot and names the first bad row.
   *
   * @param anchor  a head noted down earlier; finds also a chain that was rewritten from the start
   */
  async verify({
    consortium,
    anchor = null,
  }: {
    readonly consortium: string;
    readonly anchor?: ChainHead | null;
  }): Promise<Verification> {
    return this.reading(async (client) => {
      let head = EMPTY_HEAD;
      for await (const entry of storedEntries(client, consortium)) {
        const fault = checkEntry(head, entry) ?? checkAnchor(anchor, entry);
        if (fault !== null) return { consortium, head, fault };
        head = { seq: entry.seq, hash: entry.entryHash };
      }
      const recorded = await readHead(client, consortium);
      return { consortium, head, fault: checkEnd(head, recorded, anchor) };
    });
  }

  private async reading<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    try {
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      return await work(client);
    } finally {
      await client.query('ROLLBACK').catch(() => undefined);
      client.release();
    }
  }
}
