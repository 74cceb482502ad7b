import type pg from 'pg';
import type { Month } from '../kernel/period.js';

export interface LastRead {
  readonly throughBatch: string;
  readonly resultDigest: string;
}

/** What the last audit that covered these months under the same rules and knowledge had read; null: there is none. */
export async function lastRead(
  client: pg.ClientBase | pg.Pool,
  run: {
    readonly consortium: string;
    readonly months: readonly Month[];
    readonly rulesDigest: string;
    readonly knowledgeRelease: string;
  },
): Promise<LastRead | null> {
  const { rows } = await client.query<LastRead>(
    `SELECT through_batch AS "throughBatch", result_digest AS "resultDigest" FROM audit_run
      WHERE consortium = $1 AND months @> $2 AND rules_digest = $3 AND knowledge_release = $4
      ORDER BY run_id DESC LIMIT 1`,
    [run.consortium, run.months, run.rulesDigest, run.knowledgeRelease],
  );
  return rows[0] ?? null;
}

/** The last batch up to which every batch has been read to its end. */
export async function finishedThrough(client: pg.ClientBase, consortium: string): Promise<string> {
  const { rows } = await client.query<{ through: string }>(
    `SELECT coalesce(min(batch_id) FILTER (WHERE state = 'reading') - 1, max(batch_id), 0) AS through
       FROM batch WHERE consortium = $1`,
    [consortium],
  );
  return rows[0]?.through ?? '0';
}

/** Whose trace codes a line that has just landed carries too: it may have been settled before theirs. */
const OF_SHARED_CODES = `
  SELECT c.person_id FROM (
      SELECT l.consortium, l.settled_on, l.institution, l.claim_no, unnest(string_to_array(l.trace_codes, ',')) AS code
      FROM claim_line l WHERE l.consortium = $1 AND l.trace_codes IS NOT NULL
        AND EXISTS (SELECT 1 FROM claim_line n WHERE n.consortium = $1 AND n.batch_id > $2 AND n.trace_codes IS NOT NULL)) u
    JOIN claim c USING (consortium, settled_on, institution, claim_no)
   WHERE u.code IN (SELECT unnest(string_to_array(n.trace_codes, ',')) FROM claim_line n
                     WHERE n.consortium = $1 AND n.batch_id > $2 AND n.trace_codes IS NOT NULL)`;

/** Persons of whom anything landed, new or changed, in batches after the given one, or whose rows were given other national codes. */
export async function changedPersons(
  client: pg.ClientBase | pg.Pool,
  consortium: string,
  afterBatch: string,
): Promise<readonly string[]> {
  const ofClaim = (table: string): string => `
    SELECT c.person_id FROM ${table} d JOIN claim c USING (consortium, settled_on, institution, claim_no)
     WHERE d.consortium = $1 AND d.batch_id > $2`;
  const { rows } = await client.query<{ person_id: string }>(
    `SELECT person_id FROM claim WHERE consortium = $1 AND batch_id > $2
      UNION SELECT person_id FROM claim_adjustment WHERE consortium = $1 AND batch_id > $2
      UNION SELECT person_id FROM withdrawn_row WHERE consortium = $1 AND batch_id > $2 AND person_id IS NOT NULL
      UNION SELECT person_id FROM recoded_person WHERE consortium = $1 AND at_batch > $2
      UNION ${OF_SHARED_CODES}
      UNION ${['claim_line', 'claim_diagnosis', 'claim_procedure'].map(ofClaim).join(' UNION ')}
      ORDER BY 1`,
    [consortium, afterBatch],
  );
  return rows.map(({ person_id }) => person_id);
}
