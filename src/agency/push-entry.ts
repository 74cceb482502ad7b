import type { JournalEntry } from '../journal/journal-entry.js';
import type { SentMessage } from './delivery.repository.js';

/**
 * What the journal keeps of a message that changed state: enough to find it, and a digest of what it said. The agency's own words stay
 * out: they may name a person.
 */
export function pushEntry(message: SentMessage, event: string): Omit<JournalEntry, 'consortium'> {
  const { outboxId, messageId, transactionCode, institution, month, contentDigest, state } =
    message;
  return {
    kind: 'push',
    subject: `message:${outboxId}`,
    content: {
      ...{ event, state, messageId, transactionCode, institution, month, contentDigest },
    },
  };
}
