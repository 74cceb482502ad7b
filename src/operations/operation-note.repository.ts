import type pg from 'pg';
import { withTransaction } from '../database/transaction.repository.js';
import { JournalService } from '../journal/journal.service.js';
import type { Canonical } from '../kernel/hash.js';

/** Something done to the installation rather than with it. */
export interface OperationNote {
  readonly consortium: string;
  /** `secret:lead-his`, `backup:<digest>`, `retention`. */
  readonly subject: string;
  /** Names, counts, digests; never a secret and never personal data. */
  readonly content: Canonical;
}

/** Puts an operation into the journal, in a transaction of its own. */
export async function noteOperation(pool: pg.Pool, note: OperationNote): Promise<void> {
  await withTransaction(pool, (client) => noteOperationIn(client, pool, note));
}

/** Puts an operation into the journal with the caller's transaction. */
export async function noteOperationIn(
  client: pg.PoolClient,
  pool: pg.Pool,
  note: OperationNote,
): Promise<void> {
  await new JournalService(pool).append(client, { ...note, kind: 'operation' });
}
