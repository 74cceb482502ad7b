import type pg from 'pg';
import type { QuarantineAccount, RowsAndFen, Scope } from './entry.js';

type Pair = readonly [rows: string | null, fen: string | null];
interface Row {
  readonly institution: string;
  readonly stream: QuarantineAccount['stream'];
  readonly source: Pair;
  readonly landed: Pair;
  readonly quarantined: Pair;
  readonly open: Pair;
  readonly proposed: Pair;
  readonly dismissed: Pair;
  readonly corrected: Pair;
  readonly resolved: Pair;
  readonly correctedByFen: string;
}

const counted = (condition: string, name: string): string =>
  `ARRAY[count(*) FILTER (WHERE ${condition})::text, coalesce(sum(q.amount_fen) FILTER (WHERE ${condition}), 0)::text] AS ${name}`;

const ACCOUNT = `
  WITH reads AS (
    SELECT institution, stream,
      ARRAY[CASE WHEN bool_and(source_rows IS NOT NULL OR state = 'empty') THEN coalesce(sum(source_rows), 0)::text END,
            CASE WHEN bool_and(source_fen IS NOT NULL OR source_rows = 0) THEN coalesce(sum(source_fen), 0)::text END] AS source,
      ARRAY[sum(landed_rows)::text, sum(landed_fen)::text] AS landed,
      ARRAY[sum(quarantined_rows)::text, sum(quarantined_fen)::text] AS quarantined
    FROM batch_current WHERE consortium = $1 AND ($2::text[] IS NULL OR institution = ANY($2))
    GROUP BY institution, stream
  ), entries AS (
    SELECT q.institution, q.stream,
      ${counted(`q.state = 'open'`, 'open')},
      ${counted(`q.state = 'proposed'`, 'proposed')},
      ${counted(`q.state = 'dismissed'`, 'dismissed')},
      ${counted(`q.state = 'resolved' AND q.correction_id IS NOT NULL`, 'corrected')},
      ${counted(`q.state = 'resolved' AND q.correction_id IS NULL`, 'resolved')}
    FROM quarantine q JOIN batch_current b USING (batch_id)
    WHERE q.consortium = $1 AND q.row_hash NOT LIKE 'said:%' -- a person's row that had landed and was overturned by another member
    GROUP BY q.institution, q.stream
  ), corrections AS (
    SELECT institution, stream, sum(landed_fen - read_fen)::text AS fen FROM correction_current WHERE consortium = $1
    GROUP BY institution, stream)
  SELECT institution, stream, source, landed, quarantined, open, proposed, dismissed, corrected, resolved,
    coalesce(corrections.fen, '0') AS "correctedByFen"
  FROM reads LEFT JOIN entries USING (institution, stream) LEFT JOIN corrections USING (institution, stream)
  ORDER BY institution, stream`;

/** What became of everything that the current reads set aside. */
export async function quarantineAccount(
  pool: pg.Pool,
  consortium: string,
  institutions: Scope,
): Promise<readonly QuarantineAccount[]> {
  const scope = institutions === 'all' ? null : institutions;
  const { rows } = await pool.query<Row>(ACCOUNT, [consortium, scope]);
  return rows.map(accountOf);
}

const NAMES = ['open', 'proposed', 'dismissed', 'corrected', 'resolved'] as const;

function accountOf(row: Row): QuarantineAccount {
  const parts = NAMES.map((name) => pairOf(row[name]));
  const quarantined = pairOf(row.quarantined);
  const rest = (unit: keyof RowsAndFen): string =>
    parts.reduce((left, part) => left - BigInt(part[unit]), BigInt(quarantined[unit])).toString();
  return {
    institution: row.institution,
    stream: row.stream,
    source: { rows: row.source[0], fen: row.source[1] },
    landed: pairOf(row.landed),
    quarantined,
    open: pairOf(row.open),
    proposed: pairOf(row.proposed),
    dismissed: pairOf(row.dismissed),
    corrected: pairOf(row.corrected),
    resolved: pairOf(row.resolved),
    repeated: { rows: rest('rows'), fen: rest('fen') },
    correctedByFen: row.correctedByFen,
  };
}

function pairOf(pair: Pair | null): RowsAndFen {
  return { rows: pair?.[0] ?? '0', fen: pair?.[1] ?? '0' };
}
