import { z } from 'zod';
import { CARE_TYPES } from '../../claims/claim.js';
import { whole } from '../../config/values.js';
import { type Fen, fen, least, sum, toYuan } from '../../kernel/money.js';
import type { ClaimFacts } from '../facts.js';
import { visitCap } from '../tables/fund-cap.js';
import { defineTemplate, type EvaluationContext, type Hit } from '../template.js';
import { claimsByPayment, groupClaims } from '../windows/claim-order.js';
import { fenOf, pooledOf } from './fund-cap.template.js';

const params = z.strictObject({
  careTypes: z.array(z.enum(CARE_TYPES)).min(1),
  /** So many visits on one day at one member for one diagnosis are one visit split up. */
  sameDay: whole(2, 99),
  sameDiagnosisChars: whole(1, 7),
  /** More visits in a month than this are worth a look. */
  perMonth: whole(1, 99),
});
type Params = z.infer<typeof params>;
type Context = EvaluationContext<Params>;

/**
 * T15: visits that the pooled fund paid for, several on one day at one member for the same diagnosis (同日分解就诊), or very many in a
 * month (频繁门诊). Visits of one day are taken together and held against the cap of one visit, where the locality has one; without it
 * there is nothing to deduct.
 */
export const visitCount = defineTemplate<Params>({
  name: 'visit-count',
  params,
  trigger: 'claims',
  codes: () => [],
  suspects: ({ careTypes, sameDay, perMonth }) => ({
    query: 'manyVisits',
    values: { careTypes, sameDay, perMonth },
  }),

  evaluate({ claims }, _lines, context) {
    const { careTypes, sameDay, perMonth } = context.params;
    const visits = claimsByPayment(
      claims.filter((claim) => careTypes.includes(claim.careType) && pooledOf(claim) > 0n),
    );
    const days = groupClaims(visits, ({ institution, settledOn }) => `${institution} ${settledOn}`);
    const split = [...days.values()]
      .filter((ofDay) => ofDay.length >= sameDay)
      .flatMap((ofDay) => splitVisits(ofDay, context));
    const months = groupClaims(visits, ({ settledOn }) => settledOn.slice(0, 7));
    const many = [...months]
      .filter(([, ofMonth]) => ofMonth.length > perMonth)
      .map(([month, ofMonth]) => manyVisits(month, ofMonth, perMonth));
    return [...split, ...many];
  },
});

function splitVisits(ofDay: readonly ClaimFacts[], context: Context): Hit[] {
  const { sameDiagnosisChars, sameDay } = context.params;
  const known = ofDay.filter((claim) => {
    if (claim.principalDiagnosis !== null) return true;
    context.notApplicable('missing-principal-diagnosis', claim);
    return false;
  });
  const diseases = groupClaims(known, ({ principalDiagnosis }) =>
    (principalDiagnosis ?? '').slice(0, sameDiagnosisChars),
  );
  return [...diseases]
    .filter(([, visits]) => visits.length >= sameDay)
    .map(([disease, visits]) => splitHit(disease, visits, context));
}

function splitHit(disease: string, visits: readonly ClaimFacts[], context: Context): Hit {
  const [first, ...later] = visits as readonly [ClaimFacts, ...ClaimFacts[]];
  const total = sum(visits.map(pooledOf));
  const cap = capOf(first, context);
  let left = cap === null ? fen(0n) : fen(total - cap);
  const parts = later.toReversed().map((claim) => {
    const amountFen = left > 0n ? least(left, pooledOf(claim)) : fen(0n);
    left = fen(left - amountFen);
    return { claim, days: 1, ofDays: 1, amountFen };
  });
  const excess = sum(parts.map(({ amountFen }) => amountFen));
  return {
    certainty: 'core',
    ...(excess > 0n ? {} : { class: 'CLUE' as const }),
    windowKey: `${first.institution} ${first.settledOn} ${disease}`,
    violating: [],
    involvedLines: [],
    violatingClaims: parts.reverse(),
    involvedClaims: [first],
    facts: {
      what: `${first.settledOn} 在同一单位因同类诊断（${disease}）结算 ${visits.length} 次，统筹基金合计 ${toYuan(total)} 元`,
      count: visits.length,
      excess: toYuan(excess),
    },
    point: null,
  };
}

/** The lowest cap of one visit; null where the locality has none. */
function capOf(claim: ClaimFacts, { tables }: Context): Fen | null {
  const caps = tables
    .get(visitCap)
    .at(claim.careType, claim.settledOn)
    .filter(
      ({ row: { scope, pool, level } }) =>
        scope === 'visit' &&
        (pool === null || pool === claim.pool) &&
        (level === null || level === claim.level),
    )
    .map(({ row }) => fenOf(row));
  return caps.length === 0 ? null : caps.reduce((a, b) => least(a, b));
}

function manyVisits(month: string, visits: readonly ClaimFacts[], perMonth: number): Hit {
  return {
    certainty: 'watch',
    class: 'CLUE',
    windowKey: month,
    violating: [],
    involvedLines: [],
    violatingClaims: visits
      .slice(perMonth)
      .map((claim) => ({ claim, days: 1, ofDays: 1, amountFen: fen(0n) })),
    involvedClaims: visits.slice(0, perMonth),
    facts: {
      what: `${month} 门诊结算 ${visits.length} 次，多于 ${perMonth} 次`,
      count: visits.length,
      excess: '0.00',
    },
    point: null,
  };
}
