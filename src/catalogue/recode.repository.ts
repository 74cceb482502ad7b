import type pg from 'pg';
import type { CodeKind } from './catalogue.repository.js';
import type { CodeChange } from './crosswalk.js';
import type { MemberKey } from './crosswalk.repository.js';

/** What an approval did to rows that had landed. */
export interface Recoding {
  readonly recodedRows: number;
  /** Fen of the recoded lines; of the claims for diagnoses and procedures. */
  readonly recodedFen: bigint;
  /** Rows of closed months that would have got another code and keep theirs. */
  readonly closedRows: number;
  readonly persons: readonly string[];
}

const NOTHING_RECODED: Recoding = { recodedRows: 0, recodedFen: 0n, closedRows: 0, persons: [] };

/**
 * Writes approved changes of one kind into the table that holds and gives landed rows of open months their codes. From now on the local
 * codes in question are this table's: a table file no longer speaks for them. The caller holds the lock of the kind (`releaseOf`).
 */
export async function applyChanges(
  client: pg.ClientBase,
  { consortium, institution, kind }: MemberKey & { readonly kind: CodeKind },
  {
    changes,
    proposedBy,
    approvedBy,
  }: {
    readonly changes: readonly CodeChange[];
    readonly proposedBy: string;
    readonly approvedBy: string;
  },
): Promise<Recoding> {
  const codes = [...new Set(changes.map(({ localCode }) => localCode))];
  if (codes.length === 0) return NOTHING_RECODED;
  const key = [consortium, institution, kind];
  await client.query('DROP TABLE IF EXISTS code_before');
  await client.query(
    `CREATE TEMP TABLE code_before ON COMMIT DROP AS SELECT local_code, valid_from, valid_to, national_code FROM code_map
     WHERE consortium = $1 AND institution = $2 AND kind = $3 AND local_code = ANY($4)`,
    [...key, codes],
  );
  await client.query(
    `UPDATE code_map SET origin = 'crosswalk' WHERE consortium = $1 AND institution = $2 AND kind = $3 AND local_code = ANY($4)`,
    [...key, codes],
  );
  await client.query(WRITE, [...key, proposedBy, approvedBy, JSON.stringify(changes)]);
  const { rows } = await client.query<{
    recoded: string;
    fen: string;
    closed: string;
    persons: string[];
  }>(recode(kind), [consortium, institution, codes]);
  const [row] = rows;
  return {
    recodedRows: Number(row?.recoded ?? 0),
    recodedFen: BigInt(row?.fen ?? 0),
    closedRows: Number(row?.closed ?? 0),
    persons: row?.persons ?? [],
  };
}

const WRITE = `
  INSERT INTO code_map (consortium, institution, kind, local_code, valid_from, valid_to, national_code, proposed_by, approved_by, origin)
  SELECT $1, $2, $3, c."localCode", c."validFrom", c."validTo", c."nationalCode", $4, $5, 'crosswalk'
  FROM jsonb_to_recordset($6::jsonb) AS c("localCode" text, "validFrom" date, "validTo" date, "nationalCode" text)
  ON CONFLICT (consortium, institution, kind, local_code, valid_from) DO UPDATE SET valid_to = EXCLUDED.valid_to,
    national_code = EXCLUDED.national_code, proposed_by = EXCLUDED.proposed_by, approved_by = EXCLUDED.approved_by`;

interface Recoded {
  readonly table: string;
  readonly key: string;
  readonly code: string;
  readonly local: string;
  readonly day: string;
  readonly amount: string;
  /** The code where no translation holds. */
  readonly otherwise: string;
}

const ITEM: Recoded = {
  table: 'claim_line',
  key: 'line_no',
  code: 'item_code',
  local: 'institution_item_code',
  day: 't.charged_on',
  amount: 't.line_amount_fen',
  otherwise: 'CASE WHEN national.digest IS NOT NULL THEN t.institution_item_code END',
};

const coded = (table: string): Recoded => ({
  table,
  key: 'sequence',
  code: 'code',
  local: 'institution_code',
  day: 't.settled_on',
  amount: 'c.total_fee_fen',
  otherwise: 't.institution_code',
});

const RECODED: Readonly<Record<CodeKind, Recoded>> = {
  item: ITEM,
  diagnosis: coded('claim_diagnosis'),
  procedure: coded('claim_procedure'),
};

/**
 * Rows that carry the code which the table gave before get the one that it gives now; a code that the source itself gave stays. A row
 * that takes another back keeps what that one had. $1 consortium, $2 institution, $3 local codes.
 */
function recode(kind: CodeKind): string {
  const { table, key, code, local, day, amount, otherwise } = RECODED[kind];
  const holds = (alias: string): string =>
    `${alias}.local_code = t.${local} AND ${alias}.valid_from <= ${day} AND (${alias}.valid_to IS NULL OR ${day} < ${alias}.valid_to)`;
  return `
    WITH affected AS (
      SELECT t.settled_on, t.claim_no, t.${key}, c.person_id, ${amount} AS fen, coalesce(m.national_code, ${otherwise}) AS code,
        p.month IS NOT NULL AS is_closed
      FROM ${table} t
      JOIN claim c ON c.consortium = t.consortium AND c.settled_on = t.settled_on AND c.institution = t.institution AND c.claim_no = t.claim_no
      LEFT JOIN settlement_period p ON p.consortium = c.consortium AND p.month = c.period
      LEFT JOIN code_map_release national ON national.consortium = $1 AND national.institution = $2 AND national.kind = '${kind}'
        AND national.digest = 'national'
      LEFT JOIN code_before b ON ${holds('b')}
      LEFT JOIN code_map m ON m.consortium = $1 AND m.institution = $2 AND m.kind = '${kind}' AND ${holds('m')}
      WHERE t.consortium = $1 AND t.institution = $2 AND t.${local} = ANY($3) AND c.reverses IS NULL
        AND t.${code} IS NOT DISTINCT FROM coalesce(b.national_code, ${otherwise})
        AND t.${code} IS DISTINCT FROM coalesce(m.national_code, ${otherwise})
    ), changed AS (
      UPDATE ${table} t SET ${code} = a.code FROM affected a
      WHERE NOT a.is_closed AND t.consortium = $1 AND t.institution = $2 AND t.settled_on = a.settled_on AND t.claim_no = a.claim_no
        AND t.${key} = a.${key}
      RETURNING a.person_id, a.fen)
    SELECT (SELECT count(*) FROM changed) AS recoded, (SELECT coalesce(sum(fen), 0) FROM changed) AS fen,
      (SELECT count(*) FROM affected WHERE is_closed) AS closed,
      ARRAY(SELECT DISTINCT person_id FROM changed ORDER BY person_id) AS persons`;
}

/** Lets the next audit look at these people again, whatever was read since. */
export async function noteRecoded(
  client: pg.ClientBase,
  consortium: string,
  persons: readonly string[],
): Promise<void> {
  if (persons.length === 0) return;
  await client.query(
    `INSERT INTO recoded_person (consortium, at_batch, person_id)
     SELECT $1, n.at_batch, person_id
     FROM (SELECT nextval(pg_get_serial_sequence('batch', 'batch_id')) AS at_batch) n, unnest($2::text[]) AS person_id`,
    [consortium, persons],
  );
}

/** What the table of a member says now, as one digest. */
export async function crosswalkDigest(
  client: pg.ClientBase,
  { consortium, institution }: MemberKey,
): Promise<string> {
  const { rows } = await client.query<{ digest: string }>(
    `SELECT encode(sha256(convert_to(coalesce(string_agg(concat_ws('|', kind, local_code, valid_from, coalesce(valid_to::text, ''), national_code),
       E'\\n' ORDER BY kind COLLATE "C", local_code COLLATE "C", valid_from), ''), 'UTF8')), 'hex') AS digest
     FROM code_map WHERE consortium = $1 AND institution = $2`,
    [consortium, institution],
  );
  return rows[0]?.digest ?? '';
}
