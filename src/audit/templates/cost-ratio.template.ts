import { z } from 'zod';
import { Decimal } from '../../kernel/decimal.js';
import { type Fen, toDecimalFen, toYuan } from '../../kernel/money.js';
import type { ClaimFacts, Stay } from '../facts.js';
import { declaredGroup, groupsWith, standardRow } from '../group-standards.js';
import { ratioParam } from '../param-kinds.js';
import { defineTemplate, type EvaluationContext, type Hit } from '../template.js';

const params = z.strictObject({
  /** Cost above so many times, or below such a part of, what the group stands for. */
  above: ratioParam,
  below: ratioParam,
});
type Params = z.infer<typeof params>;

/**
 * Packaged cases whose cost is far from what their group stands for (费用倍率异常). The claim's own standard goes before the table's. A stay
 * without a group, at a site where no group has a standard, is not a packaged case.
 */
export const costRatio = defineTemplate<Params>({
  name: 'cost-ratio',
  params,
  trigger: 'claims',
  codes: () => [],
  suspects: ({ above, below }, tables) => ({
    query: 'dearOrCheapStays',
    values: {
      above: above.toString(),
      below: below.toString(),
      tableHeld: groupsWith(tables, 'standard').length > 0,
    },
  }),

  evaluate: ({ stays }, _lines, context) => stays.flatMap((stay) => judged(stay, context)),
});

function judged(stay: Stay, context: EvaluationContext<Params>): Hit[] {
  const { claim } = stay;
  const { above, below } = context.params;
  const standard = standardOf(claim, context);
  if (standard === null || standard <= 0n) return [];
  const [cost, of] = [toDecimalFen(claim.totalFeeFen), toDecimalFen(standard)];
  if (cost.lte(of.times(above)) && cost.gte(of.times(below))) return [];
  return [
    {
      certainty: 'core',
      windowKey: claim.key,
      violating: [],
      involvedLines: [],
      violatingClaims: [{ claim, days: 1, ofDays: 1 }],
      involvedClaims: [],
      facts: {
        cost: toYuan(claim.totalFeeFen),
        standard: toYuan(standard),
        ratio: cost.div(of).toDecimalPlaces(2, Decimal.ROUND_HALF_UP).toFixed(2),
      },
      point: null,
    },
  ];
}

function standardOf(claim: ClaimFacts, context: EvaluationContext<Params>): Fen | null {
  if (claim.groupStandardFen !== null) return claim.groupStandardFen;
  const { tables, notApplicable } = context;
  const group = declaredGroup(claim, context);
  const standard =
    group === null ? null : (standardRow(tables, group, claim)?.row.standard ?? null);
  const packaged = group !== null || groupsWith(tables, 'standard').length > 0;
  if (standard === null && packaged)
    notApplicable(group === null ? 'not-grouped' : 'no-group-standard', claim);
  return standard;
}
