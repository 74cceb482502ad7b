import type { Claim } from '../../claims/claim.js';
import { decimal } from '../../kernel/decimal.js';
import { greatest, subtract, times, yuan, ZERO_FEN } from '../../kernel/money.js';
import type { PolicyAt } from '../../policy/policy.js';
import { type BenefitFinding, keyOf, standing } from './benefit-finding.js';

const RATES = 'reimbursement.rates';

/** Parameters the check reads. */
export const RATE_NEEDS = [RATES] as const;

/** What the check found, and what it could say nothing of. */
interface RateCheck {
  readonly findings: readonly BenefitFinding[];
  readonly checked: number;
  /** Records of a care type in the table, without a row for their pool and level. */
  readonly unrated: number;
}

/**
 * Long psychiatric, nursing and rehabilitation stays, and outpatient care, are reimbursed by the member's own level (按成员单位等级报销):
 *
 *     pooled fund = max(0, eligible − deductible) × rate of care type, pool and level, rounded half-up
 *
 * @source jilin-2025-13 §三(一)
 */
export function rateCheck(claims: readonly Claim[], policy: PolicyAt): RateCheck {
  const table = policy.table(RATES);
  const types = new Set(table.map((row) => row['care-type']));
  const concerned = standing(claims).filter(({ careType }) => types.has(careType));
  const rated = concerned.flatMap((claim) => {
    const rate = rateOf(claim, table);
    return rate === null ? [] : [{ claim, rate }];
  });
  return {
    findings: rated.flatMap((each) => findingOf(each, policy)),
    checked: rated.length,
    unrated: concerned.length - rated.length,
  };
}

type Table = ReturnType<PolicyAt['table']>;

function rateOf({ careType, pool, level }: Claim, table: Table): string | null {
  const row = table.find(
    (each) => each['care-type'] === careType && each['pool'] === pool && each['level'] === level,
  );
  return row?.['rate'] ?? null;
}

interface Rated {
  readonly claim: Claim;
  readonly rate: string;
}

function findingOf({ claim, rate }: Rated, policy: PolicyAt): readonly BenefitFinding[] {
  const base = greatest(subtract(yuan(claim.eligible), yuan(claim.deductible)), ZERO_FEN);
  const expected = times(base, decimal(rate), 'half-up');
  const found = yuan(claim.pooledFundPaid);
  if (found === expected) return [];
  const { clause, rows } = policy.parameter(RATES);
  const what = `统筹基金支付（范围内费用 − 起付线）× ${rate}`;
  return [{ row: rows[0] ?? '', clause, claims: [keyOf(claim)], what, expected, found }];
}
