import type pg from 'pg';
import type { MutableClaim } from './facts.js';
import type { TableCells } from './local-table.js';
import { personRegisterOf, type RegisterRow, rowDigest, siteRegistersOf } from './register-rows.js';
import {
  NO_REGISTERS,
  type PersonRegister,
  type RegisterName,
  type SiteRegisters,
  type TraceReuse,
} from './registers.js';

type Client = pg.Pool | pg.ClientBase;

/** A register as it stands. */
export interface HeldRegister {
  readonly name: RegisterName;
  readonly rows: number;
  readonly digest: string;
  readonly sourceName: string;
  readonly importedBy: string;
  readonly importedAt: Date;
}

export async function readHeld(
  client: Client,
  consortium: string,
): Promise<readonly HeldRegister[]> {
  const { rows } = await client.query<HeldRegister>(
    `SELECT name, row_count AS rows, digest, source_name AS "sourceName", imported_by AS "importedBy", imported_at AS "importedAt"
       FROM audit_register WHERE consortium = $1 ORDER BY name`,
    [consortium],
  );
  return rows;
}

const ROWS_AT_ONCE = 10_000;

/** Replaces a register as a whole, in the caller's transaction. */
export async function replaceRegister(
  client: pg.ClientBase,
  consortium: string,
  register: Omit<HeldRegister, 'rows' | 'importedAt'> & {
    readonly content: readonly RegisterRow[];
  },
): Promise<void> {
  const { name, digest, sourceName, importedBy, content } = register;
  await client.query('DELETE FROM audit_register WHERE consortium = $1 AND name = $2', [
    consortium,
    name,
  ]);
  await client.query(
    `INSERT INTO audit_register (consortium, name, row_count, digest, source_name, imported_by) VALUES ($1, $2, $3, $4, $5, $6)`,
    [consortium, name, content.length, digest, sourceName, importedBy],
  );
  for (let from = 0; from < content.length; from += ROWS_AT_ONCE) {
    const part = content.slice(from, from + ROWS_AT_ONCE);
    await client.query(
      `INSERT INTO audit_register_row (consortium, name, subject, row_no, cells)
       SELECT $1, $2, u.subject, $3 + u.place, u.cells FROM unnest($4::text[], $5::jsonb[]) WITH ORDINALITY AS u(subject, cells, place)`,
      [
        ...[consortium, name, from],
        part.map(({ subject }) => subject),
        part.map(({ cells }) => JSON.stringify(cells)),
      ],
    );
  }
}

/** What each row held says, by `rowDigest`. */
export async function readRowDigests(
  client: Client,
  consortium: string,
  name: RegisterName,
): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ cells: TableCells }>(
    'SELECT cells FROM audit_register_row WHERE consortium = $1 AND name = $2',
    [consortium, name],
  );
  return new Set(rows.map(rowDigest));
}

export async function readSiteRegisters(
  client: Client,
  consortium: string,
): Promise<SiteRegisters> {
  const held = await readHeld(client, consortium);
  if (held.length === 0) return NO_REGISTERS;
  const { rows } = await client.query<RegisterRow>(
    `SELECT name, subject, cells FROM audit_register_row WHERE consortium = $1 AND name = 'doctor-rights' ORDER BY subject, row_no`,
    [consortium],
  );
  return siteRegistersOf(new Map(held.map(({ name, digest }) => [name, digest])), rows);
}

/** What the registers held, and the books of others, say of the persons whose claims these are, by person. */
export async function readPersonRegisters(
  client: Client,
  { consortium, held }: { readonly consortium: string; readonly held: SiteRegisters['held'] },
  claims: Iterable<MutableClaim>,
): Promise<ReadonlyMap<string, PersonRegister>> {
  const ofPersons = [...held].filter((name) => name !== 'doctor-rights' && name !== 'orders');
  const personOf = new Map<string, string>();
  for (const { key, personId } of claims) personOf.set(key, personId);
  const found = new Map<string, RegisterRow[]>();
  const ask = async (names: readonly RegisterName[], subjects: Iterable<string>) => {
    if (names.length === 0) return;
    const { rows } = await client.query<RegisterRow & { readonly cells: TableCells }>(
      `SELECT name, subject, cells FROM audit_register_row
        WHERE consortium = $1 AND name = ANY($2) AND subject = ANY($3) ORDER BY name, subject, row_no`,
      [consortium, names, [...subjects]],
    );
    for (const row of rows) {
      const person = row.name === 'orders' ? (personOf.get(row.subject) ?? '') : row.subject;
      const known = found.get(person);
      if (known === undefined) found.set(person, [row]);
      else known.push(row);
    }
  };
  await ask(ofPersons, new Set(personOf.values()));
  await ask(held.has('orders') ? ['orders'] : [], personOf.keys());
  return new Map([...found].map(([person, rows]) => [person, personRegisterOf(rows)]));
}

/**
 * Trace codes used by more than one settlement, as rows of `person_id`, `code` and the later and the first claim. `$1` consortium, `$2`
 * first day read, `$3` last accounting month. See `reusedTraceCodes`, which says the same of claims at hand.
 */
export const TRACE_REUSE = `
  WITH line AS MATERIALIZED (
    SELECT l.settled_on, l.institution, l.claim_no, l.item_code, l.trace_codes FROM claim_line l
    WHERE l.consortium = $1 AND l.settled_on >= $2 AND l.trace_codes IS NOT NULL AND l.quantity > 0
  ), used AS (
    SELECT DISTINCT c.person_id, c.settled_on, c.institution, c.claim_no, t.code
    FROM line l CROSS JOIN LATERAL unnest(string_to_array(l.trace_codes, ',')) AS t(code)
    JOIN claim c ON c.consortium = $1 AND c.settled_on = l.settled_on AND c.institution = l.institution AND c.claim_no = l.claim_no
    WHERE c.period <= $3 AND c.refund_of IS NULL
      AND NOT EXISTS (SELECT 1 FROM claim r WHERE r.consortium = $1 AND r.institution = c.institution AND r.refund_of = c.claim_no
        AND r.settled_on >= $2 AND r.period <= $3)
      AND NOT EXISTS (SELECT 1 FROM claim_line n WHERE n.consortium = $1 AND n.settled_on = l.settled_on
        AND n.institution = l.institution AND n.claim_no = l.claim_no AND n.quantity < 0
        AND n.item_code IS NOT DISTINCT FROM l.item_code)
  )
  SELECT person_id, code, institution, claim_no, first_institution, first_claim_no, first_day::text AS first_day
  FROM (SELECT *, row_number() OVER w AS place, first_value(institution) OVER w AS first_institution,
          first_value(claim_no) OVER w AS first_claim_no, first_value(settled_on) OVER w AS first_day
        FROM used WINDOW w AS (PARTITION BY code ORDER BY settled_on, (institution || '/' || claim_no) COLLATE "C")) ordered
  WHERE place > 1`;

/** By the person of the later settlement. @param span  first day and last month read */
export async function readTraceReuse(
  client: Client,
  consortium: string,
  span: readonly [firstDay: string, lastMonth: string],
): Promise<ReadonlyMap<string, readonly TraceReuse[]>> {
  const { rows } = await client.query<Record<'person_id' | 'code' | string, string>>(TRACE_REUSE, [
    consortium,
    ...span,
  ]);
  const found = new Map<string, TraceReuse[]>();
  for (const row of rows) {
    const person = row['person_id'] ?? '';
    const reuse = {
      code: row['code'] ?? '',
      institution: row['institution'] ?? '',
      claimNo: row['claim_no'] ?? '',
      first: {
        institution: row['first_institution'] ?? '',
        claimNo: row['first_claim_no'] ?? '',
        settledOn: row['first_day'] ?? '',
      },
    };
    found.set(person, [...(found.get(person) ?? []), reuse]);
  }
  return found;
}
