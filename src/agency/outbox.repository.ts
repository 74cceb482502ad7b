import type pg from 'pg';
import { formatMessageId } from './message-id.js';
import type { MessageState } from './message-state.js';
import {
  businessKeyOf,
  decideEnqueue,
  type EnqueueDecision,
  type LatestVersion,
  type NewMessage,
} from './outbox.js';

/** A message as the dispatcher needs it. */
export interface OutboxMessage {
  readonly outboxId: string;
  readonly consortium: string;
  readonly transactionCode: string;
  readonly institution: string;
  readonly month: string | null;
  readonly clearingType: string | null;
  readonly contentDigest: string;
  readonly content: unknown;
  readonly state: MessageState;
  readonly messageId: string | null;
}

export interface Enqueued {
  readonly decision: EnqueueDecision;
  readonly outboxId: string;
}

/** Writes messages down, each as its business key's next version where its content is new. One writer a consortium at a time. */
export async function enqueue(
  client: pg.PoolClient,
  messages: readonly NewMessage[],
  again = false,
): Promise<readonly Enqueued[]> {
  const consortium = messages[0]?.consortium;
  if (consortium === undefined) return [];
  await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `outbox:${consortium}`,
  ]);
  const latest = await latestVersions(client, consortium, messages.map(businessKeyOf));
  const decided = messages.map((message) => {
    const before = latest.get(businessKeyOf(message)) ?? null;
    const decision = decideEnqueue(before, message.contentDigest, again);
    return { message, before, decision };
  });
  const fresh = decided.filter(({ decision }) => decision === 'new');
  const ids = await insertNew(client, consortium, fresh);
  for (const { message, before, decision } of decided) {
    if (decision !== 'replace') continue;
    await client.query(REPLACE, [before?.outboxId, message.contentDigest, message.content]);
  }
  return decided.map(({ message, before, decision }) => ({
    decision,
    outboxId: ids.get(businessKeyOf(message)) ?? before?.outboxId ?? '',
  }));
}

async function latestVersions(
  client: pg.PoolClient,
  consortium: string,
  keys: readonly string[],
): Promise<ReadonlyMap<string, LatestVersion>> {
  const { rows } = await client.query<LatestVersion & { readonly key: string }>(LATEST, [
    consortium,
    keys,
  ]);
  return new Map(rows.map((row) => [row.key, row]));
}

/** Returns the outbox ids by business key. */
async function insertNew(
  client: pg.PoolClient,
  consortium: string,
  fresh: readonly { readonly message: NewMessage; readonly before: LatestVersion | null }[],
): Promise<ReadonlyMap<string, string>> {
  if (fresh.length === 0) return new Map();
  const rows = fresh.map(({ message, before }) => ({
    ...message,
    key: businessKeyOf(message),
    version: (before?.version ?? 0) + 1,
  }));
  const inserted = await client.query<{ key: string; outboxId: string }>(INSERT, [
    consortium,
    JSON.stringify(rows),
  ]);
  return new Map(inserted.rows.map(({ key, outboxId }) => [key, outboxId]));
}

const LATEST = `
  SELECT DISTINCT ON (business_key) business_key AS key, outbox_id AS "outboxId", version, state, outcome,
    content_digest AS "contentDigest"
  FROM outbox_message WHERE consortium = $1 AND business_key = ANY($2::text[])
  ORDER BY business_key, version DESC`;

const REPLACE = `
  UPDATE outbox_message SET content_digest = $2, content = $3 WHERE outbox_id = $1 AND state = 'PENDING'`;

const INSERT = `
  INSERT INTO outbox_message (consortium, business_key, version, transaction_code, institution, month, clearing_type,
    content_digest, content, parent_id)
  SELECT $1, key, version, "transactionCode", institution, month, "clearingType", "contentDigest", content, "parentId"
  FROM jsonb_to_recordset($2::jsonb) AS fresh(key text, version int, "transactionCode" text, institution text, month text,
    "clearingType" text, "contentDigest" text, content jsonb, "parentId" bigint)
  RETURNING business_key AS key, outbox_id AS "outboxId"`;

/**
 * The next message ids of institutions, one for each time an institution is named: a counter within the second, kept in the database.
 * It never goes back when the clock does, and goes on in the next second when a second's 9,999 numbers do not suffice. Holds the
 * institutions' rows until commit.
 *
 * @param institutions  none more than 9,999 times
 * @param second        the sender's local time, `2024-03-01 08:00:00`
 */
export async function nextMessageIds(
  client: pg.PoolClient,
  institutions: readonly string[],
  second: string,
): Promise<readonly string[]> {
  const { rows } = await client.query<{ institution: string; second: string; last: number }>(
    NEXT_NUMBERS,
    [institutions, second],
  );
  const next = new Map(rows.map((row) => [row.institution, row]));
  return institutions
    .toReversed()
    .map((institution) => {
      const { second: reserved, last } = next.get(institution) ?? { second: '', last: 0 };
      next.set(institution, { institution, second: reserved, last: last - 1 });
      return formatMessageId(institution, reserved, last);
    })
    .reverse();
}

const NEXT_NUMBERS = `
  INSERT INTO message_sequence AS mine (institution, second, last)
  SELECT institution, $2::timestamp, count(*) FROM unnest($1::text[]) AS institution GROUP BY institution ORDER BY institution
  ON CONFLICT (institution) DO UPDATE SET
    second = CASE WHEN excluded.second > mine.second THEN excluded.second
                  WHEN mine.last + excluded.last > 9999 THEN mine.second + interval '1 second' ELSE mine.second END,
    last = CASE WHEN excluded.second > mine.second OR mine.last + excluded.last > 9999 THEN excluded.last
                ELSE mine.last + excluded.last END
  RETURNING institution, to_char(second, 'YYYYMMDDHH24MISS') AS second, last`;
