import { z } from 'zod';
import { whole } from '../../config/values.js';
import { dateOf, daysBetween } from '../../kernel/dates.js';
import type { PersonHistory, Stay } from '../facts.js';
import { mergedPart } from '../group-standards.js';
import { defineTemplate, type EvaluationContext, type Hit } from '../template.js';

const days = whole(0, 366);

const params = z.strictObject({
  /** At most this many days apart: expected to be one episode. */
  coreDays: days,
  /** At most this many: worth a look. */
  watchDays: days,
  sameDiagnosisChars: whole(1, 7),
  /** Whether the two stays are of one member or of two. */
  between: z.enum(['same-member', 'different-members']),
});
type Params = z.infer<typeof params>;

/**
 * T12: two stays of one person a short time apart under the same diagnosis (分解住院；医共体内拆分住院). Each stay is held against the
 * nearest earlier one. A gap below 0 is an overlap: another template's business.
 */
export const stayInterval = defineTemplate<Params>({
  name: 'stay-interval',
  params,
  trigger: 'stays',
  codes: () => [],

  evaluate({ stays }: PersonHistory, _lines, context) {
    const hits: Hit[] = [];
    for (const [index, stay] of stays.entries()) {
      for (const earlier of stays.slice(0, index).reverse()) {
        const hit = compare(earlier, stay, context);
        if (hit === null) continue;
        hits.push(hit);
        break;
      }
    }
    return hits;
  },
});

function compare(earlier: Stay, stay: Stay, context: EvaluationContext<Params>): Hit | null {
  const { params: limits, notApplicable } = context;
  const gap = daysBetween(dateOf(earlier.dischargedAt), dateOf(stay.admittedAt));
  const sameMember = earlier.claim.institution === stay.claim.institution;
  if (gap < 0 || gap > limits.watchDays) return null;
  if (sameMember !== (limits.between === 'same-member')) return null;
  const [before, after] = [earlier.claim.principalDiagnosis, stay.claim.principalDiagnosis];
  if (before === null || after === null) {
    notApplicable('missing-principal-diagnosis', stay.claim);
    return null;
  }
  const chars = limits.sameDiagnosisChars;
  if (before.slice(0, chars) !== after.slice(0, chars)) return null;
  return {
    certainty: gap <= limits.coreDays ? 'core' : 'watch',
    windowKey: `${earlier.claim.key} ${stay.claim.key}`,
    violating: [],
    involvedLines: [],
    ...mergedPart(earlier.claim, stay.claim, context),
    involvedClaims: [earlier.claim],
    facts: {
      gap,
      from: dateOf(earlier.dischargedAt),
      to: dateOf(stay.admittedAt),
      earlier: earlier.claim.institution,
      later: stay.claim.institution,
      diagnosis: after,
    },
    point: null,
  };
}
