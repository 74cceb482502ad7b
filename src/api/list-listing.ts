import { withoutIdentifiers } from '../kernel/safe-text.js';
import type { ListCheck } from '../lists/settlement-list.service.js';
import type { Listing } from './listing.js';
import type { Row } from './read.repository.js';

/** As the standing counts them; what has no answer yet waits. */
const STATE = `CASE WHEN m.outcome = 'rejected' THEN 'rejected' WHEN m.state = 'UNKNOWN' THEN 'unknown'
  WHEN l.status = 'made' THEN 'waiting' ELSE l.status END`;

/** Lists that went into the outbox. Without the person. */
export const LISTS: Listing = {
  select: `l.institution, l.claim_no AS "claimNo", l.month, l.settled_by AS "settledBy", ${STATE} AS state,
    l.list_id AS "listId", m.last_text AS text`,
  from: 'settlement_list l JOIN outbox_message m USING (outbox_id)',
  consortium: 'l.consortium',
  institution: 'l.institution',
  key: [
    { by: 'l.month', type: 'text' },
    { by: 'l.institution', type: 'text' },
    { by: 'l.claim_no', type: 'text' },
  ],
  filters: {
    month: 'l.month = ?',
    institution: 'l.institution = ?',
    settledBy: 'l.settled_by = ?',
    claimNo: 'l.claim_no = ?',
    state: `${STATE} = ?`,
  },
};

/** The agency's words may name a person by number. */
export function shown(row: Row): Row {
  const { text } = row;
  return { ...row, text: typeof text === 'string' ? withoutIdentifiers(text) : null };
}

/** What a check found, with so many of the faulty lists. */
export function checkedAnswer({ month, lists, sendable, faulty, ranked }: ListCheck, most: number) {
  const faultyLists = faulty.length;
  return { month, lists, sendable, faultyLists, faulty: faulty.slice(0, most), ranked };
}
