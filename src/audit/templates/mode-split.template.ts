import { z } from 'zod';
import { whole } from '../../config/values.js';
import { dateOf, daysBetween } from '../../kernel/dates.js';
import type { ClaimFacts } from '../facts.js';
import { defineTemplate, type Hit } from '../template.js';

const params = z.strictObject({
  /** At most this many days between the end of one and the beginning of the other. */
  gapDays: whole(0, 30),
  sameDiagnosisChars: whole(1, 7),
});
type Params = z.infer<typeof params>;

/** One episode at one institution charged partly by bed-day, partly as a case (床日与病种拆分). A panel sets the amount. */
export const modeSplit = defineTemplate<Params>({
  name: 'mode-split',
  params,
  trigger: 'claims',
  codes: () => [],
  suspects: () => ({ query: 'staysOfBothModes', values: {} }),

  evaluate({ claims }, _lines, { params: limits, notApplicable }) {
    const lying = claims
      .filter(({ careType }) => careType === 'inpatient' || careType === 'bed-day')
      .filter(({ admittedAt, dischargedAt }) => admittedAt !== null && dischargedAt !== null)
      .sort(byAdmission);
    return lying.flatMap((later, index) =>
      lying.slice(0, index).flatMap((earlier) => {
        if (!isSplit(earlier, later, limits)) return [];
        const codes = [earlier.principalDiagnosis, later.principalDiagnosis];
        if (codes.includes(null)) notApplicable('missing-principal-diagnosis', later);
        const [a = null, b = null] = codes.map((code) => code?.slice(0, limits.sameDiagnosisChars));
        return a !== null && a === b ? [hitOf(earlier, later)] : [];
      }),
    );
  },
});

function byAdmission(a: ClaimFacts, b: ClaimFacts): number {
  const [x, y] = [`${a.admittedAt} ${a.key}`, `${b.admittedAt} ${b.key}`];
  return x < y ? -1 : x > y ? 1 : 0;
}

function isSplit(earlier: ClaimFacts, later: ClaimFacts, { gapDays }: Params): boolean {
  if (earlier.institution !== later.institution || earlier.careType === later.careType)
    return false;
  const gap = daysBetween(dateOf(earlier.dischargedAt ?? ''), dateOf(later.admittedAt ?? ''));
  return gap >= 0 && gap <= gapDays;
}

function hitOf(earlier: ClaimFacts, later: ClaimFacts): Hit {
  return {
    certainty: 'core',
    windowKey: `${earlier.key} ${later.key}`,
    violating: [],
    involvedLines: [],
    violatingClaims: [{ claim: later, days: 1, ofDays: 1 }],
    involvedClaims: [earlier],
    awaitsPanel: true,
    facts: {
      from: dateOf(earlier.dischargedAt ?? ''),
      to: dateOf(later.admittedAt ?? ''),
      diagnosis: later.principalDiagnosis ?? '',
    },
    point: null,
  };
}
