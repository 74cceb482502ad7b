import type pg from 'pg';
import type { Month } from '../kernel/period.js';
import type { ListSection } from './field-table.js';
import type { ListRow } from './settlement-list.js';

/** A list that went into the outbox. */
export interface MadeList {
  readonly institution: string;
  readonly claimNo: string;
  readonly settledBy: string;
  readonly personId: string;
  readonly outboxId: string;
}

/** A new version of a list starts over: what was submitted before is not what is sent now. */
export async function saveLists(
  client: pg.PoolClient,
  { consortium, month }: { readonly consortium: string; readonly month: Month },
  lists: readonly MadeList[],
): Promise<void> {
  await client.query(
    `INSERT INTO settlement_list AS l (consortium, month, institution, claim_no, settled_by, person_id, outbox_id)
     SELECT $1, $2, institution, "claimNo", "settledBy", "personId", "outboxId"
     FROM jsonb_to_recordset($3::jsonb)
       AS made(institution text, "claimNo" text, "settledBy" text, "personId" text, "outboxId" bigint)
     ON CONFLICT (consortium, institution, claim_no) DO UPDATE SET month = excluded.month, settled_by = excluded.settled_by,
       person_id = excluded.person_id, outbox_id = excluded.outbox_id, status = 'made', submit_outbox_id = NULL
     WHERE l.outbox_id <> excluded.outbox_id`,
    [consortium, month, JSON.stringify(lists)],
  );
}

/** Lists that the agency has taken and that were not yet submitted, by settlement unit. */
export async function takenLists(
  client: pg.PoolClient | pg.Pool,
  consortium: string,
  month: Month,
): Promise<readonly Omit<MadeList, 'outboxId'>[]> {
  const { rows } = await client.query<Omit<MadeList, 'outboxId'>>(
    `SELECT l.institution, l.claim_no AS "claimNo", l.settled_by AS "settledBy", l.person_id AS "personId"
     FROM settlement_list l LEFT JOIN outbox_message m ON m.outbox_id = l.submit_outbox_id
     WHERE l.consortium = $1 AND l.month = $2 AND l.status = 'taken' AND (m.state IS NULL OR m.outcome = 'rejected')
     ORDER BY l.settled_by, l.institution, l.claim_no`,
    [consortium, month],
  );
  return rows;
}

export async function noteSubmission(
  client: pg.PoolClient,
  consortium: string,
  {
    outboxId,
    lists,
  }: {
    readonly outboxId: string;
    readonly lists: readonly Pick<MadeList, 'institution' | 'claimNo'>[];
  },
): Promise<void> {
  await client.query(
    `UPDATE settlement_list l SET submit_outbox_id = $2
     FROM jsonb_to_recordset($3::jsonb) AS sent(institution text, "claimNo" text)
     WHERE l.consortium = $1 AND l.institution = sent.institution AND l.claim_no = sent."claimNo"`,
    [consortium, outboxId, JSON.stringify(lists)],
  );
}

/** How a settlement unit's month stands with the agency. */
export interface ListStanding {
  readonly institution: string;
  readonly waiting: number;
  readonly taken: number;
  readonly submitted: number;
  readonly rejected: number;
  readonly unknown: number;
  /** As the agency counted last; null when it was not asked. */
  readonly needed: number | null;
  readonly uploaded: number | null;
}

export async function standingOf(
  db: pg.Pool,
  consortium: string,
  month: Month,
): Promise<readonly ListStanding[]> {
  const { rows } = await db.query<ListStanding>(STANDING, [consortium, month]);
  return rows;
}

const STANDING = `
  WITH own AS (
    SELECT l.settled_by AS institution,
      count(*) FILTER (WHERE m.state = 'PENDING' OR m.state = 'SENT')::int AS waiting,
      count(*) FILTER (WHERE l.status = 'taken')::int AS taken,
      count(*) FILTER (WHERE l.status = 'submitted')::int AS submitted,
      count(*) FILTER (WHERE m.outcome = 'rejected')::int AS rejected,
      count(*) FILTER (WHERE m.state = 'UNKNOWN')::int AS unknown
    FROM settlement_list l JOIN outbox_message m USING (outbox_id)
    WHERE l.consortium = $1 AND l.month = $2 GROUP BY l.settled_by),
  theirs AS (
    SELECT DISTINCT ON (institution) institution, needed, uploaded FROM settlement_list_count
    WHERE consortium = $1 AND month = $2 ORDER BY institution, outbox_id DESC)
  SELECT institution, coalesce(waiting, 0) AS waiting, coalesce(taken, 0) AS taken, coalesce(submitted, 0) AS submitted,
    coalesce(rejected, 0) AS rejected, coalesce(unknown, 0) AS unknown, needed, uploaded
  FROM own FULL JOIN theirs USING (institution) ORDER BY institution`;

/** A list the agency refused, with its words. */
export interface RefusedList {
  readonly institution: string;
  readonly claimNo: string;
  readonly text: string;
}

export async function refusedLists(
  db: pg.Pool,
  consortium: string,
  month: Month,
): Promise<readonly RefusedList[]> {
  const { rows } = await db.query<RefusedList>(
    `SELECT l.institution, l.claim_no AS "claimNo", coalesce(m.last_text, '') AS text
     FROM settlement_list l JOIN outbox_message m USING (outbox_id)
     WHERE l.consortium = $1 AND l.month = $2 AND m.outcome = 'rejected' ORDER BY l.institution, l.claim_no`,
    [consortium, month],
  );
  return rows;
}

/** Rows of one section that a hospital supplements; what a claim had of this section before is replaced. */
export async function saveSupplement(
  client: pg.PoolClient,
  of: {
    readonly consortium: string;
    readonly institution: string;
    readonly section: ListSection;
    readonly by: string;
  },
  rows: readonly { readonly claimNo: string; readonly rowNo: number; readonly fields: ListRow }[],
): Promise<void> {
  const { consortium, institution, section, by } = of;
  const claims = [...new Set(rows.map(({ claimNo }) => claimNo))];
  await client.query(
    `DELETE FROM settlement_list_supplement
     WHERE consortium = $1 AND institution = $2 AND section = $3 AND claim_no = ANY($4)`,
    [consortium, institution, section, claims],
  );
  await client.query(
    `INSERT INTO settlement_list_supplement (consortium, institution, claim_no, section, row_no, fields, imported_by)
     SELECT $1, $2, "claimNo", $3, "rowNo", fields, $4
     FROM jsonb_to_recordset($5::jsonb) AS row("claimNo" text, "rowNo" int, fields jsonb)`,
    [consortium, institution, section, by, JSON.stringify(rows)],
  );
}

/** Those of the claims that are not on the books. */
export async function unknownClaims(
  db: pg.PoolClient | pg.Pool,
  { consortium, institution }: { readonly consortium: string; readonly institution: string },
  claims: readonly string[],
): Promise<readonly string[]> {
  const { rows } = await db.query<{ claimNo: string }>(
    `SELECT asked AS "claimNo" FROM unnest($3::text[]) asked WHERE NOT EXISTS (
       SELECT FROM claim c WHERE c.consortium = $1 AND c.institution = $2 AND c.claim_no = asked)`,
    [consortium, institution, claims],
  );
  return rows.map(({ claimNo }) => claimNo);
}
