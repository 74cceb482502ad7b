import { type Canonical, digest } from '../kernel/hash.js';

/** What is worth remembering for ever: who decided what, what came in, what was booked, what was sent. */
export const JOURNAL_KINDS = [
  'batch', // a read of one window landed
  'verdict', // an audit run or finding reached its state
  'decision', // a person decided
  'posting', // settlement booked figures
  'period', // a month or year was closed
  'push', // a message to the agency changed state
  'reconciliation', // source, gateway and agency were compared
  'configuration', // something people edit was changed
  'access', // somebody signed in, was refused, or an account was changed
  'operation', // a person asked for a change, or to see personal data
] as const;
export type JournalKind = (typeof JOURNAL_KINDS)[number];

/** What a caller gives. `content` holds ids, digests, totals; never a person's name or certificate number. */
export interface JournalEntry {
  readonly consortium: string;
  readonly kind: JournalKind;
  /** What it is about, as a key the reader can look up: `batch:812`, `message:44`, `month:2024-03`. */
  readonly subject: string;
  readonly content: Canonical;
}

/** The part of a stored entry that its hash covers. */
export interface SealedFields {
  readonly consortium: string;
  /** 1, 2, 3 … within the consortium, without gaps. */
  readonly seq: string;
  /** UTC instant in microseconds, `2024-03-01T00:00:00.000000Z`. */
  readonly at: string;
  readonly kind: string;
  readonly subject: string;
  readonly contentDigest: string;
  readonly previousHash: string;
}

/** Stands before the first entry. */
export const GENESIS_HASH = '0'.repeat(64);

/** SHA-256 over canonical JSON of everything the entry says, chained to the entry before it. */
export function entryHash(fields: SealedFields): string {
  const { consortium, seq, at, kind, subject, contentDigest, previousHash } = fields;
  return digest({ consortium, seq, at, kind, subject, contentDigest, previousHash });
}
