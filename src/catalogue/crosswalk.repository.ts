import type pg from 'pg';
import type { CodeKind } from './catalogue.repository.js';
import type { CodeChange, CodePeriod } from './crosswalk.js';

export type Connection = pg.Pool | pg.ClientBase;
export type Scope = 'all' | readonly string[];

export interface MemberKey {
  readonly consortium: string;
  readonly institution: string;
}

/** What holds for a member, by kind, code and day. */
export async function currentPeriods(
  pool: Connection,
  { consortium, institution }: MemberKey,
): Promise<readonly CodePeriod[]> {
  const { rows } = await pool.query<CodePeriod>(
    `SELECT kind, local_code AS "localCode", valid_from AS "validFrom", valid_to AS "validTo", national_code AS "nationalCode"
     FROM code_map WHERE consortium = $1 AND institution = $2 ORDER BY kind, local_code, valid_from`,
    [consortium, institution],
  );
  return rows;
}

/** A line of the crosswalk as people see it: a translation that holds, or a local code that waits for one. */
export interface CrosswalkRow {
  readonly institution: string;
  readonly kind: CodeKind;
  readonly localCode: string;
  readonly name: string;
  readonly nationalCode: string | null;
  readonly validFrom: string;
  readonly validTo: string | null;
  /** `file`: a table of the site; `crosswalk`: approved here; null: not translated. */
  readonly origin: 'file' | 'crosswalk' | null;
  readonly proposedBy: string | null;
  readonly approvedBy: string | null;
  /** Rows that wait for a translation, and the money behind them; of translated codes 0. */
  readonly rows: string;
  readonly amountFen: string;
  readonly unitPrice: string | null;
}

export interface CrosswalkFilter {
  readonly consortium: string;
  readonly institutions: Scope;
  readonly institution?: string | undefined;
  readonly kind?: CodeKind | undefined;
  /** Only codes that wait for a translation. */
  readonly unmapped?: boolean | undefined;
}

export interface CrosswalkPage {
  readonly items: readonly CrosswalkRow[];
  readonly next: string | null;
}

/** $1 consortium, $2 institutions, $3 only what waits, $4 institution, $5 kind. */
const WANTED = `consortium = $1 AND ($2::text[] IS NULL OR institution = ANY($2)) AND ($4::text IS NULL OR institution = $4)
  AND ($5::text IS NULL OR kind = $5)`;
const ORDER =
  '(r.national_code IS NOT NULL), abs(r.amount_fen) DESC, r.institution, r.kind, r.local_code, r.valid_from';

/** The page is cut first; names and prices are looked up for what is on it. */
const PAGE = `
  WITH line AS MATERIALIZED (
    SELECT consortium, institution, kind, local_code, '' AS name, national_code, valid_from, valid_to, origin, proposed_by, approved_by,
      0::bigint AS rows, 0::numeric AS amount_fen
    FROM code_map WHERE NOT $3 AND ${WANTED}
    UNION ALL
    SELECT consortium, institution, kind, local_code, name, NULL, first_on, NULL, NULL, NULL, NULL, rows, amount_fen
    FROM unmapped_code WHERE ${WANTED}
  ), r AS MATERIALIZED (SELECT * FROM line r ORDER BY ${ORDER} LIMIT $6 OFFSET $7)
  SELECT r.institution, r.kind, r.local_code AS "localCode", coalesce(nullif(r.name, ''), n.name, '') AS name,
    r.national_code AS "nationalCode", r.valid_from AS "validFrom", r.valid_to AS "validTo", r.origin,
    r.proposed_by AS "proposedBy", r.approved_by AS "approvedBy", r.rows::text, r.amount_fen::text AS "amountFen",
    n.unit_price AS "unitPrice"
  FROM r LEFT JOIN local_code n ON n.consortium = r.consortium AND n.institution = r.institution AND n.kind = r.kind
    AND n.code = r.local_code
  ORDER BY ${ORDER}`;

/** What waits first, the most money first; then what is translated, by code. */
export async function crosswalkPage(
  pool: Connection,
  filter: CrosswalkFilter,
  { after, limit }: { readonly after?: string | undefined; readonly limit: number | null },
): Promise<CrosswalkPage> {
  const { consortium, institutions, institution, kind, unmapped = false } = filter;
  const offset = after === undefined ? 0 : Number(after);
  const { rows } = await pool.query<CrosswalkRow>(PAGE, [
    consortium,
    institutions === 'all' ? null : institutions,
    unmapped,
    institution ?? null,
    kind ?? null,
    limit === null ? null : limit + 1,
    offset,
  ]);
  const more = limit !== null && rows.length > limit;
  return { items: more ? rows.slice(0, limit) : rows, next: more ? String(offset + limit) : null };
}

export interface CrosswalkImport {
  readonly importId: string;
  readonly institution: string;
  readonly sourceName: string;
  readonly proposedBy: string;
  readonly proposedAt: string;
  readonly state: 'proposed' | 'approved' | 'rejected';
  readonly decidedBy: string | null;
  readonly decidedReason: string | null;
  readonly changes: string;
  readonly recodedRows: string | null;
  readonly closedRows: string | null;
}

const IMPORT = `
  SELECT i.import_id AS "importId", i.institution, i.source_name AS "sourceName", i.proposed_by AS "proposedBy",
    to_char(i.proposed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS "proposedAt", i.state, i.decided_by AS "decidedBy",
    i.decided_reason AS "decidedReason", (SELECT count(*) FROM crosswalk_change c WHERE c.import_id = i.import_id) AS changes,
    i.recoded_rows AS "recodedRows", i.closed_rows AS "closedRows"
  FROM crosswalk_import i WHERE i.consortium = $1 AND ($2::text[] IS NULL OR i.institution = ANY($2))`;

export async function listImports(
  pool: Connection,
  consortium: string,
  institutions: Scope,
): Promise<readonly CrosswalkImport[]> {
  const scope = institutions === 'all' ? null : institutions;
  const { rows } = await pool.query<CrosswalkImport>(
    `${IMPORT} ORDER BY i.import_id DESC LIMIT 500`,
    [consortium, scope],
  );
  return rows;
}

/** Locked until the transaction ends; null when there is none that the caller may see. */
export async function lockImport(
  client: pg.ClientBase,
  {
    consortium,
    institutions,
    importId,
  }: { readonly consortium: string; readonly institutions: Scope; readonly importId: string },
): Promise<CrosswalkImport | null> {
  const scope = institutions === 'all' ? null : institutions;
  const { rows } = await client.query<CrosswalkImport>(
    `${IMPORT} AND i.import_id = $3 FOR UPDATE`,
    [consortium, scope, importId],
  );
  return rows[0] ?? null;
}

export async function insertImport(
  client: pg.ClientBase,
  { consortium, institution }: MemberKey,
  proposal: {
    readonly by: string;
    readonly sourceName: string;
    readonly changes: readonly CodeChange[];
  },
): Promise<string> {
  const { rows } = await client.query<{ import_id: string }>(
    `INSERT INTO crosswalk_import (consortium, institution, source_name, proposed_by) VALUES ($1, $2, $3, $4) RETURNING import_id`,
    [consortium, institution, proposal.sourceName, proposal.by],
  );
  const importId = rows[0]?.import_id ?? '';
  await client.query(
    `INSERT INTO crosswalk_change (import_id, sheet_row, kind, local_code, valid_from, valid_to, national_code, action,
       before_national_code, before_valid_to)
     SELECT $1, c."sheetRow", c.kind, c."localCode", c."validFrom", c."validTo", c."nationalCode",
       CASE WHEN c.before IS NULL THEN 'add' ELSE 'change' END, c.before ->> 'nationalCode', (c.before ->> 'validTo')::date
     FROM jsonb_to_recordset($2::jsonb) AS c("sheetRow" integer, kind text, "localCode" text, "validFrom" date, "validTo" date,
       "nationalCode" text, before jsonb)`,
    [
      importId,
      JSON.stringify(
        proposal.changes.map((change) => ({ ...change, before: change.before ?? undefined })),
      ),
    ],
  );
  return importId;
}

/** The changes of an import, as they were proposed. */
export async function changesOf(
  pool: Connection,
  importId: string,
): Promise<readonly CodeChange[]> {
  const { rows } = await pool.query<
    Omit<CodeChange, 'before'> & {
      readonly beforeNational: string | null;
      readonly beforeTo: string | null;
    }
  >(
    `SELECT sheet_row AS "sheetRow", kind, local_code AS "localCode", valid_from AS "validFrom", valid_to AS "validTo",
       national_code AS "nationalCode", before_national_code AS "beforeNational", before_valid_to AS "beforeTo"
     FROM crosswalk_change WHERE import_id = $1 ORDER BY sheet_row, kind, local_code`,
    [importId],
  );
  return rows.map(({ beforeNational, beforeTo, ...change }) => ({
    ...change,
    before: beforeNational === null ? null : { nationalCode: beforeNational, validTo: beforeTo },
  }));
}

/** Codes of a member about which somebody else's import waits. */
export async function waitingCodes(
  pool: Connection,
  { consortium, institution }: MemberKey,
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await pool.query<{ kind: CodeKind; local_code: string; import_id: string }>(
    `SELECT c.kind, c.local_code, c.import_id FROM crosswalk_change c JOIN crosswalk_import i USING (import_id)
     WHERE i.consortium = $1 AND i.institution = $2 AND i.state = 'proposed'`,
    [consortium, institution],
  );
  return new Map(rows.map((row) => [`${row.kind}\u001f${row.local_code}`, row.import_id]));
}

export async function decideImport(
  client: pg.ClientBase,
  importId: string,
  decision: {
    readonly state: 'approved' | 'rejected';
    readonly by: string;
    readonly reason: string | null;
    readonly recodedRows?: number;
    readonly closedRows?: number;
  },
): Promise<void> {
  await client.query(
    `UPDATE crosswalk_import SET state = $2, decided_by = $3, decided_reason = $4, decided_at = now(), recoded_rows = $5, closed_rows = $6
     WHERE import_id = $1`,
    [
      importId,
      decision.state,
      decision.by,
      decision.reason,
      decision.recodedRows ?? null,
      decision.closedRows ?? null,
    ],
  );
}
