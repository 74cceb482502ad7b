import { z } from 'zod';
import { whole } from '../../config/values.js';
import { addDays, dateOf, type IsoDate } from '../../kernel/dates.js';
import type { ClaimFacts, PersonHistory, Stay } from '../facts.js';
import { feeClassOf } from '../fee-class.js';
import { feeClassesParam } from '../param-kinds.js';
import { defineTemplate, type EvaluationContext, type Hit, wholeLine } from '../template.js';

const params = z.discriminatedUnion('where', [
  /** Strictly between the days of admission and discharge: the claim as a whole. */
  z.strictObject({ where: z.literal('within') }),
  /** So many days before admission and after discharge, under the diagnosis of the stay: lines of some fee classes. */
  z.strictObject({
    where: z.literal('around'),
    daysBefore: whole(0, 60),
    daysAfter: whole(0, 60),
    sameDiagnosisChars: whole(1, 7),
    feeClasses: feeClassesParam,
  }),
]);
type Params = z.infer<typeof params>;
type Around = Extract<Params, { where: 'around' }>;

const POOLED = 0;

/**
 * Outpatient claims paid by the pooled fund beside a stay of the same person at any member: during it (住院期间门诊统筹结算), or shortly
 * before or after it (住院费用转门诊). Which kinds of outpatient care are looked at is the rule's `scenes`.
 */
export const outpatientNearStay = defineTemplate<Params>({
  name: 'outpatient-near-stay',
  params,
  trigger: 'claims',
  codes: () => [],
  suspects: (limits) => ({
    query: 'outpatientNearStay',
    values:
      limits.where === 'around'
        ? {
            before: limits.daysBefore,
            after: limits.daysAfter,
            chars: limits.sameDiagnosisChars,
          }
        : { before: 0, after: 0, chars: 0 },
  }),

  evaluate(person, _lines, context) {
    if (person.stays.length === 0) return [];
    const visits = person.claims.filter(isVisit);
    const { params: limits } = context;
    return limits.where === 'within'
      ? visits.flatMap((claim) => within(claim, person))
      : visits.flatMap((claim) => around(claim, person, { ...context, params: limits }));
  },
});

function isVisit({ careType, fundsFen, admittedAt }: ClaimFacts): boolean {
  if (careType === 'inpatient' || careType === 'bed-day' || admittedAt !== null) return false;
  return (fundsFen[POOLED] ?? 0n) > 0n;
}

function daysOf({ lines, settledOn }: ClaimFacts): IsoDate[] {
  return [settledOn, ...lines.map(({ chargedOn }) => chargedOn)].sort();
}

function within(claim: ClaimFacts, { stays }: PersonHistory): Hit[] {
  const days = daysOf(claim);
  const [first = '', last = ''] = [days[0], days.at(-1)];
  const stay = stays.find(
    ({ admittedAt, dischargedAt }) => first > dateOf(admittedAt) && last < dateOf(dischargedAt),
  );
  if (stay === undefined) return [];
  return [
    {
      ...hitOf(claim, stay),
      violating: [],
      violatingClaims: [{ claim, days: 1, ofDays: 1 }],
    },
  ];
}

function around(
  claim: ClaimFacts,
  { stays }: PersonHistory,
  { params: limits, tables, notApplicable }: EvaluationContext<Around>,
): Hit[] {
  const stay = stays.find((each) => isBeside(claim.settledOn, each, limits));
  if (stay === undefined) return [];
  const diagnosis = stay.claim.principalDiagnosis;
  if (diagnosis === null) {
    notApplicable('missing-principal-diagnosis', claim);
    return [];
  }
  const beginning = diagnosis.slice(0, limits.sameDiagnosisChars);
  if (!claim.diagnoses.some((code) => code.startsWith(beginning))) return [];
  const classed = claim.lines.map((line) => ({ line, feeClass: feeClassOf(line, tables) }));
  const violating = classed.flatMap(({ line, feeClass }) =>
    feeClass !== null && limits.feeClasses.includes(feeClass) ? [wholeLine(line)] : [],
  );
  if (violating.length > 0) return [{ ...hitOf(claim, stay), violating, violatingClaims: [] }];
  if (classed.some(({ feeClass }) => feeClass === null)) notApplicable('unknown-fee-class', claim);
  return [];
}

/** On the days before and on admission, or on discharge and after it. */
function isBeside(day: IsoDate, { admittedAt, dischargedAt }: Stay, limits: Around): boolean {
  const [admitted, discharged] = [dateOf(admittedAt), dateOf(dischargedAt)];
  const before = day >= addDays(admitted, -limits.daysBefore) && day <= admitted;
  return before || (day >= discharged && day <= addDays(discharged, limits.daysAfter));
}

function hitOf(claim: ClaimFacts, stay: Stay) {
  return {
    certainty: 'core',
    windowKey: `${stay.claim.key} ${claim.key}`,
    involvedLines: [],
    involvedClaims: [stay.claim],
    facts: {
      on: claim.settledOn,
      from: dateOf(stay.admittedAt),
      to: dateOf(stay.dischargedAt),
      hospital: stay.claim.institution,
      clinic: claim.institution,
    },
    point: null,
  } as const;
}
