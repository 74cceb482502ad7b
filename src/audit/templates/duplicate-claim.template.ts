import { z } from 'zod';
import { isInpatient } from '../../claims/claim.js';
import type { ClaimFacts } from '../facts.js';
import { defineTemplate, type Hit } from '../template.js';

const params = z.strictObject({});
type Params = z.infer<typeof params>;

/**
 * One service settled twice (重复申报): same person, institution, care type and dates, and line for line the same. The later settlement is
 * at stake. Two visits of a day may be alike: outside of stays the lines have to show an hour, a prescription or a trace code.
 */
export const duplicateClaim = defineTemplate<Params>({
  name: 'duplicate-claim',
  params,
  trigger: 'claims',
  codes: () => [],
  suspects: () => ({ query: 'equalClaims', values: {} }),

  evaluate({ claims }, _lines, { notApplicable }) {
    const hits: Hit[] = [];
    const earlier = new Map<string, ClaimFacts>();
    for (const claim of claims.toSorted(bySettlement)) {
      if (claim.fundPaidFen <= 0n) continue;
      const key = `${datesOf(claim)} ${claim.totalFeeFen} ${linesOf(claim)}`;
      const first = earlier.get(key);
      if (first === undefined) earlier.set(key, claim);
      else if (claim.lines.length === 0) notApplicable('missing-lines', claim);
      else if (!isTellable(claim)) notApplicable('missing-hour', claim);
      else hits.push(hitOf(first, claim));
    }
    return hits;
  },
});

function bySettlement(a: ClaimFacts, b: ClaimFacts): number {
  return `${a.settledOn} ${a.key}` < `${b.settledOn} ${b.key}` ? -1 : 1;
}

/** A stay by its ends; anything else by the day of its settlement. */
function datesOf({
  institution,
  careType,
  admittedAt,
  dischargedAt,
  settledOn,
}: ClaimFacts): string {
  const dates = admittedAt === null ? settledOn : `${admittedAt} ${dischargedAt}`;
  return `${institution} ${careType} ${dates}`;
}

/** Independent of the order and the numbers of the lines. */
function linesOf({ lines }: ClaimFacts): string {
  return lines
    .map((line) =>
      JSON.stringify([
        ...[line.chargedOn, line.minute, line.itemCode ?? line.itemName, line.quantity],
        ...[line.unitPrice, String(line.amountFen), line.prescriptionNo, line.traceCodes],
      ]),
    )
    .sort()
    .join();
}

function isTellable({ careType, lines }: ClaimFacts): boolean {
  return (
    isInpatient(careType) ||
    lines.some(
      ({ minute, prescriptionNo, traceCodes }) =>
        minute !== null || prescriptionNo !== null || traceCodes.length > 0,
    )
  );
}

function hitOf(first: ClaimFacts, claim: ClaimFacts): Hit {
  return {
    certainty: 'core',
    windowKey: `${first.key} ${claim.key}`,
    violating: [],
    involvedLines: [],
    violatingClaims: [{ claim, days: 1, ofDays: 1 }],
    involvedClaims: [first],
    facts: {
      first: first.claimNo,
      firstOn: first.settledOn,
      on: claim.settledOn,
      lines: claim.lines.length,
    },
    point: null,
  };
}
