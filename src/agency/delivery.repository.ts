import type pg from 'pg';
import { type MessageEvent, nextState } from './message-state.js';
import { nextMessageId, type OutboxMessage } from './outbox.repository.js';
import type { Outcome } from './outcome.js';

/** A message written down as sent: it has an id now, and keeps it. */
export interface SentMessage extends OutboxMessage {
  readonly messageId: string;
}

const COLUMNS = `outbox_id AS "outboxId", consortium, transaction_code AS "transactionCode", institution, month,
  clearing_type AS "clearingType", content_digest AS "contentDigest", content, state, message_id AS "messageId"`;

/** Messages that may go out: sign-ins first, others once their institution is signed in for the day. */
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
  ORDER BY transaction_code <> '9001', message.outbox_id LIMIT $5`;

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

/** Gives the message its id, if it has none yet, and writes down that it is about to leave. */
export async function markSent(
  client: pg.PoolClient,
  message: OutboxMessage,
  second: string,
): Promise<SentMessage> {
  const messageId = message.messageId ?? (await nextMessageId(client, message.institution, second));
  const state = nextState(message.state, 'send');
  await client.query(
    `UPDATE outbox_message SET state = $2, message_id = $3, attempts = attempts + 1,
       first_sent_at = coalesce(first_sent_at, now()) WHERE outbox_id = $1 AND state = $4`,
    [message.outboxId, state, messageId, message.state],
  );
  return { ...message, messageId, state };
}

const OUTCOMES: Readonly<Partial<Record<MessageEvent, 'accepted' | 'rejected'>>> = {
  accept: 'accepted',
  reject: 'rejected',
};

/** Writes down how a sending ended, and the reply where there was one. Returns the message in its new state. */
export async function recordOutcome(
  client: pg.PoolClient,
  message: SentMessage,
  { event, code, text, result }: Outcome,
): Promise<SentMessage> {
  const state = nextState(message.state, event);
  const outcome = OUTCOMES[event] ?? null;
  await client.query(
    `UPDATE outbox_message SET state = $2, outcome = $3, resolved_by = $4, last_text = $5,
       finished_at = CASE WHEN $3::text IS NULL THEN NULL ELSE now() END
     WHERE outbox_id = $1 AND state = $6`,
    [message.outboxId, state, outcome, state === 'RESOLVED' ? 'query' : null, text, message.state],
  );
  if (outcome !== null) {
    const shown = result?.kind === 'detail' ? { kind: result.kind, rows: result.rows } : result;
    await client.query(
      `INSERT INTO agency_reply (outbox_id, result_code, text, result) VALUES ($1, $2, $3, $4)
       ON CONFLICT (outbox_id) DO NOTHING`,
      [message.outboxId, code, text, shown],
    );
  }
  return { ...message, state };
}
