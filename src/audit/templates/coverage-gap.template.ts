import { z } from 'zod';
import { whole } from '../../config/values.js';
import { addDays, daysBetween, type IsoDate } from '../../kernel/dates.js';
import type { ClaimFacts, LineFacts } from '../facts.js';
import { isWithin, type Span } from '../registers.js';
import { defineTemplate, type Hit, lineHit, wholeLine } from '../template.js';

const params = z.strictObject({
  /** Days after the end of a period in which charges still count. */
  graceDays: whole(0, 366),
  /** So many days after birth are covered by an enrolment that comes later. */
  newbornDays: whole(0, 366),
});
type Params = z.infer<typeof params>;

/** Charges on days that lie in none of the person's periods of insurance (非参保期费用). Who is not in the register is not judged. */
export const coverageGap = defineTemplate<Params>({
  name: 'coverage-gap',
  params,
  trigger: 'claims',
  needs: () => ({ registers: ['coverage'] }),
  codes: () => [],
  suspects: ({ graceDays }) => ({
    query: 'outsideCoverage',
    values: { graceDays },
    unjudged: { query: 'notInCoverage', reason: 'not-in-register' },
  }),

  evaluate({ claims, registered: { coverage } }, _lines, { params: limits, notApplicable }) {
    if (coverage.length > 0) return claims.flatMap((claim) => uncovered(claim, coverage, limits));
    for (const claim of claims) notApplicable('not-in-register', claim);
    return [];
  },
});

/** One hit a claim: its charges outside. */
function uncovered(claim: ClaimFacts, coverage: readonly Span[], limits: Params): Hit[] {
  const outside = claim.lines.filter(
    (line) => line.eligibleFen > 0n && line.quantity > 0 && !isCovered(line, coverage, limits),
  );
  const days = outside.map(({ chargedOn }) => chargedOn).sort();
  const [from] = days;
  if (from === undefined) return [];
  return [
    lineHit({
      windowKey: claim.key,
      violating: outside.map(wholeLine),
      facts: {
        from,
        to: days.at(-1) ?? from,
        lines: outside.length,
        ends: endBefore(coverage, from),
      },
      point: null,
    }),
  ];
}

function isCovered(
  { chargedOn, claim: { birthDate } }: LineFacts,
  coverage: readonly Span[],
  { graceDays, newbornDays }: Params,
): boolean {
  const age = birthDate === null ? null : daysBetween(birthDate, chargedOn);
  if (age !== null && age >= 0 && age <= newbornDays) return true;
  return coverage.some(({ from, until }) =>
    isWithin({ from, until: until === null ? null : addDays(until, graceDays) }, chargedOn),
  );
}

/** The last day covered before a day; empty: never was. */
function endBefore(coverage: readonly Span[], day: IsoDate): string {
  const ends = coverage.flatMap(({ until }) => (until !== null && until <= day ? [until] : []));
  const last = ends.sort().at(-1);
  return last === undefined ? '此前未参保' : `参保至 ${addDays(last, -1)}`;
}
