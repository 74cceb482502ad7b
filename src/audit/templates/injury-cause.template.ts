import { z } from 'zod';
import type { ClaimFacts } from '../facts.js';
import { prefixesParam, startsWithAny } from '../param-kinds.js';
import { defineTemplate, type Hit } from '../template.js';

const params = z.strictObject({
  /** Beginnings of diagnoses that are injuries. */
  injuries: prefixesParam,
  /** Beginnings of external causes in which somebody else, or an employer, may be liable. */
  liableCauses: prefixesParam,
  /** Beginnings of external causes at all. */
  causes: prefixesParam,
});
type Params = z.infer<typeof params>;

/**
 * T1 of injuries: a claim whose principal diagnosis is an injury that somebody else may have to pay for, because its cause says so or is not
 * given (工伤、第三方责任线索). Whether anybody is liable is found out by asking, so it is a clue at most.
 */
export const injuryCause = defineTemplate<Params>({
  name: 'injury-cause',
  params,
  trigger: 'claims',
  strongest: 'CLUE',
  codes: () => [],
  suspects: ({ injuries }) => ({ query: 'claimsOfDiagnoses', values: { blocks: injuries } }),

  evaluate({ claims }, _lines, { params: limits }) {
    return claims.flatMap((claim) => judge(claim, limits) ?? []);
  },
});

function judge(claim: ClaimFacts, { injuries, liableCauses, causes }: Params): Hit | null {
  const { principalDiagnosis, diagnoses } = claim;
  if (principalDiagnosis === null || !startsWithAny(principalDiagnosis, injuries)) return null;
  if (claim.fundPaidFen <= 0n) return null;
  const given = diagnoses.filter((code) => startsWithAny(code, causes));
  const liable = given.filter((code) => startsWithAny(code, liableCauses));
  if (given.length > 0 && liable.length === 0) return null;
  return {
    certainty: 'watch',
    windowKey: claim.key,
    violating: [],
    involvedLines: [],
    violatingClaims: [{ claim, days: 1, ofDays: 1 }],
    involvedClaims: [],
    facts: {
      diagnosis: principalDiagnosis,
      cause: liable.length > 0 ? `外因 ${liable.join('、')}` : '没有填写外因编码',
    },
    point: null,
  };
}
