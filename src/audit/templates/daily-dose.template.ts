import { z } from 'zod';
import { CARE_TYPES } from '../../claims/claim.js';
import { Decimal } from '../../kernel/decimal.js';
import type { ClaimFacts, LineFacts } from '../facts.js';
import type { TableRow } from '../local-table.js';
import { quantityText, UNIT } from '../scaled.js';
import { type DailyDose, dailyDose } from '../tables/drug-use.js';
import { defineTemplate, type EvaluationContext, type Hit, lineHit } from '../template.js';
import { latestUnits, unitsOf } from '../windows/latest-units.js';
import { byPayment, groupLines } from '../windows/line-groups.js';

const params = z.strictObject({ careTypes: z.array(z.enum(CARE_TYPES)).min(1) });
type Params = z.infer<typeof params>;
type Context = EvaluationContext<Params>;

/**
 * T3 of what is handed out: more of a drug than its greatest daily dose uses up in the days it is for (超日极量). Packages are not broken,
 * so what is allowed is rounded up to whole units.
 */
export const dailyDoses = defineTemplate<Params>({
  name: 'daily-dose',
  params,
  trigger: 'claims',
  strongest: 'SUSP',
  needs: () => ({ tables: [dailyDose] }),
  codes: () => [],
  suspects: ({ careTypes }, tables) => {
    const rows = tables.get(dailyDose).rows.map(({ row }) => row);
    return {
      query: 'beyondDailyDose',
      values: {
        careTypes,
        codes: rows.map(({ code }) => code),
        perDay: rows.map((row) => unitsPerDay(row).toFixed(9, Decimal.ROUND_DOWN)),
      },
      unjudged: { query: 'dosesWithoutDays', reason: 'missing-days-supply' },
    };
  },

  evaluate({ claims }, _lines, context) {
    return claims
      .filter(({ careType }) => context.params.careTypes.includes(careType))
      .flatMap((claim) => ofClaim(claim, context));
  },
});

function unitsPerDay({ maxPerDay, perUnit }: DailyDose): Decimal {
  return maxPerDay.div(perUnit);
}

function ofClaim(claim: ClaimFacts, { tables, notApplicable }: Context): Hit[] {
  const table = tables.get(dailyDose);
  const listed = claim.lines.filter(
    ({ itemCode, chargedOn, quantity }) =>
      quantity > 0 && table.at(itemCode ?? '', chargedOn).length > 0,
  );
  if (listed.some(({ daysSupply }) => daysSupply === null))
    notApplicable('missing-days-supply', claim);
  const given = groupLines(listed, ({ itemCode, chargedOn }) => `${itemCode} ${chargedOn}`);
  return [...given.values()].flatMap((lines) => {
    const [first] = lines;
    const days = Math.max(...lines.map(({ daysSupply }) => daysSupply ?? Number.POSITIVE_INFINITY));
    if (first === undefined || !Number.isFinite(days)) return [];
    const [row] = table
      .at(first.itemCode ?? '', first.chargedOn)
      .toSorted((a, b) => unitsPerDay(b.row).comparedTo(unitsPerDay(a.row)));
    return row === undefined ? [] : (hitOf(lines, row, days) ?? []);
  });
}

function hitOf(lines: readonly LineFacts[], { row, cells }: TableRow<DailyDose>, days: number) {
  const allowed = row.maxPerDay.times(days).div(row.perUnit).ceil().toNumber();
  const excess = unitsOf(lines) - allowed * UNIT;
  if (excess <= 0) return null;
  return lineHit({
    certainty: 'watch',
    windowKey: `dose ${row.code} ${lines[0]?.chargedOn ?? ''}`,
    violating: latestUnits(lines.toSorted(byPayment), excess),
    facts: {
      item: lines[0]?.itemName ?? '',
      on: lines[0]?.chargedOn ?? '',
      count: quantityText(unitsOf(lines)),
      days,
      allowed,
      excess: quantityText(excess),
    },
    point: null,
    tableRow: { table: dailyDose.name, cells },
  });
}
