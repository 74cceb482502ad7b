import { z } from 'zod';
import { whole, yesNo } from '../../config/values.js';
import type { SetId } from '../../knowledge/knowledge.js';
import { defineTemplate } from '../template.js';
import { courseCapHits } from '../windows/course-cap.js';
import { dayCapHits } from '../windows/day-cap.js';
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
  *codes(limits, knowledge) {
    if (limits.window !== 'day') {
      yield* knowledge.set<SetId>(limits.set).codes();
      return;
    }
    for (const { codes, limit } of knowledge.set(limits.set).points) {
      if (limit.unit === limits.unit) yield* codes;
    }
  },

  evaluate(_person, lines, { params: limits, knowledge }) {
    switch (limits.window) {
      case 'day':
        return dayCapHits(lines, knowledge.set(limits.set), limits);
      case 'rolling':
        return rollingCapHits(lines, knowledge.set(limits.set));
      case 'course':
        return courseCapHits(lines, knowledge.set(limits.set), limits);
    }
  },
});
