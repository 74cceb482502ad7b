import { z } from 'zod';
import { CARE_TYPES, isInpatient } from '../../claims/claim.js';
import type { ClaimFacts, LineFacts } from '../facts.js';
import { feeClassOf } from '../fee-class.js';
import { feeClassesParam, startsWithAny } from '../param-kinds.js';
import type { Order } from '../registers.js';
import { quantityText } from '../scaled.js';
import { orderPackage } from '../tables/order-package.js';
import {
  defineTemplate,
  type EvaluationContext,
  type Hit,
  lineHit,
  wholeLine,
} from '../template.js';
import { unitsOf } from '../windows/latest-units.js';
import { groupLines } from '../windows/line-groups.js';

const params = z.strictObject({
  /** Fee classes that nothing is charged of without an order; beds, nursing and the like are charged by themselves. */
  classes: feeClassesParam,
});
type Params = z.infer<typeof params>;
type Context = EvaluationContext<Params>;

const INPATIENT = CARE_TYPES.filter(isInpatient);

/**
 * An item charged in a stay although neither it nor a package that holds it was ordered in the stay (无医嘱收费). What was ordered, but less
 * of it, is the matter of `ordered-quantity`.
 */
export const unorderedItems = defineTemplate<Params>({
  name: 'unordered-item',
  params,
  trigger: 'claims',
  strongest: 'SUSP',
  needs: () => ({ registers: ['orders'], tables: [orderPackage] }),
  codes: () => [],
  // A stay without any order is to be counted as not judged, so every stay is asked about.
  suspects: () => ({ query: 'manyClaims', values: { careTypes: INPATIENT, perMonth: 0 } }),

  evaluate({ claims, registered: { orders } }, _lines, context) {
    return claims
      .filter(({ careType }) => isInpatient(careType))
      .flatMap((claim) => {
        const ordered = orders.filter(
          ({ institution, claimNo }) =>
            institution === claim.institution && claimNo === claim.claimNo,
        );
        if (ordered.length > 0) return withoutOrder(claim, ordered, context);
        context.notApplicable('missing-orders', claim);
        return [];
      });
  },
});

function withoutOrder(claim: ClaimFacts, orders: readonly Order[], context: Context): Hit[] {
  const { params: limits, tables, notApplicable } = context;
  const ordered = new Set(orders.map(({ itemCode }) => itemCode));
  const packaged = orders.flatMap(({ itemCode, on }) =>
    tables
      .get(orderPackage)
      .at(itemCode, on)
      .flatMap(({ row }) => row.charged),
  );
  const bare = claim.lines
    .filter(({ quantity }) => quantity > 0)
    .filter(({ itemCode }) => !ordered.has(itemCode ?? ''))
    .filter(({ itemCode }) => itemCode === null || !startsWithAny(itemCode, packaged))
    .map((line) => ({ line, feeClass: feeClassOf(line, tables) }));
  if (bare.some(({ feeClass }) => feeClass === null)) notApplicable('unknown-fee-class', claim);
  const charged = bare.flatMap(({ line, feeClass }) =>
    feeClass !== null && limits.classes.includes(feeClass) ? [line] : [],
  );
  if (charged.some(({ itemCode }) => itemCode === null)) notApplicable('unmapped-items', claim);
  const items = groupLines(
    charged.filter(({ itemCode }) => itemCode !== null),
    ({ itemCode }) => itemCode ?? '',
  );
  return [...items].map(([code, lines]) => hitOf(code, lines, ordered.size));
}

function hitOf(code: string, lines: readonly LineFacts[], orders: number): Hit {
  return lineHit({
    certainty: 'watch',
    windowKey: `unordered ${code}`,
    violating: lines.map(wholeLine),
    facts: {
      item: lines[0]?.itemName ?? '',
      count: quantityText(unitsOf(lines)),
      orders,
    },
    point: null,
  });
}
