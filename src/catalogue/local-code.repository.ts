import type pg from 'pg';
import type { CodeKind } from './catalogue.repository.js';
import type { CodePeriod } from './crosswalk.js';
import type { Connection, MemberKey } from './crosswalk.repository.js';

/** Local codes that were ever met, of those given. */
export async function metCodes(
  pool: Connection,
  { consortium, institution }: MemberKey,
  codes: readonly Pick<CodePeriod, 'kind' | 'localCode'>[],
): Promise<ReadonlySet<string>> {
  const { rows } = await pool.query<{ kind: CodeKind; code: string }>(
    `SELECT w.kind, w.code FROM unnest($3::text[], $4::text[]) AS w (kind, code)
     WHERE w.kind = 'item' AND EXISTS (SELECT FROM claim_line l WHERE l.consortium = $1 AND l.institution = $2 AND l.institution_item_code = w.code)
        OR w.kind = 'diagnosis' AND EXISTS (SELECT FROM claim_diagnosis d WHERE d.consortium = $1 AND d.institution = $2 AND d.institution_code = w.code)
        OR w.kind = 'procedure' AND EXISTS (SELECT FROM claim_procedure d WHERE d.consortium = $1 AND d.institution = $2 AND d.institution_code = w.code)
        OR EXISTS (SELECT FROM local_code n WHERE n.consortium = $1 AND n.institution = $2 AND n.kind = w.kind AND n.code = w.code)`,
    [
      consortium,
      institution,
      codes.map(({ kind }) => kind),
      codes.map(({ localCode }) => localCode),
    ],
  );
  return new Set(rows.map(({ kind, code }) => `${kind}\u001f${code}`));
}

/** What a member calls its codes, and what it charges. */
export async function saveLocalCodes(
  client: pg.ClientBase,
  { consortium, institution }: MemberKey,
  codes: readonly {
    readonly kind: CodeKind;
    readonly code: string;
    readonly name: string;
    readonly unitPrice: string | null;
  }[],
): Promise<number> {
  const { rowCount } = await client.query(
    `INSERT INTO local_code (consortium, institution, kind, code, name, unit_price)
     SELECT DISTINCT ON (c.kind, c.code) $1, $2, c.kind, c.code, c.name, c."unitPrice"
     FROM jsonb_to_recordset($3::jsonb) AS c(kind text, code text, name text, "unitPrice" numeric) ORDER BY c.kind, c.code
     ON CONFLICT (consortium, institution, kind, code) DO UPDATE SET name = EXCLUDED.name, unit_price = EXCLUDED.unit_price`,
    [consortium, institution, JSON.stringify(codes)],
  );
  return rowCount ?? 0;
}
