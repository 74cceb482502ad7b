import { z } from 'zod';
import { isInpatient } from '../../claims/claim.js';
import { whole } from '../../config/values.js';
import { dateOf, daysBetween } from '../../kernel/dates.js';
import type { LineFacts } from '../facts.js';
import {
  defineTemplate,
  type EvaluationContext,
  type Hit,
  lineHit,
  wholeLine,
} from '../template.js';

const HOURS_A_DAY = 24;

const params = z.strictObject({
  /** Days before admission on which care for the stay may be charged. */
  preAdmissionDays: whole(0, 31),
  /** Days after discharge on which care may be given. */
  postDischargeDays: whole(0, 31),
  /** How late a charge may be posted; dates are compared, so begun days count. */
  postingLagHours: whole(0, 744),
});
type Params = z.infer<typeof params>;

/** T7: a charge dated outside the stay it is charged to (计费日期不在住院期间). */
export const dateContainment = defineTemplate<Params>({
  name: 'date-containment',
  params,
  trigger: 'codes',
  codes: () => null,
  rowChecks: (limits) => [
    {
      codes: null,
      ...{ effectiveFrom: null, effectiveUntil: null, withinScope: true },
      profile: ({ careType }) => (isInpatient(careType) ? 'hit' : 'fits'),
      tests: [
        {
          kind: 'outside-stay',
          daysBefore: limits.preAdmissionDays,
          daysAfter: daysAfter(limits),
        },
      ],
    },
  ],

  evaluate(_person, lines, context) {
    return lines
      .filter(({ eligibleFen, claim }) => eligibleFen > 0n && isInpatient(claim.careType))
      .flatMap((line) => judge(line, context) ?? []);
  },
});

function daysAfter({ postDischargeDays, postingLagHours }: Params): number {
  return postDischargeDays + Math.ceil(postingLagHours / HOURS_A_DAY);
}

function judge(
  line: LineFacts,
  { params: limits, notApplicable }: EvaluationContext<Params>,
): Hit | null {
  const { admittedAt, dischargedAt } = line.claim;
  if (admittedAt === null || dischargedAt === null) {
    notApplicable('missing-stay-dates', line.claim);
    return null;
  }
  const [admitted, discharged] = [dateOf(admittedAt), dateOf(dischargedAt)];
  const before = daysBetween(line.chargedOn, admitted);
  const after = daysBetween(discharged, line.chargedOn);
  if (before <= limits.preAdmissionDays && after <= daysAfter(limits)) return null;
  return lineHit({
    windowKey: line.chargedOn,
    violating: [wholeLine(line)],
    facts: {
      ...{ item: line.itemName, on: line.chargedOn, admitted, discharged },
      outside: before > 0 ? `早于入院 ${before} 天` : `晚于出院 ${after} 天`,
    },
    point: null,
  });
}
