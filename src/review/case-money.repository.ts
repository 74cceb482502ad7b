import type pg from 'pg';
import { type Fen, fen, sum } from '../kernel/money.js';
import type { Month } from '../kernel/period.js';
import type { StandingCase } from './case.repository.js';
import { NotConfirmableError } from './errors.js';
import { openMonth } from './open-month.js';
import { type FundShare, splitShares } from './part-amounts.js';
import { closedMonths } from './review.repository.js';

interface ShareRow {
  readonly deductionId: string;
  readonly institution: string;
  readonly settledBy: string;
  readonly pool: string;
  readonly funds: string[];
}

const SHARES = `
  SELECT finding_id || '.' || row_number() OVER (ORDER BY institution, settled_by, pool) AS "deductionId", institution,
    settled_by AS "settledBy", pool, ARRAY[pooled_fund_fen, critical_illness_fen, large_expense_fen, medical_aid_fen]::text[] AS funds
  FROM finding_share WHERE consortium = $1 AND month = $2 AND finding_id = $3 ORDER BY institution, settled_by, pool`;

/** Makes deductions of a confirmed case: each institution's, pool's and fund's part of the amount. @throws NotConfirmableError */
export async function deduct(
  client: pg.ClientBase,
  of: StandingCase,
  { by, reason }: { readonly by: string; readonly reason: string },
): Promise<void> {
  const { consortium, findingId, month, confirmedFen } = of;
  const { rows } = await client.query<ShareRow>(SHARES, [consortium, month, findingId]);
  const shares = rows.map(
    ({ funds }): FundShare => ({ funds: funds.map((each) => fen(BigInt(each))) }),
  );
  const held = sum(shares.flatMap(({ funds }) => funds));
  if (confirmedFen === null || confirmedFen <= 0n || confirmedFen > held)
    throw new NotConfirmableError(`疑点 ${findingId} 现有金额不足以扣款`);
  const parts = splitShares(confirmedFen, shares);
  const posting = openMonth(month, await closedMonths(client, consortium));
  for (const [index, row] of rows.entries()) {
    const funds = parts[index]?.funds ?? [];
    if (sum(funds) > 0n) await insertDeduction(client, { of, row, funds, posting, by, reason });
  }
}

interface NewDeduction {
  readonly of: StandingCase;
  readonly row: ShareRow;
  readonly funds: readonly Fen[];
  readonly posting: Month;
  readonly by: string;
  readonly reason: string;
}

async function insertDeduction(
  client: pg.ClientBase,
  { of, row, funds, posting, by, reason }: NewDeduction,
): Promise<void> {
  await client.query(
    `INSERT INTO deduction (consortium, deduction_id, finding_id, rule_id, rule_title, institution, settled_by, pool, month, amount_fen,
       pooled_fund_fen, critical_illness_fen, large_expense_fen, medical_aid_fen, confirmed_at, confirmed_by, reason)
     SELECT $1, $2, f.finding_id, f.rule_id, f.content ->> 'title', $5, $6, $7, $8, $9, $10, $11, $12, $13, now(), $14, $15
     FROM finding f WHERE f.consortium = $1 AND f.month = $3 AND f.finding_id = $4`,
    [
      ...[of.consortium, row.deductionId, of.month, of.findingId],
      ...[row.institution, row.settledBy, row.pool, posting, sum(funds).toString()],
      ...funds.map(String),
      ...[by, reason],
    ],
  );
}

/** Takes back every deduction of a case; settlement gives back what it took. @returns the fen taken back */
export async function takeBack(
  client: pg.ClientBase,
  { consortium, findingId }: { readonly consortium: string; readonly findingId: string },
  { by, reason }: { readonly by: string; readonly reason: string },
): Promise<Fen> {
  const { rows } = await client.query<{ id: string; month: Month; amount: string }>(
    `SELECT deduction_id AS id, month, amount_fen AS amount FROM deduction WHERE consortium = $1 AND finding_id = $2
     ORDER BY deduction_id FOR UPDATE`,
    [consortium, findingId],
  );
  const closed = await closedMonths(client, consortium);
  await client.query(
    `INSERT INTO deduction_reversal (consortium, deduction_id, month, amount_fen, reversed_by, reason)
     SELECT $1::text, w.id, w.month, w.amount, $5::text, $6::text
     FROM unnest($2::text[], $3::text[], $4::bigint[]) AS w (id, month, amount)`,
    [
      ...[consortium, rows.map(({ id }) => id)],
      ...[rows.map(({ month }) => openMonth(month, closed)), rows.map((row) => row.amount)],
      ...[by, reason],
    ],
  );
  return sum(rows.map((row) => fen(BigInt(row.amount))));
}

/** Confirmed cases whose money settlement has taken whole. */
export async function postedCases(
  client: pg.ClientBase,
  consortium: string,
): Promise<readonly string[]> {
  const { rows } = await client.query<{ id: string }>(
    `SELECT c.finding_id AS id FROM review_case c JOIN deduction d USING (consortium, finding_id)
     WHERE c.consortium = $1 AND c.state = 'CONFIRMED'
     GROUP BY c.finding_id HAVING bool_and(d.posted_monthly_fen + d.posted_annual_fen = d.amount_fen) ORDER BY 1`,
    [consortium],
  );
  return rows.map(({ id }) => id);
}
