import { z } from 'zod';
import { whole } from '../../config/values.js';
import { sum } from '../../kernel/money.js';
import type { ClaimFacts } from '../facts.js';
import type { ClaimTotals } from '../pass/probe.js';
import { productDiffers } from '../scaled.js';
import type { RowCheck } from '../screen/row-check.js';
import { defineTemplate, type Hit } from '../template.js';

const CHECKS = ['line-product', 'line-sum', 'fund-sum', 'payer-sum', 'date-order'] as const;

const params = z.strictObject({
  checks: z.array(z.enum(CHECKS)).min(1),
  /** Allowed difference of quantity × price and amount, fen. */
  productToleranceFen: whole(0, 100),
});
type Params = z.infer<typeof params>;

const LABELS = {
  'line-product': '数量×单价≠金额',
  'line-sum': '明细合计≠医疗费总额',
  'fund-sum': '各项基金之和≠基金支付总额',
  'payer-sum': '基金、个人账户与现金之和≠医疗费总额',
  'date-order': '日期先后颠倒',
} as const satisfies Record<(typeof CHECKS)[number], string>;

/**
 * The gate: figures of a claim that contradict each other (结算清单、明细信息异常). Looks at claims as they came, refunds included. A
 * claim it returns is held back from every other rule: bad data is corrected, not judged.
 */
export const claimConsistency = defineTemplate<Params>({
  name: 'claim-consistency',
  params,
  trigger: 'raw-claims',
  codes: () => null,
  rowChecks: ({ checks, productToleranceFen }) =>
    checks.includes('line-product') ? [lineProduct(productToleranceFen)] : [],

  suspectsClaim:
    ({ checks }) =>
    (claim) =>
      claim.lines === 0 || checks.some((check) => mayFail(claim, check)),

  evaluate({ claims }, _lines, { params: limits, notApplicable }) {
    const hits: Hit[] = [];
    for (const claim of claims) {
      if (claim.lines.length === 0) notApplicable('missing-lines', claim);
      const failed = limits.checks.filter(
        (check) => !passes(claim, check, limits.productToleranceFen),
      );
      if (failed.length > 0) hits.push(returned(claim, failed));
    }
    return hits;
  },
});

function lineProduct(toleranceFen: number): RowCheck {
  return {
    ...{ codes: null, effectiveFrom: null, effectiveUntil: null, withinScope: false },
    profile: () => 'hit',
    tests: [{ kind: 'product-differs', toleranceFen }],
  };
}

/** Sums of doubles are exact up to here; a claim beyond is looked at. */
const EXACT_FEN = 4e15;

/** The same checks on sums; lines one by one are the compiled function's part. */
function mayFail(claim: ClaimTotals, check: (typeof CHECKS)[number]): boolean {
  switch (check) {
    case 'line-product':
      return false;
    case 'line-sum':
      return claim.linesFen !== claim.totalFeeFen || Math.abs(claim.linesFen) > EXACT_FEN;
    case 'fund-sum':
      return claim.fundsFen !== claim.fundPaidFen;
    case 'payer-sum':
      return claim.fundPaidFen + claim.accountPaidFen + claim.cashPaidFen !== claim.totalFeeFen;
    case 'date-order':
      return !claim.datesInOrder;
  }
}

function passes(claim: ClaimFacts, check: (typeof CHECKS)[number], toleranceFen: number): boolean {
  switch (check) {
    case 'line-product':
      return !claim.lines.some(({ quantity, unitPrice, amountFen }) =>
        productDiffers(quantity, unitPrice, Number(amountFen), toleranceFen),
      );
    case 'line-sum':
      return (
        claim.lines.length === 0 ||
        sum(claim.lines.map(({ amountFen }) => amountFen)) === claim.totalFeeFen
      );
    case 'fund-sum':
      return sum(claim.fundsFen) === claim.fundPaidFen;
    case 'payer-sum':
      return (
        sum([claim.fundPaidFen, claim.accountPaidFen, claim.cashPaidFen]) === claim.totalFeeFen
      );
    case 'date-order':
      return datesInOrder(claim);
  }
}

export function datesInOrder({
  admittedAt,
  dischargedAt,
  birthDate,
  settledOn,
}: Pick<ClaimFacts, 'admittedAt' | 'dischargedAt' | 'birthDate' | 'settledOn'>): boolean {
  if (birthDate !== null && birthDate > settledOn) return false;
  if (admittedAt === null || dischargedAt === null) return true;
  const length = Math.min(admittedAt.length, dischargedAt.length);
  return admittedAt.slice(0, length) <= dischargedAt.slice(0, length);
}

function returned(claim: ClaimFacts, failed: readonly (typeof CHECKS)[number][]): Hit {
  return {
    certainty: 'core',
    windowKey: failed.join(' '),
    violating: [],
    involvedLines: [],
    violatingClaims: [{ claim, days: 1, ofDays: 1 }],
    involvedClaims: [],
    facts: { failed: failed.map((check) => LABELS[check]).join('；') },
    point: null,
  };
}
