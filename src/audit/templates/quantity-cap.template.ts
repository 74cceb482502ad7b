import { z } from 'zod';
import { whole, yesNo } from '../../config/values.js';
import type { KnowledgeBase, KnowledgePoint, SetId } from '../../knowledge/knowledge.js';
import { UNIT } from '../scaled.js';
import { defineTemplate } from '../template.js';
import {
  dayHoursProbe,
  dayTotalProbe,
  distinctDaysProbe,
  type LimitsByCode,
  rollingProbe,
} from '../windows/cap-probes.js';
import { courseCapHits } from '../windows/course-cap.js';
import { dayCapHits } from '../windows/day-cap.js';
import { chargedFor } from '../windows/line-groups.js';
import { rollingCapHits } from '../windows/rolling-cap.js';

const params = z.discriminatedUnion('window', [
  z.strictObject({
    window: z.literal('day'),
    set: z.literal('daily-frequency'),
    unit: z.enum(['time', 'hour']),
    groupBy: z.enum(['institution', 'person']),
    actualHours: yesNo.default(false),
  }),
  z.strictObject({ window: z.literal('rolling'), set: z.literal('cycle-frequency') }),
  z.strictObject({
    window: z.literal('course'),
    set: z.enum(['drug-course-days', 'item-course-days']),
    maxGapDays: whole(0, 366),
    sameDiagnosisChars: whole(0, 7),
  }),
]);
type Params = z.infer<typeof params>;

/**
 * T3: more of an item than a limit allows within a window: calendar day (times or hours), N rolling days, or a course of
 * treatment. Windows cross claims, months and members, as the rule says.
 */
export const quantityCap = defineTemplate<Params>({
  name: 'quantity-cap',
  params,
  trigger: 'codes',
  ownLines: true,
  *codes(limits, knowledge) {
    if (limits.window !== 'day') {
      yield* knowledge.set<SetId>(limits.set).codes();
      return;
    }
    for (const { codes, limit } of knowledge.set(limits.set).points) {
      if (limit.unit === limits.unit) yield* codes;
    }
  },

  suspectsLines(limits, knowledge, codes) {
    switch (limits.window) {
      case 'day': {
        const strictest = dayLimits(limits, knowledge, codes);
        return limits.unit === 'time'
          ? dayTotalProbe(strictest)
          : dayHoursProbe(strictest, limits.actualHours);
      }
      case 'rolling': {
        const { points } = knowledge.set(limits.set);
        return rollingProbe(
          limitsOf(points, codes, { of: ({ limit }) => limit.maxCount * UNIT, pick: Math.min }),
          limitsOf(points, codes, { of: ({ limit }) => limit.days, pick: Math.max }),
        );
      }
      case 'course': {
        const { points } = knowledge.set<'drug-course-days' | 'item-course-days'>(limits.set);
        return distinctDaysProbe(
          limitsOf(points, codes, { of: ({ limit }) => limit.maxDays, pick: Math.min }),
        );
      }
    }
  },

  evaluate(_person, lines, { params: limits, knowledge }) {
    const charged = chargedFor(lines);
    switch (limits.window) {
      case 'day':
        return dayCapHits(charged, knowledge.set(limits.set), limits);
      case 'rolling':
        return rollingCapHits(charged, knowledge.set(limits.set));
      case 'course':
        return courseCapHits(charged, knowledge.set(limits.set), limits);
    }
  },
});

function dayLimits(
  { set, unit }: Extract<Params, { window: 'day' }>,
  knowledge: KnowledgeBase,
  codes: ReadonlyMap<string, number>,
): LimitsByCode {
  const points = knowledge.set(set).points.filter(({ limit }) => limit.unit === unit);
  return limitsOf(points, codes, {
    of: ({ limit }) => limit.maxQuantity * UNIT,
    pick: Math.min,
  });
}

/** One number for each code: of all that any of its points says, the one picked. */
function limitsOf<S extends SetId>(
  points: readonly KnowledgePoint<S>[],
  codes: ReadonlyMap<string, number>,
  { of, pick }: { of(point: KnowledgePoint<S>): number; pick(a: number, b: number): number },
): LimitsByCode {
  const limits = new Float64Array(codes.size + 1);
  for (const point of points) {
    for (const code of point.codes) {
      const at = codes.get(code) ?? 0;
      const known = limits[at] ?? 0;
      limits[at] = known === 0 ? of(point) : pick(known, of(point));
    }
  }
  return limits;
}
