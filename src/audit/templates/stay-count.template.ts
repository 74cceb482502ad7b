import { z } from 'zod';
import { whole } from '../../config/values.js';
import { addDays, dateOf } from '../../kernel/dates.js';
import type { Stay } from '../facts.js';
import { prefixesParam, startsWithAny } from '../param-kinds.js';
import { defineTemplate, type Hit } from '../template.js';

const params = z.strictObject({
  /** So many admissions within so many days, the day of the last one included. */
  windows: z.array(z.strictObject({ stays: whole(2, 99), days: whole(1, 1100) })).min(1),
  /** Stays under these principal diagnoses are not counted. */
  exceptDiagnoses: prefixesParam,
});
type Params = z.infer<typeof params>;

/**
 * T15 on stays: many admissions of one person within a window (频繁住院). The admission with which a number is reached carries the finding;
 * further ones within the same run of stays do not repeat it.
 */
export const stayCount = defineTemplate<Params>({
  name: 'stay-count',
  params,
  trigger: 'stays',
  codes: () => [],

  evaluate({ stays }, _lines, { params: { windows, exceptDiagnoses } }) {
    const counted = stays.filter(
      ({ claim: { principalDiagnosis } }) =>
        principalDiagnosis === null || !startsWithAny(principalDiagnosis, exceptDiagnoses),
    );
    return windows.flatMap((window) => reached(counted, window));
  },
});

function reached(
  stays: readonly Stay[],
  { stays: wanted, days }: Params['windows'][number],
): Hit[] {
  const hits: Hit[] = [];
  let before = 0;
  for (const [index, stay] of stays.entries()) {
    const since = addDays(dateOf(stay.admittedAt), 1 - days);
    const within = stays.slice(0, index + 1).filter((each) => dateOf(each.admittedAt) >= since);
    if (within.length >= wanted && before < wanted) hits.push(hitOf(within, stay, days));
    before = within.length;
  }
  return hits;
}

function hitOf(within: readonly Stay[], last: Stay, days: number): Hit {
  const institutions = new Set(within.map(({ claim }) => claim.institution));
  return {
    certainty: 'core',
    windowKey: `${days} ${last.claim.key}`,
    violating: [],
    involvedLines: [],
    violatingClaims: [{ claim: last.claim, days: 1, ofDays: 1 }],
    involvedClaims: within.slice(0, -1).map(({ claim }) => claim),
    facts: {
      count: within.length,
      days,
      from: dateOf(within[0]?.admittedAt ?? last.admittedAt),
      to: dateOf(last.admittedAt),
      institutions: institutions.size,
    },
    point: null,
  };
}
