import { z } from 'zod';
import { isInpatient } from '../../claims/claim.js';
import { whole } from '../../config/values.js';
import { dateOf, daysBetween, type IsoDate, type IsoDateTime } from '../../kernel/dates.js';
import { type ClaimFacts, type LineFacts, minuteOf, type PersonHistory } from '../facts.js';
import {
  defineTemplate,
  type EvaluationContext,
  type Hit,
  lineHit,
  wholeLine,
} from '../template.js';

const params = z.strictObject({
  /** Charges of the stay in which the person died may be entered this late. */
  graceHours: whole(0, 240),
});
type Params = z.infer<typeof params>;

const MINUTES_PER_DAY = 1440;

/** A death: the register's, else that of a stay that ended with it. */
interface Death {
  readonly at: IsoDate | IsoDateTime;
  readonly isRegistered: boolean;
}

/**
 * Charges after death (死亡后收费). Where hours are missing the charge counts at its earliest and the death at its latest; what the missing
 * hour decides is not judged. A way of discharge may be miscoded: without a register it proves nothing about other claims than its own.
 */
export const afterDeath = defineTemplate<Params>({
  name: 'after-death',
  params,
  trigger: 'claims',
  codes: () => [],
  suspects: () => ({ query: 'ofTheDead', values: {} }),

  evaluate(person, _lines, context) {
    const death = deathOf(person);
    return death === null ? [] : person.claims.flatMap((claim) => judge(claim, death, context));
  },
});

function deathOf({ registered: { diedAt }, claims }: PersonHistory): Death | null {
  if (diedAt !== null) return { at: diedAt, isRegistered: true };
  const ends = claims.flatMap(({ dischargeMode, dischargedAt }) =>
    dischargeMode === 'died' && dischargedAt !== null ? [dischargedAt] : [],
  );
  const [at] = ends.sort();
  return at === undefined ? null : { at, isRegistered: false };
}

function judge(
  claim: ClaimFacts,
  { at, isRegistered }: Death,
  { params: { graceHours }, notApplicable }: EvaluationContext<Params>,
): Hit[] {
  const isLastStay = diedDuring(claim, at);
  const limit = latest(at) + (isLastStay ? graceHours * 60 : 0);
  const charged = claim.lines.filter(
    ({ eligibleFen, quantity }) => eligibleFen > 0n && quantity > 0,
  );
  const after = charged.filter((line) => earliestOf(line) > limit);
  if (charged.some((line) => earliestOf(line) <= limit && latestOf(line) > limit))
    notApplicable('missing-hour', claim);
  const [first] = after;
  if (first === undefined) return [];
  return [
    lineHit({
      windowKey: claim.key,
      violating: after.map(wholeLine),
      facts: {
        died: at.replace('T', ' '),
        source: isRegistered ? '死亡登记' : '出院方式',
        lines: after.length,
        from: after.map(({ chargedOn }) => chargedOn).sort()[0] ?? first.chargedOn,
      },
      point: null,
      ...(isRegistered || isLastStay
        ? {}
        : { class: 'SUSP' as const, certainty: 'watch' as const }),
    }),
  ];
}

function diedDuring(
  { careType, admittedAt, dischargedAt, dischargeMode }: ClaimFacts,
  at: string,
): boolean {
  if (!isInpatient(careType) || admittedAt === null) return false;
  if (dischargeMode === 'died') return true;
  const day = dateOf(at);
  return dateOf(admittedAt) <= day && (dischargedAt === null || day <= dateOf(dischargedAt));
}

/** Minutes since a fixed day. */
function earliestOf({ chargedOn, minute }: LineFacts): number {
  return daysBetween('2000-01-01', chargedOn) * MINUTES_PER_DAY + (minute ?? 0);
}

function latestOf({ chargedOn, minute }: LineFacts): number {
  return daysBetween('2000-01-01', chargedOn) * MINUTES_PER_DAY + (minute ?? MINUTES_PER_DAY - 1);
}

function latest(moment: IsoDate | IsoDateTime): number {
  return (
    daysBetween('2000-01-01', dateOf(moment)) * MINUTES_PER_DAY +
    (minuteOf(moment) ?? MINUTES_PER_DAY - 1)
  );
}
