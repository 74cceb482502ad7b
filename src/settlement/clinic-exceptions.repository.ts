import type pg from 'pg';
import type { Pool } from '../claims/claim.js';
import { fen, toYuan } from '../kernel/money.js';
import type { Month } from '../kernel/period.js';
import type { PolicyAt } from '../policy/policy.js';
import { knows } from './assessed.js';

const SCOPE = 'clinic.scope';

/** Claims of a village clinic that its region does not provide for (村卫生室例外). Yuan text. */
export interface ClinicException {
  readonly clinic: string;
  readonly settledBy: string;
  readonly pool: Pool;
  readonly careType: string;
  readonly claims: number;
  readonly pooledFundPaid: string;
  /** `own-settlement`: not merged with its township centre; `outside-scope`: another pool or care than it may offer. */
  readonly why: 'own-settlement' | 'outside-scope';
}

export interface ClinicQuestion {
  readonly consortium: string;
  readonly month: Month;
  readonly policy: PolicyAt;
}

interface Row extends Omit<ClinicException, 'claims' | 'pooledFundPaid'> {
  readonly claims: string;
  readonly amount: string;
}

/**
 * What village clinics claimed beside what they may offer, or settled on their own. Null where the region does not limit them.
 *
 * @source ganyu-2025-1 §三(三)5   resident outpatient pooling only; one settlement unit with the township centre
 */
export async function readClinicExceptions(
  client: pg.ClientBase | pg.Pool,
  { consortium, month, policy }: ClinicQuestion,
): Promise<readonly ClinicException[] | null> {
  if (!knows(policy, SCOPE)) return null;
  const allowed = policy.table(SCOPE);
  const { rows } = await client.query<Row>(
    `SELECT c.institution AS clinic, c.settled_by AS "settledBy", c.pool, c.care_type AS "careType", count(*) AS claims,
       sum(c.pooled_fund_paid_fen)::text AS amount,
       CASE WHEN c.settled_by = c.institution THEN 'own-settlement' ELSE 'outside-scope' END AS why
     FROM claim c
     WHERE c.consortium = $1 AND c.period = $2 AND c.level = 'village'
       AND (c.settled_by = c.institution OR NOT EXISTS (
         SELECT FROM unnest($3::text[], $4::text[]) AS a(pool, care_type) WHERE a.pool = c.pool AND a.care_type = c.care_type))
     GROUP BY c.institution, c.settled_by, c.pool, c.care_type
     ORDER BY c.institution COLLATE "C", c.pool COLLATE "C", c.care_type COLLATE "C"`,
    [
      consortium,
      month,
      allowed.map((row) => row['pool'] ?? ''),
      allowed.map((row) => row['care-type'] ?? ''),
    ],
  );
  return rows.map(({ claims, amount, ...row }) => ({
    ...row,
    claims: Number(claims),
    pooledFundPaid: toYuan(fen(BigInt(amount))),
  }));
}
