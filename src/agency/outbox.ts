import { isOpen, type MessageState } from './message-state.js';

/** A message to be written down. Its business key says what it is about, whatever version of it is sent. */
export interface NewMessage {
  readonly consortium: string;
  readonly transactionCode: string;
  readonly institution: string;
  readonly month: string | null;
  readonly clearingType: string | null;
  /** What tells it from others of the same transaction, institution and month: pool, clearing type, operator, day. */
  readonly about: readonly string[];
  readonly content: object;
  readonly contentDigest: string;
  readonly parentId: string | null;
}

/** The newest version that exists for a business key. */
export interface LatestVersion {
  readonly outboxId: string;
  readonly version: number;
  readonly state: MessageState;
  readonly outcome: 'accepted' | 'rejected' | null;
  readonly contentDigest: string;
}

export type EnqueueDecision =
  | 'new' // nothing like it yet, or what it says has changed since
  | 'replace' // an older content still waits here: it never left
  | 'unchanged' // already said
  | 'waiting'; // an older content is on its way: its end must come first

/**
 * @param again  also repeat what the agency rejected, with the same content
 */
export function decideEnqueue(
  latest: LatestVersion | null,
  contentDigest: string,
  again: boolean,
): EnqueueDecision {
  if (latest === null) return 'new';
  const same = latest.contentDigest === contentDigest;
  if (isOpen(latest.state)) {
    if (same) return 'unchanged';
    return latest.state === 'PENDING' ? 'replace' : 'waiting';
  }
  return same && !(again && latest.outcome === 'rejected') ? 'unchanged' : 'new';
}

export function businessKeyOf(message: NewMessage): string {
  const { transactionCode, institution, month, about } = message;
  return [transactionCode, institution, month ?? '-', ...about].join('|');
}
