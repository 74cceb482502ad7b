import type pg from 'pg';
import type { Pool } from '../claims/claim.js';
import { type Fen, fen } from '../kernel/money.js';
import { BUCKETS, type Bucket } from '../policy/policy-schema.js';
import { CrossCheckError, SettlementInputError } from './errors.js';
import {
  bookedExpression,
  type ClaimQuestion,
  OF_PERIODS,
  SCOPED_CLAIMS,
  scopeValues,
} from './scoped-claims.js';

/** Booked amount of one settlement unit in one pool and bucket. */
export interface Booking {
  readonly pool: Pool;
  readonly institution: string;
  readonly bucket: Bucket;
  readonly claims: number;
  readonly amount: Fen;
}

interface Row {
  readonly pool: Pool;
  readonly settled_by: string;
  readonly bucket: string | null;
  readonly claims: string;
  readonly amount: string;
}

/** Σ booked by pool, settlement unit and bucket, in one pass of the books. @throws SettlementInputError for a claim without a rule */
export async function readBookings(
  client: pg.ClientBase,
  question: ClaimQuestion,
): Promise<readonly Booking[]> {
  const { rows } = await client.query<Row>(
    `SELECT c.pool, c.settled_by, s.bucket, count(*) AS claims, sum(${bookedExpression(question.funds)}) AS amount
     FROM ${SCOPED_CLAIMS} WHERE ${OF_PERIODS}
     GROUP BY c.pool, c.settled_by, s.bucket ORDER BY c.pool, c.settled_by COLLATE "C", s.bucket`,
    scopeValues(question),
  );
  return rows.map(toBooking);
}

function toBooking({ pool, settled_by, bucket, claims, amount }: Row): Booking {
  const known = BUCKETS.find((each) => each === bucket);
  if (known === undefined)
    throw new SettlementInputError(
      `机构 ${settled_by} 有 ${claims} 条结算记录的医疗类别不在范围表中，不能判断是否纳入总额`,
      { institution: settled_by },
    );
  return {
    pool,
    institution: settled_by,
    bucket: known,
    claims: Number(claims),
    amount: fen(BigInt(amount)),
  };
}

/**
 * Adds the period's claims again, in numeric and by another path (claim by claim over the funds apart), and compares with what the
 * facts were built from. Also catches rows that landed in between.
 *
 * @throws CrossCheckError
 */
export async function crossCheckBookings(
  client: pg.ClientBase,
  question: ClaimQuestion,
  bookings: readonly Booking[],
): Promise<void> {
  const { rows } = await client.query<{ claims: string; amount: string }>(
    `SELECT count(*) AS claims, coalesce(${question.funds.map(numericSum).join(' + ') || '0'}, 0)::text AS amount
     FROM claim c WHERE ${OF_PERIODS}`,
    [question.consortium, question.months],
  );
  const claims = bookings.reduce((total, each) => total + each.claims, 0);
  const amount = bookings.reduce((total, each) => total + each.amount, 0n);
  const [found] = rows;
  if (found?.claims === String(claims) && found.amount === String(amount)) return;
  throw new CrossCheckError(
    `${question.months.join('、')} 的记账金额核对不符：计算 ${claims} 条 ${amount} 分，数据库汇总 ${found?.claims} 条 ${found?.amount} 分`,
  );
}

function numericSum(fund: string): string {
  return `coalesce(sum((${bookedExpression([fund])})::numeric), 0)`;
}
