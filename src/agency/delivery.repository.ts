import type pg from 'pg';
import { type MessageEvent, nextState } from './message-state.js';
import { nextMessageIds, type OutboxMessage } from './outbox.repository.js';
import type { Outcome } from './outcome.js';

/** A message written down as sent: it has an id now, and keeps it. */
export interface SentMessage extends OutboxMessage {
  readonly messageId: string;
}

const COLUMNS = `outbox_id AS "outboxId", consortium, transaction_code AS "transactionCode", institution, month,
  clearing_type AS "clearingType", content_digest AS "contentDigest", content, state, message_id AS "messageId"`;

/** Messages that may go out, oldest first: sign-ins, and others once their institution is signed in for the day. */
export async function openMessages(
  client: pg.PoolClient | pg.Pool,
  request: {
    readonly consortium: string;
    readonly operator: string;
    readonly day: string;
    readonly except: readonly string[];
    readonly most: number;
  },
): Promise<readonly OutboxMessage[]> {
  const { rows } = await client.query<OutboxMessage>(OPEN, [
    request.consortium,
    request.operator,
    request.day,
    request.except,
    request.most,
  ]);
  return rows;
}

const OPEN = `
  SELECT ${COLUMNS} FROM outbox_message message
  WHERE consortium = $1 AND state IN ('PENDING', 'UNKNOWN') AND NOT outbox_id = ANY($4::bigint[])
    AND (transaction_code = '9001' OR EXISTS (
      SELECT FROM agency_session session WHERE session.consortium = message.consortium
        AND session.institution = message.institution AND operator = $2 AND day = $3))
  ORDER BY message.outbox_id LIMIT $5`;

/** Institutions with open messages and no sign-in for the day. */
export async function institutionsToSignIn(
  client: pg.PoolClient,
  { consortium, operator, day }: { consortium: string; operator: string; day: string },
): Promise<readonly string[]> {
  const { rows } = await client.query<{ institution: string }>(
    `SELECT DISTINCT institution FROM outbox_message message
     WHERE consortium = $1 AND state IN ('PENDING', 'UNKNOWN') AND transaction_code <> '9001'
       AND NOT EXISTS (
         SELECT FROM agency_session session WHERE session.consortium = message.consortium
           AND session.institution = message.institution AND operator = $2 AND day = $3)
     ORDER BY institution`,
    [consortium, operator, day],
  );
  return rows.map(({ institution }) => institution);
}

export async function signInNumbers(
  client: pg.PoolClient,
  { consortium, operator, day }: { consortium: string; operator: string; day: string },
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await client.query<{ institution: string; signInNo: string }>(
    `SELECT institution, sign_in_no AS "signInNo" FROM agency_session
     WHERE consortium = $1 AND operator = $2 AND day = $3`,
    [consortium, operator, day],
  );
  return new Map(rows.map(({ institution, signInNo }) => [institution, signInNo]));
}

/** Messages that were being sent when their dispatcher died: they may have arrived. */
export async function orphanedMessages(
  client: pg.PoolClient,
  consortium: string,
): Promise<readonly SentMessage[]> {
  const { rows } = await client.query<SentMessage>(
    `SELECT ${COLUMNS} FROM outbox_message WHERE consortium = $1 AND state = 'SENT' ORDER BY outbox_id`,
    [consortium],
  );
  return rows;
}

/** Gives messages their ids, where they have none yet, and writes down that they are about to leave. */
export async function markSent(
  client: pg.PoolClient,
  messages: readonly OutboxMessage[],
  second: string,
): Promise<readonly SentMessage[]> {
  const fresh = messages.filter(({ messageId }) => messageId === null);
  const ids = await nextMessageIds(
    client,
    fresh.map(({ institution }) => institution),
    second,
  );
  const given = new Map(fresh.map(({ outboxId }, index) => [outboxId, ids[index]]));
  const sent = messages.map((message) => ({
    ...message,
    messageId: message.messageId ?? given.get(message.outboxId) ?? '',
    state: nextState(message.state, 'send'),
  }));
  const rows = sent.map(({ outboxId, messageId, state }, index) => ({
    ...{ outboxId, messageId, state },
    before: messages[index]?.state,
  }));
  await client.query(SENT, [JSON.stringify(rows)]);
  return sent;
}

const SENT = `
  UPDATE outbox_message message SET state = sent.state, message_id = sent."messageId", attempts = attempts + 1,
    first_sent_at = coalesce(first_sent_at, now())
  FROM jsonb_to_recordset($1::jsonb) AS sent("outboxId" bigint, "messageId" text, state text, before text)
  WHERE message.outbox_id = sent."outboxId" AND message.state = sent.before`;

const OUTCOMES: Readonly<Partial<Record<MessageEvent, 'accepted' | 'rejected'>>> = {
  accept: 'accepted',
  reject: 'rejected',
};

/** A message and how its sending ended. */
interface EndedMessage {
  readonly message: SentMessage;
  readonly outcome: Outcome;
}

/** Writes down how sendings ended, and the replies where there were any. Returns the messages in their new states, in order. */
export async function recordOutcomes(
  client: pg.PoolClient,
  ended: readonly EndedMessage[],
): Promise<readonly SentMessage[]> {
  const rows = ended.map(({ message, outcome: { event, code, text, result } }) => {
    const state = nextState(message.state, event);
    const shown = result?.kind === 'detail' ? { kind: result.kind, rows: result.rows } : result;
    return {
      ...{ outboxId: message.outboxId, before: message.state, state, code, text },
      outcome: OUTCOMES[event] ?? null,
      resolvedBy: state === 'RESOLVED' ? 'query' : null,
      result: shown,
    };
  });
  await client.query(ENDED, [JSON.stringify(rows)]);
  const answered = rows.filter(({ outcome }) => outcome !== null);
  if (answered.length > 0) await client.query(REPLIES, [JSON.stringify(answered)]);
  return ended.map(({ message, outcome: { event } }) => ({
    ...message,
    state: nextState(message.state, event),
  }));
}

const ENDED = `
  UPDATE outbox_message message SET state = ended.state, outcome = ended.outcome, resolved_by = ended."resolvedBy",
    last_text = ended.text, finished_at = CASE WHEN ended.outcome IS NULL THEN NULL ELSE now() END
  FROM jsonb_to_recordset($1::jsonb)
    AS ended("outboxId" bigint, before text, state text, outcome text, "resolvedBy" text, text text)
  WHERE message.outbox_id = ended."outboxId" AND message.state = ended.before`;

const REPLIES = `
  INSERT INTO agency_reply (outbox_id, result_code, text, result)
  SELECT "outboxId", code, text, result
  FROM jsonb_to_recordset($1::jsonb) AS reply("outboxId" bigint, code text, text text, result jsonb)
  ON CONFLICT (outbox_id) DO NOTHING`;
