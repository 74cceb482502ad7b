import type pg from 'pg';
import { merged, NOTHING_WRONG, type TrueClaim, type Truth, type Verdict } from './truth.js';

interface LandedClaim {
  readonly institution: string;
  readonly claim_no: string;
  readonly settled_by: string;
  readonly settled_on: string;
  readonly period: string;
  readonly pool: string;
  readonly total_fee_fen: string;
  readonly booked: string;
  readonly fund_paid_fen: string;
}

/** A claim of a closed month is corrected by rows beside it: `…~001-` takes it back, `…~001` books it anew. */
const ADJUSTMENT = /~\d+-?$/;

const keyOf = (institution: string, claimNo: string): string => `${institution}/${claimNo}`;

/** I1 and I8: every claim and line of the sources stands in the books with its amount, once, or is held with a reason. */
export async function judgeBooks(pool: pg.Pool, truth: Truth): Promise<Verdict> {
  const books: Books = {
    landed: await landedClaims(pool, truth.consortium),
    held: await heldKeys(pool, truth.consortium),
    lines: await landedLines(pool, truth.consortium),
  };
  const claims = new Map(
    truth.claims.map((claim) => [keyOf(claim.institution, claim.claimNo), claim]),
  );
  const phantoms = [...books.landed.keys()].filter((key) => !claims.has(key));
  const unknown: Verdict = {
    ...NOTHING_WRONG,
    double: [...phantoms.map((key) => `phantom ${key}`), ...phantomLines(books, claims)],
  };
  return merged([...[...claims].map(([key, claim]) => judgeClaim(key, claim, books)), unknown]);
}

interface Books {
  readonly landed: ReadonlyMap<string, readonly LandedClaim[]>;
  readonly held: ReadonlySet<string>;
  readonly lines: ReadonlyMap<string, string>;
}

function judgeClaim(key: string, claim: TrueClaim, books: Books): Verdict {
  const rows = books.landed.get(key) ?? [];
  const [row] = rows;
  if (row === undefined) return judgeAbsent(key, claim, books);
  if (rows.some(({ claim_no }) => ADJUSTMENT.test(claim_no))) {
    return { ...NOTHING_WRONG, broken: netDifferences(key, claim, { rows, books }) };
  }
  return {
    ...NOTHING_WRONG,
    double: rows.length > 1 ? [`claim ${key} stands ${rows.length} times`] : [],
    lost: missingLines(key, claim, books),
    broken: claim.refused
      ? [`I1 claim ${key} landed although it must be refused`]
      : differences(key, claim, row),
  };
}

function judgeAbsent(key: string, claim: TrueClaim, books: Books): Verdict {
  if (!books.held.has(key)) return { ...NOTHING_WRONG, lost: [`claim ${key}`] };
  const broken = claim.refused ? [] : [`I1 claim ${key} was refused although it is in order`];
  return { ...NOTHING_WRONG, broken };
}

function differences(key: string, claim: TrueClaim, row: LandedClaim): readonly string[] {
  const wanted: readonly (readonly [string, string, string])[] = [
    ['total', claim.totalFen.toString(), row.total_fee_fen],
    ['booked', claim.bookedFen.toString(), row.booked],
    ['fund', claim.fundFen.toString(), row.fund_paid_fen],
    ['settled by', claim.settledBy, row.settled_by],
    ['day', claim.settledOn, row.settled_on],
    ['pool', claim.pool, row.pool],
  ];
  return wanted
    .filter(([, expected, found]) => expected !== found)
    .map(([name, expected, found]) => `I1 claim ${key}: ${name} ${found} instead of ${expected}`);
}

/** Whatever was reversed and booked anew: what remains of it is what the source says now, or nothing once it is gone there. */
function netDifferences(
  key: string,
  claim: TrueClaim,
  { rows, books }: { readonly rows: readonly LandedClaim[]; readonly books: Books },
): readonly string[] {
  const net = (amount: (row: LandedClaim) => string): bigint =>
    rows.reduce((sum, row) => sum + BigInt(amount(row)), 0n);
  const trueLines = [...claim.lines.values()].reduce((sum, fen) => sum + fen, 0n);
  const wanted: readonly (readonly [string, bigint, bigint])[] = [
    ['total', claim.totalFen, net(({ total_fee_fen }) => total_fee_fen)],
    ['booked', claim.bookedFen, net(({ booked }) => booked)],
    ['fund', claim.fundFen, net(({ fund_paid_fen }) => fund_paid_fen)],
    ['lines', trueLines, netLines(key, books)],
  ];
  return wanted
    .filter(([, expected, found]) => expected !== found)
    .map(
      ([name, expected, found]) => `I1 claim ${key} adjusted: ${name} ${found}, not ${expected}`,
    );
}

function netLines(key: string, { lines }: Books): bigint {
  return [...lines].reduce(
    (sum, [line, fen]) => (rootOf(line) === key ? sum + BigInt(fen) : sum),
    0n,
  );
}

/** `institution/claim/line` → `institution/claim`, without what marks an adjustment. */
function rootOf(line: string): string {
  const [institution = '', claimNo = ''] = line.split('/');
  return keyOf(institution, claimNo.replace(ADJUSTMENT, ''));
}

function missingLines(key: string, claim: TrueClaim, { lines, held }: Books): readonly string[] {
  return [...claim.lines].flatMap(([lineNo, amount]) => {
    const found = lines.get(`${key}/${lineNo}`);
    if (found === amount.toString()) return [];
    if (found === undefined) return held.has(`${key}/${lineNo}`) ? [] : [`line ${key}/${lineNo}`];
    return [`line ${key}/${lineNo}: ${found} instead of ${amount} fen`];
  });
}

function phantomLines(
  { lines, landed }: Books,
  claims: ReadonlyMap<string, TrueClaim>,
): readonly string[] {
  return [...lines.keys()]
    .filter((key) => {
      const [institution = '', claimNo = '', lineNo = ''] = key.split('/');
      const adjusted = (landed.get(rootOf(key)) ?? []).length > 1;
      if (adjusted) return false; // judged by their claim's net amounts
      return claims.get(keyOf(institution, claimNo))?.lines.has(lineNo) !== true;
    })
    .map((key) => `phantom line ${key}`);
}

async function landedClaims(
  pool: pg.Pool,
  consortium: string,
): Promise<ReadonlyMap<string, readonly LandedClaim[]>> {
  const { rows } = await pool.query<LandedClaim>(
    `SELECT institution, claim_no, settled_by, settled_on::text, period, pool, total_fee_fen::text, fund_paid_fen::text,
            (pooled_fund_paid_fen + critical_illness_paid_fen + large_expense_paid_fen)::text AS booked
       FROM claim WHERE consortium = $1`,
    [consortium],
  );
  const byKey = new Map<string, LandedClaim[]>();
  for (const row of rows) {
    const key = keyOf(row.institution, row.claim_no.replace(ADJUSTMENT, ''));
    byKey.set(key, [...(byKey.get(key) ?? []), row]);
  }
  return byKey;
}

async function landedLines(
  pool: pg.Pool,
  consortium: string,
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await pool.query<{ key: string; fen: string }>(
    `SELECT institution || '/' || claim_no || '/' || line_no AS key, sum(line_amount_fen)::text AS fen
       FROM claim_line WHERE consortium = $1 GROUP BY 1`,
    [consortium],
  );
  return new Map(rows.map(({ key, fen }) => [key, fen]));
}

/** Keys of what is held with a reason. A line's key joins claim and line number by whatever the product puts between them. */
async function heldKeys(pool: pg.Pool, consortium: string): Promise<ReadonlySet<string>> {
  const { rows } = await pool.query<{ institution: string; natural_key: string }>(
    `SELECT institution, natural_key FROM quarantine
      WHERE consortium = $1 AND state = 'open' AND natural_key IS NOT NULL`,
    [consortium],
  );
  return new Set(
    rows.flatMap(({ institution, natural_key }) => {
      const parts = natural_key.split(/[^0-9A-Za-z.-]+/).filter((part) => part !== '');
      return [keyOf(institution, natural_key), `${institution}/${parts.join('/')}`];
    }),
  );
}

/**
 * I1 by totals: what is landed of each member and day adds up to the source's own rows and fen, batch by batch the counts agree, and
 * no batch that claims to be complete is short.
 */
export async function judgeBatches(pool: pg.Pool, consortium: string): Promise<Verdict> {
  const { rows } = await pool.query<{ what: string }>(
    `SELECT format('I1 batch %s (%s %s) is complete with %s of %s rows', batch_id, institution, stream,
                   landed_rows + quarantined_rows, source_rows) AS what
       FROM batch WHERE consortium = $1 AND state = 'complete'
        AND (source_rows IS DISTINCT FROM landed_rows + quarantined_rows
             OR coalesce(source_fen, landed_fen + quarantined_fen) <> landed_fen + quarantined_fen)
      UNION ALL
     SELECT format('I1 batch %s (%s %s) was left in state reading', batch_id, institution, stream)
       FROM batch b WHERE consortium = $1 AND state = 'reading' AND NOT EXISTS (
            SELECT 1 FROM batch later WHERE later.consortium = b.consortium AND later.institution = b.institution
               AND later.stream = b.stream AND later.window_from = b.window_from AND later.window_to = b.window_to
               AND later.batch_id > b.batch_id AND later.state <> 'reading')`,
    [consortium],
  );
  return { ...NOTHING_WRONG, broken: rows.map(({ what }) => what) };
}
