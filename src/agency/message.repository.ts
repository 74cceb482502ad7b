import type pg from 'pg';
import type { Month } from '../kernel/period.js';
import type { MessageState } from './message-state.js';

/** A message as people see it. */
export interface MessageView {
  readonly outboxId: string;
  readonly transactionCode: string;
  readonly institution: string;
  readonly month: string | null;
  readonly pool: string | null;
  readonly clearingType: string | null;
  readonly version: number;
  readonly state: MessageState;
  readonly outcome: 'accepted' | 'rejected' | null;
  readonly resolvedBy: 'query' | 'person' | null;
  readonly messageId: string | null;
  readonly attempts: number;
  readonly text: string | null;
}

const MOST_MESSAGES = 5000;

/** Oldest first, at most 5,000. */
export async function listMessages(
  pool: pg.Pool,
  request: { readonly consortium: string; readonly month?: Month; readonly open?: boolean },
): Promise<readonly MessageView[]> {
  const { rows } = await pool.query<MessageView>(
    `SELECT outbox_id AS "outboxId", transaction_code AS "transactionCode", institution, month,
       content->>'pool' AS pool, clearing_type AS "clearingType", version, state, outcome, resolved_by AS "resolvedBy",
       message_id AS "messageId", attempts, last_text AS text
     FROM outbox_message
     WHERE consortium = $1 AND ($2::text IS NULL OR month = $2)
       AND (NOT $3 OR state IN ('PENDING', 'SENT', 'UNKNOWN'))
     ORDER BY outbox_id LIMIT ${MOST_MESSAGES}`,
    [request.consortium, request.month ?? null, request.open === true],
  );
  return rows;
}

/** Settles an UNKNOWN message by decision; the consortium it belongs to, or null when there is no such message. */
export async function resolveMessage(
  client: pg.PoolClient,
  outboxId: string,
  outcome: 'accepted' | 'rejected',
): Promise<string | null> {
  const { rows } = await client.query<{ consortium: string }>(
    `UPDATE outbox_message SET state = 'RESOLVED', outcome = $2, resolved_by = 'person', finished_at = now()
     WHERE outbox_id = $1 AND state = 'UNKNOWN' RETURNING consortium`,
    [outboxId, outcome],
  );
  return rows[0]?.consortium ?? null;
}

export interface RejectedDetail {
  readonly institution: string;
  readonly clearingType: string;
  readonly outboxId: string;
}

/** Groups of a month whose newest detail message was rejected. */
export async function rejectedDetails(
  client: pg.PoolClient,
  consortium: string,
  month: Month,
): Promise<readonly RejectedDetail[]> {
  const { rows } = await client.query<RejectedDetail>(
    `SELECT institution, "clearingType", "outboxId" FROM (
       SELECT DISTINCT ON (institution, clearing_type) institution, clearing_type AS "clearingType",
         outbox_id AS "outboxId", outcome
       FROM outbox_message
       WHERE consortium = $1 AND month = $2 AND transaction_code IN ('9101', '3202', '9102')
       ORDER BY institution, clearing_type, outbox_id DESC) newest
     WHERE outcome = 'rejected' ORDER BY institution, "clearingType"`,
    [consortium, month],
  );
  return rows;
}
