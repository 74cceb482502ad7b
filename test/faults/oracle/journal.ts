import { createHash } from 'node:crypto';
import type pg from 'pg';
import { NOTHING_WRONG, type Verdict } from './truth.js';

interface Entry {
  readonly seq: string;
  readonly at: string;
  readonly kind: string;
  readonly subject: string;
  readonly content: unknown;
  readonly content_digest: string;
  readonly previous_hash: string;
  readonly entry_hash: string;
}

/** I5, by a verifier of our own: from what decisions/0060 says about the chain, not from the code that makes it. */
export async function judgeJournal(pool: pg.Pool, consortium: string): Promise<Verdict> {
  const { rows } = await pool.query<Entry>(
    `SELECT seq::text, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at, kind, subject, content,
            content_digest, previous_hash, entry_hash
       FROM journal_entry WHERE consortium = $1 ORDER BY journal_entry.seq`,
    [consortium],
  );
  const head = await pool.query<{ seq: string; entry_hash: string }>(
    'SELECT seq::text, entry_hash FROM journal_head WHERE consortium = $1',
    [consortium],
  );
  const broken = chainFaults(consortium, rows);
  const last = rows.at(-1);
  const recorded = head.rows[0];
  if (last?.seq !== recorded?.seq || last?.entry_hash !== recorded?.entry_hash) {
    broken.push(`I5 the chain ends at ${last?.seq}, its head says ${recorded?.seq}`);
  }
  return { ...NOTHING_WRONG, broken };
}

function chainFaults(consortium: string, entries: readonly Entry[]): string[] {
  let previous = '0'.repeat(64);
  let expected = 1n;
  for (const entry of entries) {
    const { seq, at, kind, subject, content_digest, previous_hash } = entry;
    if (seq !== expected.toString()) return [`I5 entry ${expected} is missing`];
    if (hash(sorted(entry.content)) !== content_digest) return [`I5 content of entry ${seq}`];
    if (previous_hash !== previous) return [`I5 entry ${seq} does not continue the one before`];
    const sealed = {
      ...{ at, consortium, contentDigest: content_digest, kind },
      ...{ previousHash: previous_hash, seq, subject },
    };
    if (hash(sorted(sealed)) !== entry.entry_hash) return [`I5 hash of entry ${seq}`];
    previous = entry.entry_hash;
    expected += 1n;
  }
  return [];
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

/** JSON with keys in code-unit order. */
function sorted(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sorted).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const record = value as Readonly<Record<string, unknown>>;
  const pairs = Object.keys(record)
    .sort((a, b) => (a < b ? -1 : 1))
    .map((key) => `${JSON.stringify(key)}:${sorted(record[key])}`);
  return `{${pairs.join(',')}}`;
}
