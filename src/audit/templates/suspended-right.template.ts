import { z } from 'zod';
import { CARE_TYPES } from '../../claims/claim.js';
import type { ClaimFacts } from '../facts.js';
import { isWithin, type SuspendedRight } from '../registers.js';
import {
  defineTemplate,
  type EvaluationContext,
  type Hit,
  lineHit,
  wholeLine,
} from '../template.js';

const params = z.strictObject({
  /** Emergencies, which the doctor treats all the same. */
  exceptCareTypes: z.array(z.enum(CARE_TYPES)),
});
type Params = z.infer<typeof params>;

/** Work of a doctor whose payment right was suspended or ended on the day (医师支付资格异常), by claim and doctor. */
export const suspendedRights = defineTemplate<Params>({
  name: 'suspended-right',
  params,
  trigger: 'claims',
  needs: () => ({ registers: ['doctor-rights'] }),
  codes: () => [],
  suspects: ({ exceptCareTypes }) => ({
    query: 'ofSuspendedDoctors',
    values: { exceptCareTypes },
    unjudged: { query: 'withoutDoctor', reason: 'missing-doctor' },
  }),

  evaluate({ claims }, _lines, context) {
    return claims
      .filter(({ careType }) => !context.params.exceptCareTypes.includes(careType))
      .flatMap((claim) => judge(claim, context));
  },
});

function judge(
  claim: ClaimFacts,
  { registers: { suspendedRights: rights }, notApplicable }: EvaluationContext<Params>,
): Hit[] {
  const charged = claim.lines.filter(
    ({ eligibleFen, quantity }) => eligibleFen > 0n && quantity > 0,
  );
  if (charged.some(({ doctor }) => doctor === null)) notApplicable('missing-doctor', claim);
  const doctors = new Set(charged.flatMap(({ doctor }) => doctor ?? []));
  return [...doctors].flatMap((doctor) => {
    const given = charged.filter((line) => line.doctor === doctor);
    return (rights.get(doctor) ?? []).flatMap((right) => {
      const violating = given.filter(({ chargedOn }) => isWithin(right, chargedOn));
      return violating.length === 0 ? [] : hitOf(claim, right, violating);
    });
  });
}

function hitOf(claim: ClaimFacts, right: SuspendedRight, violating: ClaimFacts['lines']): Hit {
  const { doctor, from, until, document } = right;
  return lineHit({
    windowKey: `${claim.key} ${doctor} ${from}`,
    violating: violating.map(wholeLine),
    facts: { doctor, from, until: until ?? '长期', document, lines: violating.length },
    point: null,
  });
}
