import type pg from 'pg';
import type { LoadedCodeTable } from './code-table.loader.js';

export const CODE_KINDS = ['item', 'diagnosis', 'procedure'] as const;
export type CodeKind = (typeof CODE_KINDS)[number];

export interface CodeKey {
  readonly consortium: string;
  readonly institution: string;
  readonly kind: CodeKind;
}

/** The digest of the table in force, under a lock that keeps two processes from loading it at once. */
export async function releaseOf(client: pg.PoolClient, key: CodeKey): Promise<string | null> {
  const { consortium, institution, kind } = key;
  await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 2))', [
    `catalogue:${consortium}:${institution}:${kind}`,
  ]);
  const { rows } = await client.query<{ digest: string }>(
    'SELECT digest FROM code_map_release WHERE consortium = $1 AND institution = $2 AND kind = $3',
    [consortium, institution, kind],
  );
  return rows[0]?.digest ?? null;
}

/**
 * Replaces a member's table and re-codes the rows of months that are still open. For local codes that people have approved a translation
 * of here (`origin` crosswalk), the file no longer speaks.
 */
export async function replaceCodes(
  client: pg.PoolClient,
  { consortium, institution, kind }: CodeKey,
  { digest, mappings }: LoadedCodeTable,
): Promise<void> {
  const key = [consortium, institution, kind];
  await client.query(
    `DELETE FROM code_map WHERE consortium = $1 AND institution = $2 AND kind = $3 AND origin = 'file'`,
    key,
  );
  await client.query(INSERT_CODES, [...key, JSON.stringify(mappings)]);
  await client.query(
    `INSERT INTO code_map_release (consortium, institution, kind, digest) VALUES ($1, $2, $3, $4)
     ON CONFLICT (consortium, institution, kind) DO UPDATE SET digest = EXCLUDED.digest`,
    [...key, digest],
  );
  if (digest !== 'national') await client.query(RECODE[kind], [consortium, institution]);
}

const INSERT_CODES = `
  INSERT INTO code_map (consortium, institution, kind, local_code, valid_from, valid_to, national_code, proposed_by, approved_by)
  SELECT $1, $2, $3, m."localCode", m."validFrom", m."validTo", m."nationalCode", m."proposedBy", m."approvedBy"
  FROM jsonb_to_recordset($4::jsonb) AS m("localCode" text, "validFrom" date, "validTo" date, "nationalCode" text,
    "proposedBy" text, "approvedBy" text)
  WHERE NOT EXISTS (SELECT FROM code_map own WHERE own.consortium = $1 AND own.institution = $2 AND own.kind = $3
    AND own.local_code = m."localCode")`;

const OPEN_CLAIM = `JOIN claim c ON c.consortium = t.consortium AND c.settled_on = t.settled_on
    AND c.institution = t.institution AND c.claim_no = t.claim_no
  WHERE t.consortium = $1 AND t.institution = $2
    AND NOT EXISTS (SELECT 1 FROM settlement_period p WHERE p.consortium = c.consortium AND p.month = c.period)`;

function recodeDiagnosis(kind: 'diagnosis' | 'procedure'): string {
  const table = `claim_${kind}`;
  return `
    UPDATE ${table} target SET code = n.code
    FROM (SELECT t.consortium, t.settled_on, t.institution, t.claim_no, t.sequence,
            coalesce(m.national_code, t.institution_code) AS code
          FROM ${table} t
          LEFT JOIN code_map m ON m.consortium = t.consortium AND m.institution = t.institution AND m.kind = '${kind}'
            AND m.local_code = t.institution_code AND m.valid_from <= t.settled_on
            AND (m.valid_to IS NULL OR t.settled_on < m.valid_to)
          ${OPEN_CLAIM}) n
    WHERE (target.consortium, target.settled_on, target.institution, target.claim_no, target.sequence)
        = (n.consortium, n.settled_on, n.institution, n.claim_no, n.sequence) AND target.code <> n.code`;
}

const RECODE: Readonly<Record<CodeKind, string>> = {
  item: `
    UPDATE claim_line target SET item_code = n.code
    FROM (SELECT t.consortium, t.settled_on, t.institution, t.claim_no, t.line_no, m.national_code AS code
          FROM claim_line t
          JOIN code_map m ON m.consortium = t.consortium AND m.institution = t.institution AND m.kind = 'item'
            AND m.local_code = t.institution_item_code AND m.valid_from <= t.charged_on
            AND (m.valid_to IS NULL OR t.charged_on < m.valid_to)
          ${OPEN_CLAIM} AND t.item_code IS NULL) n
    WHERE (target.consortium, target.settled_on, target.institution, target.claim_no, target.line_no)
        = (n.consortium, n.settled_on, n.institution, n.claim_no, n.line_no)`,
  diagnosis: recodeDiagnosis('diagnosis'),
  procedure: recodeDiagnosis('procedure'),
};

export interface UnmappedCode {
  readonly institution: string;
  readonly kind: CodeKind;
  readonly localCode: string;
  readonly name: string;
  readonly rows: string;
  readonly amountFen: string;
  readonly firstOn: string;
  readonly lastOn: string;
}

/** Codes whose rows have no national code, ranked by the money behind them (for diagnoses: of their claims). */
export async function listUnmapped(
  pool: pg.Pool,
  consortium: string,
  limit: number,
): Promise<readonly UnmappedCode[]> {
  const { rows } = await pool.query<UnmappedCode>(
    `SELECT institution, kind, local_code AS "localCode", name, rows, amount_fen AS "amountFen",
       first_on AS "firstOn", last_on AS "lastOn"
     FROM unmapped_code WHERE consortium = $1 ORDER BY abs(amount_fen) DESC, institution, local_code LIMIT $2`,
    [consortium, limit],
  );
  return rows;
}
