import { existsSync, readFileSync } from 'node:fs';
import type pg from 'pg';
import { NOTHING_WRONG, type Verdict } from './truth.js';

/** One line of the stand-in agency's own record. */
interface Arrival {
  readonly msgid: string;
  readonly infno: string;
  readonly key: string;
  readonly content: string;
  readonly outcome: 'accepted' | 'rejected' | 'unseen';
}

export function readArrivals(path: string): readonly Arrival[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Arrival);
}

interface Message {
  readonly message_id: string | null;
  readonly state: string;
  readonly outcome: string | null;
  readonly attempts: number;
}

/** Transactions that only sign in, fetch a file or ask for a count: the agency may hear them as often as it likes. */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set(['9001', '9102', '4105']);

/** I2 and I6, seen from the agency's side. */
export async function judgeLedger(pool: pg.Pool, arrivalsPath: string): Promise<Verdict> {
  const arrivals = readArrivals(arrivalsPath);
  const { rows } = await pool.query<Message>(
    'SELECT message_id, state, outcome, attempts FROM outbox_message',
  );
  const messages = new Map(
    rows.flatMap((row) => (row.message_id === null ? [] : [[row.message_id, row]])),
  );
  return {
    ...NOTHING_WRONG,
    double: repeatedEffects(arrivals),
    unknown: unflagged(arrivals, messages, rows),
    broken: changedContents(arrivals),
  };
}

/** The same business with the same content accepted under two ids: a blind resend. */
function repeatedEffects(arrivals: readonly Arrival[]): readonly string[] {
  const ids = new Map<string, Set<string>>();
  for (const { infno, key, content, msgid, outcome } of arrivals) {
    if (outcome !== 'accepted' || WITHOUT_EFFECT.has(infno)) continue;
    const effect = `${key} ${content}`;
    ids.set(effect, (ids.get(effect) ?? new Set()).add(msgid));
  }
  return [...ids]
    .filter(([, senders]) => senders.size > 1)
    .map(([effect, senders]) => `accepted under ${senders.size} ids: ${effect.slice(0, 80)}`);
}

/** An id means one content for ever. */
function changedContents(arrivals: readonly Arrival[]): readonly string[] {
  const contents = new Map<string, Set<string>>();
  for (const { msgid, content } of arrivals) {
    contents.set(msgid, (contents.get(msgid) ?? new Set()).add(content));
  }
  return [...contents]
    .filter(([, versions]) => versions.size > 1)
    .map(([msgid]) => `I2 message ${msgid} came with two contents`);
}

/** What the agency accepted and the gateway believes it never sent, or that it was refused; and what is in limbo at the end. */
function unflagged(
  arrivals: readonly Arrival[],
  messages: ReadonlyMap<string, Message>,
  all: readonly Message[],
): readonly string[] {
  const accepted = new Set(
    arrivals.filter(({ outcome }) => outcome === 'accepted').map(({ msgid }) => msgid),
  );
  const mistaken = [...accepted].filter((msgid) => {
    const message = messages.get(msgid);
    return message === undefined || message.state === 'PENDING' || message.outcome === 'rejected';
  });
  const limbo = all.filter(({ state }) => state === 'SENT');
  return [
    ...mistaken.map((msgid) => `I6 accepted at the agency, not here: ${msgid}`),
    ...limbo.map(({ message_id }) => `I6 left as SENT: ${message_id}`),
  ];
}
