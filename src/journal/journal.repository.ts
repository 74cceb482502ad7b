import type pg from 'pg';
import { canonicalJson, digest } from '../kernel/hash.js';
import { type ChainHead, EMPTY_HEAD, type StoredEntry } from './chain.js';
import { entryHash, type JournalEntry } from './journal-entry.js';

const PAGE_ROWS = 1000;
const INSTANT = `'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'`;

/** Waits until no other transaction is appending for this consortium; held until commit or rollback. */
export async function lockJournal(client: pg.PoolClient, consortium: string): Promise<void> {
  await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `journal:${consortium}`,
  ]);
}

export async function readHead(client: pg.PoolClient, consortium: string): Promise<ChainHead> {
  const { rows } = await client.query<ChainHead>(
    'SELECT seq, entry_hash AS hash FROM journal_head WHERE consortium = $1',
    [consortium],
  );
  return rows[0] ?? EMPTY_HEAD;
}

/** Chains the entries to the head and stores both. The caller holds the lock; all entries are of one consortium. */
export async function extendChain(
  client: pg.PoolClient,
  head: ChainHead,
  entries: readonly JournalEntry[],
): Promise<ChainHead> {
  const at = await databaseInstant(client);
  const sealed: StoredEntry[] = [];
  let { seq, hash } = head;
  for (const { consortium, kind, subject, content } of entries) {
    seq = (BigInt(seq) + 1n).toString();
    const contentDigest = digest(content);
    const fields = { consortium, seq, at, kind, subject, contentDigest, previousHash: hash };
    hash = entryHash(fields);
    sealed.push({ ...fields, content, entryHash: hash });
  }
  await client.query(INSERT_ENTRIES, [canonicalJson(sealed.map((row) => ({ ...row })))]);
  await client.query(SAVE_HEAD, [entries[0]?.consortium, seq, hash]);
  return { seq, hash };
}

async function databaseInstant(client: pg.PoolClient): Promise<string> {
  const { rows } = await client.query<{ at: string }>(
    `SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', ${INSTANT}) AS at`,
  );
  return rows[0]?.at ?? '';
}

/** All entries of a consortium in order, a page at a time. Run inside one snapshot. */
export async function* storedEntries(
  client: pg.PoolClient,
  consortium: string,
): AsyncGenerator<StoredEntry> {
  let after = '0';
  for (;;) {
    const { rows } = await client.query<StoredEntry>(READ_ENTRIES, [consortium, after, PAGE_ROWS]);
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE_ROWS) return;
    after = last.seq;
  }
}

const INSERT_ENTRIES = `
  INSERT INTO journal_entry (consortium, seq, at, kind, subject, content_digest, content, previous_hash, entry_hash)
  SELECT "consortium", "seq", "at", "kind", "subject", "contentDigest", "content", "previousHash", "entryHash"
  FROM jsonb_to_recordset($1::jsonb) AS entry(
    "consortium" text, "seq" bigint, "at" timestamptz, "kind" text, "subject" text,
    "contentDigest" text, "content" jsonb, "previousHash" text, "entryHash" text)`;

const SAVE_HEAD = `
  INSERT INTO journal_head (consortium, seq, entry_hash) VALUES ($1, $2, $3)
  ON CONFLICT (consortium) DO UPDATE SET seq = excluded.seq, entry_hash = excluded.entry_hash`;

const READ_ENTRIES = `
  SELECT consortium, seq, to_char(at AT TIME ZONE 'UTC', ${INSTANT}) AS at, kind, subject,
    content_digest AS "contentDigest", content, previous_hash AS "previousHash", entry_hash AS "entryHash"
  FROM journal_entry WHERE consortium = $1 AND seq > $2 ORDER BY seq LIMIT $3`;
