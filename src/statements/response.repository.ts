import type pg from 'pg';
import type { ResponseState, StandingDispute } from './response.js';

export interface ResponseKey {
  readonly consortium: string;
  readonly runId: string;
  readonly institution: string;
}

/** Responses to one statement come one after another. Held until the transaction ends. */
export async function lockResponses(client: pg.ClientBase, key: ResponseKey): Promise<void> {
  await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 2))', [
    `statement:${key.runId}:${key.institution}`,
  ]);
}

export async function readState(client: pg.ClientBase, key: ResponseKey): Promise<ResponseState> {
  const { consortium, runId, institution } = key;
  const { rows } = await client.query<StandingDispute & { readonly kind: string }>(
    `SELECT r.response_id AS "responseId", r.kind, r.figure_id AS "figureId", a.response_id IS NOT NULL AS answered
     FROM statement_response r LEFT JOIN statement_response a ON a.answers = r.response_id
     WHERE r.consortium = $1 AND r.run_id = $2 AND r.institution = $3 AND r.kind <> 'answer' ORDER BY r.response_id`,
    [consortium, runId, institution],
  );
  return {
    acknowledged: rows.some(({ kind }) => kind === 'acknowledgement'),
    disputes: rows.filter(({ kind }) => kind === 'dispute'),
  };
}

export type NewResponse = ResponseKey & {
  readonly by: string;
  readonly reason: string | null;
} & (
    | { readonly kind: 'acknowledgement'; readonly digest: string }
    | { readonly kind: 'dispute'; readonly digest: string; readonly figureId: string }
    | {
        readonly kind: 'answer';
        readonly answers: string;
        readonly outcome: 'accepted' | 'refused';
      }
  );

/** @returns the number of the response */
export async function insertResponse(
  client: pg.ClientBase,
  response: NewResponse,
): Promise<string> {
  const { consortium, runId, institution, kind, reason, by } = response;
  const answer = kind === 'answer' ? response : null;
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO statement_response (consortium, run_id, institution, kind, figure_id, statement_digest, answers, outcome, reason, by_person)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING response_id AS id`,
    [
      ...[consortium, runId, institution, kind],
      kind === 'dispute' ? response.figureId : null,
      kind === 'answer' ? null : response.digest,
      ...[answer?.answers ?? null, answer?.outcome ?? null, reason, by],
    ],
  );
  return rows[0]?.id ?? '';
}

export interface DisputeRow {
  readonly runId: string;
  readonly institution: string;
  readonly figureId: string;
  readonly answered: boolean;
  /** Whether its run is still the one that counts. */
  readonly current: boolean;
}

/** Null when no dispute has that number. */
export async function readDispute(
  client: pg.ClientBase,
  { consortium, responseId }: { readonly consortium: string; readonly responseId: string },
): Promise<DisputeRow | null> {
  const { rows } = await client.query<DisputeRow>(
    `SELECT r.run_id AS "runId", r.institution, r.figure_id AS "figureId", s.current,
       EXISTS (SELECT 1 FROM statement_response a WHERE a.answers = r.response_id) AS answered
     FROM statement_response r JOIN settlement_run s USING (run_id)
     WHERE r.consortium = $1 AND r.response_id = $2 AND r.kind = 'dispute'`,
    [consortium, responseId],
  );
  return rows[0] ?? null;
}

export interface ListedResponse {
  readonly responseId: string;
  readonly runId: string;
  readonly runKind: string;
  readonly period: string;
  readonly version: number;
  readonly institution: string;
  readonly kind: 'acknowledgement' | 'dispute' | 'answer';
  readonly figureId: string | null;
  readonly label: string | null;
  readonly answers: string | null;
  readonly outcome: 'accepted' | 'refused' | null;
  readonly reason: string | null;
  readonly by: string;
  readonly at: string;
}

/** All responses, or those to the runs of one period, oldest first. */
export async function listResponses(
  pool: pg.Pool,
  { consortium, period }: { readonly consortium: string; readonly period: string | null },
): Promise<readonly ListedResponse[]> {
  const { rows } = await pool.query<ListedResponse>(
    `SELECT r.response_id AS "responseId", r.run_id AS "runId", s.kind AS "runKind", s.period, s.version, r.institution, r.kind,
       r.figure_id AS "figureId", f.label, r.answers, r.outcome, r.reason, r.by_person AS "by", r.at
     FROM statement_response r JOIN settlement_run s USING (run_id)
     LEFT JOIN figure f ON f.run_id = r.run_id AND f.figure_id = r.figure_id
     WHERE r.consortium = $1 AND ($2::text IS NULL OR s.period = $2) ORDER BY r.response_id`,
    [consortium, period],
  );
  return rows;
}
