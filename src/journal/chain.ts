import { type Canonical, digest } from '../kernel/hash.js';
import { entryHash, GENESIS_HASH, type SealedFields } from './journal-entry.js';

/** An entry as it stands in the table. */
export interface StoredEntry extends SealedFields {
  readonly content: Canonical;
  readonly entryHash: string;
}

/** Where a chain stands: how many entries, and the hash of the last. Print it, keep it elsewhere, compare later. */
export interface ChainHead {
  readonly seq: string;
  readonly hash: string;
}

export const EMPTY_HEAD: ChainHead = { seq: '0', hash: GENESIS_HASH };

/** What is wrong with the first bad row. */
export type ChainFault =
  | { readonly what: 'missing'; readonly seq: string } // deleted, or the tail cut off
  | { readonly what: 'content'; readonly seq: string } // the content was changed
  | { readonly what: 'link'; readonly seq: string } // does not continue the entry before it
  | { readonly what: 'entry'; readonly seq: string } // another field, or the hash itself, was changed
  | { readonly what: 'head'; readonly seq: string } // more entries than the recorded head knows, or another hash
  | { readonly what: 'anchor'; readonly seq: string }; // differs from the head that was noted down earlier

/** Whether `entry` continues `head`. Null = yes. */
export function checkEntry(head: ChainHead, entry: StoredEntry): ChainFault | null {
  const expected = (BigInt(head.seq) + 1n).toString();
  if (entry.seq !== expected) return { what: 'missing', seq: expected };
  const { seq } = entry;
  if (digest(entry.content) !== entry.contentDigest) return { what: 'content', seq };
  if (entry.previousHash !== head.hash) return { what: 'link', seq };
  if (entryHash(entry) !== entry.entryHash) return { what: 'entry', seq };
  return null;
}

/** Whether the entry that a noted head speaks of still has that hash. Null = yes, or another entry. */
export function checkAnchor(anchor: ChainHead | null, entry: StoredEntry): ChainFault | null {
  if (anchor === null || anchor.seq !== entry.seq || anchor.hash === entry.entryHash) return null;
  return { what: 'anchor', seq: entry.seq };
}

/** Whether the chain ends where the recorded head says it does, and not before the noted one. */
export function checkEnd(
  end: ChainHead,
  recorded: ChainHead,
  anchor: ChainHead | null,
): ChainFault | null {
  const known = [recorded.seq, anchor?.seq ?? '0'].map(BigInt);
  if (known.some((seq) => seq > BigInt(end.seq))) {
    return { what: 'missing', seq: (BigInt(end.seq) + 1n).toString() };
  }
  if (end.seq === recorded.seq && end.hash === recorded.hash) return null;
  return { what: 'head', seq: end.seq };
}

const ANCHOR = /^(\d{1,18}):([0-9a-f]{64})$/;

/** Reads `seq:hash` as `heyi verify` prints it; null when it is not one. */
export function parseAnchor(text: string): ChainHead | null {
  const match = ANCHOR.exec(text);
  return match === null ? null : { seq: match[1] ?? '', hash: match[2] ?? '' };
}
