import type pg from 'pg';
import { NOTHING_WRONG, type TrueBooking, type Truth, type Verdict } from './truth.js';

/** I3 and I4: vouchers sum to zero, prepayments follow from the true claims to the fen, one current run a period, closed ones stand. */
export async function judgeMoney(pool: pg.Pool, truth: Truth): Promise<Verdict> {
  const verdicts = await Promise.all([
    vouchers(pool),
    prepayments(pool, truth),
    runs(pool),
    deductions(pool),
  ]);
  return {
    ...NOTHING_WRONG,
    double: verdicts.flatMap(({ double }) => double),
    broken: verdicts.flatMap(({ broken }) => broken),
  };
}

async function vouchers(pool: pg.Pool): Promise<Verdict> {
  const { rows } = await pool.query<{ run_id: string; voucher: string; sum: string }>(
    'SELECT run_id::text, voucher, sum(amount_fen)::text AS sum FROM posting GROUP BY 1, 2 HAVING sum(amount_fen) <> 0',
  );
  return {
    ...NOTHING_WRONG,
    broken: rows.map(({ run_id, voucher, sum }) => `I3 run ${run_id} ${voucher}: ${sum} fen apart`),
  };
}

interface PostingRow {
  readonly period: string;
  readonly pool: string;
  readonly voucher: string;
  readonly account: string;
  readonly fen: string;
}

/** Sanya §三(二): the lead hospital is paid 90 % of the month's booked amount, half a fen rounded up. */
const RATE_PERCENT = 90n;

async function prepayments(pool: pg.Pool, truth: Truth): Promise<Verdict> {
  const { rows } = await pool.query<PostingRow>(
    `SELECT r.period, p.pool, p.voucher, p.account, p.amount_fen::text AS fen
       FROM settlement_run r JOIN posting p ON p.run_id = r.run_id
      WHERE r.consortium = $1 AND r.kind = 'month' AND r.current AND p.reverses IS NULL`,
    [truth.consortium],
  );
  const booked = await bookedByPeriod(pool, truth);
  const broken: string[] = [];
  for (const [key, amount] of booked) {
    const [period, insurance] = key.split('/');
    const own = rows.filter((row) => row.period === period && row.pool === insurance);
    if (own.length === 0) continue; // not settled in this experiment
    const wanted = halfUp(amount * RATE_PERCENT, 100n);
    const paid = own.find(({ account, fen }) => account === 'agency' && BigInt(fen) !== 0n)?.fen;
    if (BigInt(paid ?? 0) !== -wanted) {
      broken.push(`I3 prepayment ${key}: agency ${paid ?? 0} instead of ${-wanted} fen`);
    }
    const members = own
      .filter(({ account }) => account.startsWith('member:'))
      .reduce((sum, { fen }) => sum + BigInt(fen), 0n);
    if (members !== wanted)
      broken.push(`I3 prepayment ${key}: members get ${members} of ${wanted} fen`);
  }
  return { ...NOTHING_WRONG, broken };
}

/** Booked fen of the true claims by the period in which the books count them: their own month, or a later one for what came late. */
async function bookedByPeriod(pool: pg.Pool, truth: Truth): Promise<ReadonlyMap<string, bigint>> {
  if (truth.bookings !== undefined) return summed(truth.bookings);
  const { rows } = await pool.query<{ key: string; period: string }>(
    `SELECT institution || '/' || claim_no AS key, period FROM claim WHERE consortium = $1`,
    [truth.consortium],
  );
  const period = new Map(rows.map((row) => [row.key, row.period]));
  const bookings = truth.claims.flatMap(({ institution, claimNo, pool: insurance, bookedFen }) => {
    const counted = period.get(`${institution}/${claimNo}`);
    return counted === undefined ? [] : [{ period: counted, pool: insurance, fen: bookedFen }];
  });
  return summed(bookings);
}

function summed(bookings: readonly TrueBooking[]): ReadonlyMap<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const { period, pool, fen } of bookings) {
    const key = `${period}/${pool}`;
    sums.set(key, (sums.get(key) ?? 0n) + fen);
  }
  return sums;
}

/** 四舍五入: half a fen goes away from zero, for refunds as for payments. */
function halfUp(numerator: bigint, denominator: bigint): bigint {
  const size = numerator < 0n ? -numerator : numerator;
  const rounded = (2n * size + denominator) / (2n * denominator);
  return numerator < 0n ? -rounded : rounded;
}

async function runs(pool: pg.Pool): Promise<Verdict> {
  const { rows } = await pool.query<{ what: string }>(
    `SELECT format('%s %s is settled %s times at once', kind, period, count(*)) AS what FROM settlement_run
      WHERE current GROUP BY consortium, kind, period HAVING count(*) > 1
      UNION ALL
     SELECT format('%s %s has two versions of one result', kind, period) FROM settlement_run
      GROUP BY consortium, kind, period, result_digest, inputs_digest, policy_digest, knowledge_digest HAVING count(*) > 1`,
  );
  const closed = await pool.query<{ what: string }>(
    `SELECT format('I4 %s %s is closed and superseded', kind, period) AS what FROM settlement_run
      WHERE closed_at IS NOT NULL AND NOT current`,
  );
  return {
    ...NOTHING_WRONG,
    double: rows.map(({ what }) => what),
    broken: closed.rows.map(({ what }) => what),
  };
}

/** A deduction is taken once in a month's run and once in a year's, never more than it is worth. */
async function deductions(pool: pg.Pool): Promise<Verdict> {
  const { rows } = await pool.query<{ what: string }>(
    `SELECT format('deduction %s taken %s times', t.deduction_id, count(*)) AS what
       FROM deduction_taken t JOIN settlement_run r ON r.run_id = t.run_id
      WHERE r.current GROUP BY r.kind, t.deduction_id HAVING count(*) > 1`,
  );
  return { ...NOTHING_WRONG, double: rows.map(({ what }) => what) };
}

/** Results of closed periods, to be compared later. */
export async function closedDigests(pool: pg.Pool): Promise<ReadonlyMap<string, string>> {
  const { rows } = await pool.query<{ key: string; digest: string }>(
    `SELECT kind || ' ' || period AS key, result_digest AS digest FROM settlement_run WHERE closed_at IS NOT NULL AND current`,
  );
  return new Map(rows.map(({ key, digest }) => [key, digest]));
}

/** I4: what was closed then has the same result now. */
export async function judgeFrozen(
  pool: pg.Pool,
  before: ReadonlyMap<string, string>,
): Promise<Verdict> {
  const now = await closedDigests(pool);
  const broken = [...before].flatMap(([key, digest]) =>
    now.get(key) === digest ? [] : [`I4 the closed ${key} changed`],
  );
  return { ...NOTHING_WRONG, broken };
}
