import { z } from 'zod';
import { whole } from '../../config/values.js';
import { dateOf, daysBetween } from '../../kernel/dates.js';
import { minuteOf, type Stay } from '../facts.js';
import { defineTemplate, type Hit } from '../template.js';

const params = z.strictObject({
  /** An intersection up to this long is a transfer or a late discharge entry. */
  toleranceHours: whole(0, 240),
});
type Params = z.infer<typeof params>;

const MINUTES_PER_DAY = 1440;

/**
 * T13: two stays of one person at different institutions overlap (住院时间重叠). Where both sides give hours the intersection is in
 * hours, else in days. The later admission carries the finding; its overlapping days are at stake.
 */
export const intervalOverlap = defineTemplate<Params>({
  name: 'interval-overlap',
  params,
  trigger: 'stays',
  codes: () => [],

  evaluate({ stays }, _lines, { params: { toleranceHours } }) {
    const hits: Hit[] = [];
    for (const [index, stay] of stays.entries()) {
      for (const earlier of stays.slice(0, index)) {
        if (earlier.claim.institution === stay.claim.institution) continue;
        const minutes = overlapMinutes(earlier, stay);
        if (minutes > toleranceHours * 60) hits.push(overlapHit(earlier, stay, minutes));
      }
    }
    return hits;
  },
});

function overlapMinutes(earlier: Stay, stay: Stay): number {
  const end = minutesAt(earlier.dischargedAt) < minutesAt(stay.dischargedAt) ? earlier : stay;
  const known = minuteOf(end.dischargedAt) !== null && minuteOf(stay.admittedAt) !== null;
  if (known) return minutesAt(end.dischargedAt) - minutesAt(stay.admittedAt);
  return daysBetween(dateOf(stay.admittedAt), dateOf(end.dischargedAt)) * MINUTES_PER_DAY;
}

/** Minutes since a fixed day; a bare date counts from midnight. */
function minutesAt(moment: string): number {
  return daysBetween('2000-01-01', dateOf(moment)) * MINUTES_PER_DAY + (minuteOf(moment) ?? 0);
}

function overlapHit(earlier: Stay, stay: Stay, minutes: number): Hit {
  const ofDays = Math.max(1, daysBetween(dateOf(stay.admittedAt), dateOf(stay.dischargedAt)));
  const days = Math.min(ofDays, Math.max(1, Math.trunc(minutes / MINUTES_PER_DAY)));
  return {
    certainty: 'core',
    windowKey: `${earlier.claim.key} ${stay.claim.key}`,
    violating: [],
    involvedLines: [],
    violatingClaims: [{ claim: stay.claim, days, ofDays }],
    involvedClaims: [earlier.claim],
    facts: {
      days,
      hours: Math.trunc(minutes / 60),
      from: dateOf(stay.admittedAt),
      to: dateOf(stay.dischargedAt),
      earlier: earlier.claim.institution,
      earlierFrom: dateOf(earlier.admittedAt),
      earlierTo: dateOf(earlier.dischargedAt),
      later: stay.claim.institution,
    },
    point: null,
  };
}
