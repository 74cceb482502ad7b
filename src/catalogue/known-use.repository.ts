import type pg from 'pg';
import type { CodeKind } from './catalogue.repository.js';
import type { KnownUse } from './suggest.js';

/** Names and prices under which the other members use national codes. */
export async function knownUses(
  pool: pg.Pool,
  {
    consortium,
    institution,
    kind,
  }: { readonly consortium: string; readonly institution: string; readonly kind: CodeKind },
): Promise<readonly KnownUse[]> {
  const statement = kind === 'item' ? OF_LINES : OF_NAMES;
  const values = kind === 'item' ? [consortium, institution] : [consortium, institution, kind];
  const { rows } = await pool.query<KnownUse>(statement, values);
  return rows;
}

const OF_LINES = `
  SELECT item_code AS "nationalCode", item_name AS name, count(DISTINCT institution)::integer AS members,
    round(avg(unit_price) FILTER (WHERE unit_price > 0), 4)::text AS "unitPrice"
  FROM claim_line WHERE consortium = $1 AND institution <> $2 AND item_code IS NOT NULL
  GROUP BY item_code, item_name`;

const OF_NAMES = `
  SELECT m.national_code AS "nationalCode", n.name, count(DISTINCT m.institution)::integer AS members, NULL AS "unitPrice"
  FROM code_map m JOIN local_code n ON n.consortium = m.consortium AND n.institution = m.institution AND n.kind = m.kind
    AND n.code = m.local_code
  WHERE m.consortium = $1 AND m.institution <> $2 AND m.kind = $3 AND m.valid_to IS NULL
  GROUP BY m.national_code, n.name`;

/** What a member's own lines charge for its local items, in yuan. */
export async function localPrices(
  pool: pg.Pool,
  { consortium, institution }: { readonly consortium: string; readonly institution: string },
  codes: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await pool.query<{ code: string; price: string }>(
    `SELECT institution_item_code AS code, round(avg(unit_price), 4)::text AS price FROM claim_line
     WHERE consortium = $1 AND institution = $2 AND institution_item_code = ANY($3) AND unit_price > 0
     GROUP BY institution_item_code`,
    [consortium, institution, codes],
  );
  return new Map(rows.map(({ code, price }) => [code, price]));
}
