import { z } from 'zod';
import { CARE_TYPES, isInpatient } from '../../claims/claim.js';
import { whole } from '../../config/values.js';
import type { ClaimFacts, LineFacts } from '../facts.js';
import { quantityText, UNIT } from '../scaled.js';
import { defineTemplate, type Hit, lineHit } from '../template.js';
import { latestUnits, unitsOf } from '../windows/latest-units.js';
import { byPayment, groupLines } from '../windows/line-groups.js';

const params = z.strictObject({
  /** Whole units beyond the order from which on it is raised. */
  minExcess: whole(1, 9999),
  /** Loss allowed on what was ordered, percent. */
  lossPercent: whole(0, 100),
});
type Params = z.infer<typeof params>;

const INPATIENT = CARE_TYPES.filter(isInpatient);

/**
 * More units of an item charged in a stay than were ordered (计费量大于医嘱量). Orders of the stay are added up by item and rounded up to
 * whole units. Items without any order are not compared.
 */
export const orderedQuantity = defineTemplate<Params>({
  name: 'ordered-quantity',
  params,
  trigger: 'claims',
  needs: () => ({ registers: ['orders'] }),
  codes: () => [],
  // A stay without any order is to be counted as not judged, so every stay is asked about.
  suspects: () => ({ query: 'manyClaims', values: { careTypes: INPATIENT, perMonth: 0 } }),

  evaluate({ claims, registered: { orders } }, _lines, { params: limits, notApplicable }) {
    return claims
      .filter(({ careType }) => isInpatient(careType))
      .flatMap((claim) => {
        const ordered = new Map<string, number>();
        for (const { institution, claimNo, itemCode, quantity } of orders)
          if (institution === claim.institution && claimNo === claim.claimNo)
            ordered.set(itemCode, (ordered.get(itemCode) ?? 0) + quantity);
        if (ordered.size > 0) return beyondOrders(claim, ordered, limits);
        notApplicable('missing-orders', claim);
        return [];
      });
  },
});

function beyondOrders(
  claim: ClaimFacts,
  ordered: ReadonlyMap<string, number>,
  { minExcess, lossPercent }: Params,
): Hit[] {
  const items = groupLines(claim.lines, ({ itemCode }) => itemCode ?? '');
  return [...ordered].flatMap(([code, units]) => {
    const charged: readonly LineFacts[] = items.get(code)?.sort(byPayment) ?? [];
    const allowed = Math.ceil((units * (100 + lossPercent)) / (100 * UNIT)) * UNIT;
    const excess = unitsOf(charged) - allowed;
    if (excess < minExcess * UNIT) return [];
    return lineHit({
      windowKey: `order ${code}`,
      violating: latestUnits(charged, excess),
      facts: {
        item: charged[0]?.itemName ?? '',
        ordered: quantityText(units),
        count: quantityText(unitsOf(charged)),
        excess: quantityText(excess),
      },
      point: null,
    });
  });
}
