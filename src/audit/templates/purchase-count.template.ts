import { z } from 'zod';
import { CARE_TYPES } from '../../claims/claim.js';
import { whole } from '../../config/values.js';
import { defineTemplate, type Hit, lineHit, wholeLine } from '../template.js';
import { byPayment, groupLines } from '../windows/line-groups.js';

const params = z.strictObject({
  careTypes: z.array(z.enum(CARE_TYPES)).min(1),
  /** The same drug in more claims of a month than this is worth a look. */
  perMonth: whole(1, 99),
});
type Params = z.infer<typeof params>;

/** T15 of drugs: one drug bought in very many claims of a month, at whatever member (频繁购药). */
export const purchaseCount = defineTemplate<Params>({
  name: 'purchase-count',
  params,
  trigger: 'claims',
  strongest: 'CLUE',
  codes: () => [],
  suspects: ({ careTypes, perMonth }) => ({ query: 'manyClaims', values: { careTypes, perMonth } }),

  evaluate({ claims }, _lines, { params: { careTypes, perMonth } }) {
    const drugs = claims
      .filter(({ careType }) => careTypes.includes(careType))
      .flatMap(({ lines }) =>
        lines.filter(({ kind, itemCode }) => kind === 'drug' && itemCode !== null),
      )
      .sort(byPayment);
    const months = groupLines(
      drugs,
      ({ itemCode, claim }) => `${itemCode} ${claim.settledOn.slice(0, 7)}`,
    );
    return [...months].flatMap(([key, lines]): Hit[] => {
      const bought = [...groupLines(lines, ({ claim }) => claim.key).values()];
      const [first] = lines;
      if (first === undefined || bought.length <= perMonth) return [];
      return [
        lineHit({
          certainty: 'watch',
          windowKey: key,
          violating: bought.slice(perMonth).flat().map(wholeLine),
          involvedLines: bought.slice(0, perMonth).flat(),
          facts: {
            item: first.itemName,
            month: first.claim.settledOn.slice(0, 7),
            count: bought.length,
            limit: perMonth,
          },
          point: null,
        }),
      ];
    });
  },
});
