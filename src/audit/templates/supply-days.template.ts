import { z } from 'zod';
import { CARE_TYPES } from '../../claims/claim.js';
import { whole } from '../../config/values.js';
import type { LineFacts } from '../facts.js';
import type { LineWatch } from '../pass/line-watch.js';
import { quantityText } from '../scaled.js';
import { ROW } from '../screen/positional-row.js';
import { defineTemplate, type Hit, lineHit } from '../template.js';
import { DaysOfSupply } from '../watches/days-of-supply.js';
import { SingleLines } from '../watches/single-lines.js';
import { latestUnits } from '../windows/latest-units.js';

const params = z.strictObject({
  /** Most days of a drug one claim may hand out, by care type; a care type that is not named is not looked at. */
  maxDays: z
    .partialRecord(z.enum(CARE_TYPES), whole(1, 366))
    .refine((given) => Object.keys(given).length > 0, '至少写一种就诊类别'),
});
type Params = z.infer<typeof params>;

/** T3 in days of supply: a drug was handed out for more days than may be paid at once; units beyond them in proportion (超最大支付天数). */
export const supplyDays = defineTemplate<Params>({
  name: 'supply-days',
  params,
  trigger: 'claims',
  codes: () => [],
  watch: ({ maxDays }) => longSupply(maxDays),

  evaluate({ claims }, _lines, context) {
    return claims.flatMap((claim) => {
      const limit = context.params.maxDays[claim.careType];
      if (limit === undefined) return [];
      const drugs = claim.lines.filter(({ kind }) => kind === 'drug');
      if (drugs.some(({ daysSupply }) => daysSupply === null))
        context.notApplicable('missing-days-supply', claim);
      return drugs.flatMap((line) => beyond(line, limit) ?? []);
    });
  },
});

function longSupply(maxDays: Params['maxDays']): LineWatch {
  return {
    key: `longSupply ${JSON.stringify(maxDays)}`,
    kinds: ['drug'],
    concerns: ({ careType }) => maxDays[careType] !== undefined,
    start({ profiles }) {
      const limits = new Float64Array(profiles.size);
      for (const [profile, { careType }] of profiles.all())
        limits[profile] = maxDays[careType] ?? Number.POSITIVE_INFINITY;
      const isLong = (row: Float64Array): boolean =>
        (row[ROW.days] ?? 0) > (limits[row[ROW.profile] ?? 0] ?? 0) && (row[ROW.eligible] ?? 0) > 0;
      return new DaysOfSupply(new SingleLines(isLong));
    },
    unjudged: 'missing-days-supply',
  };
}

function beyond(line: LineFacts, limit: number): Hit | null {
  const days = line.daysSupply ?? 0;
  if (days <= limit || line.eligibleFen <= 0n) return null;
  const units = Math.floor((line.quantity * (days - limit)) / days);
  return lineHit({
    windowKey: line.chargedOn,
    violating: latestUnits([line], units),
    facts: {
      item: line.itemName,
      on: line.chargedOn,
      ...{ days, limit, excess: quantityText(units) },
    },
    point: null,
  });
}
