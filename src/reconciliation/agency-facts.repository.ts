import type pg from 'pg';
import { type Fen, fen } from '../kernel/money.js';
import { firstDay, type Month, nextMonth } from '../kernel/period.js';
import type {
  BookFacts,
  ClaimFacts,
  DeclarationFacts,
  UnbalancedFacts,
  UnsettledMessage,
} from './facts.js';

/** The agency's side, and our books as the agency counts them: by day of settlement, claims settled at the point of care. */

type Amounts<Name extends string> = Readonly<Record<Name, string>>;

const DIRECT = `consortium = $1 AND settled_on >= $2::date AND settled_on < $3::date AND channel = 'direct'`;

/** Newest version of each message of the month; the versions before it are history. */
const NEWEST = `
  newest AS (
    SELECT DISTINCT ON (business_key) * FROM outbox_message WHERE consortium = $1 AND month = $2
    ORDER BY business_key, version DESC)`;

export async function readBooks(
  client: pg.PoolClient,
  consortium: string,
  month: Month,
): Promise<readonly BookFacts[]> {
  const { rows } = await client.query<
    Pick<BookFacts, 'institution' | 'pool' | 'claims'> & Amounts<'total' | 'fund'>
  >(
    `SELECT settled_by AS institution, pool, count(*)::int AS claims, sum(total_fee_fen)::text AS total,
       sum(fund_paid_fen)::text AS fund
     FROM claim_standing WHERE ${DIRECT} GROUP BY settled_by, pool ORDER BY settled_by, pool`,
    [consortium, firstDay(month), firstDay(nextMonth(month))],
  );
  return rows.map(({ total, fund, ...row }) => ({
    ...row,
    totalFeeFen: fenOf(total),
    fundPaidFen: fenOf(fund),
  }));
}

export async function readDeclarations(
  client: pg.PoolClient,
  consortium: string,
  month: Month,
): Promise<readonly DeclarationFacts[]> {
  const { rows } = await client.query<
    Omit<DeclarationFacts, 'totalFeeFen' | 'fundPaidFen' | 'accountPaidFen'> &
      Amounts<'total' | 'fund' | 'account'>
  >(
    `WITH ${NEWEST}
     SELECT d.institution, d.pool, d.clearing_type AS "clearingType", d.claims, d.total_fee_fen AS total,
       d.fund_paid_fen AS fund, d.account_paid_fen AS account, d.balanced
     FROM newest JOIN agency_declaration d USING (outbox_id)
     ORDER BY d.institution, d.pool, d.clearing_type`,
    [consortium, month],
  );
  return rows.map(withAmounts);
}

/** Rows of the newest detail of each group that is still out of balance. */
export async function readUnbalanced(
  client: pg.PoolClient,
  consortium: string,
  month: Month,
): Promise<readonly UnbalancedFacts[]> {
  const { rows } = await client.query<
    Omit<UnbalancedFacts, 'totalFeeFen' | 'fundPaidFen' | 'accountPaidFen'> &
      Readonly<Record<'total' | 'fund' | 'account', string | null>>
  >(
    `WITH ${NEWEST}
     SELECT detail.institution, detail.clearing_type AS "clearingType", r.claim_no AS "claimNo",
       r.sender_message_id AS "senderMessageId", r.is_refund AS "isRefund", r.total_fee_fen AS total,
       r.fund_paid_fen AS fund, r.account_paid_fen AS account
     FROM newest detail JOIN agency_unbalanced_row r USING (outbox_id)
     WHERE detail.transaction_code = '9102' AND EXISTS (
       SELECT FROM newest JOIN agency_declaration d USING (outbox_id)
       WHERE d.institution = detail.institution AND d.clearing_type = detail.clearing_type AND d.balanced = false)
     ORDER BY detail.institution, detail.clearing_type, r.row_no`,
    [consortium, month],
  );
  return rows.map(({ total, fund, account, ...row }) => ({
    ...row,
    totalFeeFen: total === null ? null : fenOf(total),
    fundPaidFen: fund === null ? null : fenOf(fund),
    accountPaidFen: account === null ? null : fenOf(account),
  }));
}

const CLAIM_COLUMNS = `institution, settled_by AS "settledBy", source_claim_no AS "claimNo", refund_of IS NOT NULL AS "isRefund",
  pool, period, total_fee_fen AS total, fund_paid_fen AS fund, account_paid_fen AS account`;

/** Our claims of the month with these numbers. */
export async function readClaims(
  client: pg.PoolClient,
  request: {
    readonly consortium: string;
    readonly month: Month;
    readonly claimNos: readonly string[];
  },
): Promise<readonly ClaimFacts[]> {
  const { consortium, month, claimNos } = request;
  const { rows } = await client.query<ClaimRow>(
    `SELECT ${CLAIM_COLUMNS} FROM claim_standing WHERE ${DIRECT} AND source_claim_no = ANY($4::text[])
     ORDER BY settled_by, source_claim_no, institution`,
    [consortium, firstDay(month), firstDay(nextMonth(month)), claimNos],
  );
  return rows.map(withAmounts);
}

/** Claims settled in the month but accounted in another, because the month was closed when they arrived. */
export async function readLate(
  client: pg.PoolClient,
  consortium: string,
  month: Month,
): Promise<readonly ClaimFacts[]> {
  const { rows } = await client.query<ClaimRow>(
    `SELECT ${CLAIM_COLUMNS} FROM claim_standing
     WHERE consortium = $1 AND settled_on >= $2::date AND settled_on < $3::date AND period <> $4 AND adjusts IS NULL
     ORDER BY settled_by, claim_no, institution`,
    [consortium, firstDay(month), firstDay(nextMonth(month)), month],
  );
  return rows.map(withAmounts);
}

/** Messages that have not ended, or ended in a refusal. */
export async function readUnsettled(
  client: pg.PoolClient,
  consortium: string,
  month: Month,
): Promise<readonly UnsettledMessage[]> {
  const { rows } = await client.query<UnsettledMessage>(
    `WITH ${NEWEST}
     SELECT business_key AS "businessKey", institution, clearing_type AS "clearingType",
       transaction_code AS "transactionCode", state, outcome
     FROM newest WHERE outcome IS DISTINCT FROM 'accepted' ORDER BY business_key`,
    [consortium, month],
  );
  return rows;
}

type ClaimRow = Omit<ClaimFacts, 'totalFeeFen' | 'fundPaidFen' | 'accountPaidFen'> &
  Amounts<'total' | 'fund' | 'account'>;

function withAmounts<Row extends Amounts<'total' | 'fund' | 'account'>>({
  total,
  fund,
  account,
  ...row
}: Row) {
  return {
    ...row,
    totalFeeFen: fenOf(total),
    fundPaidFen: fenOf(fund),
    accountPaidFen: fenOf(account),
  };
}

function fenOf(text: string): Fen {
  return fen(BigInt(text));
}
