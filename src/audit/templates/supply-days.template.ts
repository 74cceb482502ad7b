import { z } from 'zod';
import { CARE_TYPES } from '../../claims/claim.js';
import { whole } from '../../config/values.js';
import type { LineFacts } from '../facts.js';
import { quantityText } from '../scaled.js';
import { defineTemplate, type Hit, lineHit } from '../template.js';
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
  suspects: ({ maxDays }) => ({
    query: 'longSupply',
    values: {
      careTypes: Object.keys(maxDays),
      maxDays: Object.values(maxDays).map(String),
    },
    unjudged: { query: 'drugsWithoutDays', reason: 'missing-days-supply' },
  }),

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
