import { z } from 'zod';
import { quantityText, UNIT } from '../scaled.js';
import type { RowCheck } from '../screen/row-check.js';
import { sessionLimit } from '../tables/quantity-limit.js';
import { defineTemplate, lineHit, WHOLE_PART } from '../template.js';

const params = z.strictObject({});
type Params = z.infer<typeof params>;

/** T3 of a single charge: more units in one charge than one session can have (部位、穴位、照射野). */
export const sessionCap = defineTemplate<Params>({
  name: 'session-cap',
  params,
  trigger: 'codes',
  ownLines: true,
  needs: () => ({ tables: [sessionLimit] }),
  codes: (_params, _knowledge, tables) => tables.get(sessionLimit).codes(),
  rowChecks: (_params, _knowledge, tables) =>
    tables.get(sessionLimit).rows.map(
      ({ row, from, until }): RowCheck => ({
        codes: [row.code],
        ...{ effectiveFrom: from, effectiveUntil: until, withinScope: true },
        profile: () => 'hit',
        tests: [{ kind: 'compare', field: 'quantity', comparison: '>', bound: row.max * UNIT }],
      }),
    ),

  evaluate(_person, lines, { tables }) {
    const table = tables.get(sessionLimit);
    return lines.flatMap((line) => {
      const over = table
        .at(line.itemCode ?? '', line.chargedOn)
        .filter(({ row }) => line.quantity > row.max * UNIT)
        .sort((a, b) => a.row.max - b.row.max)[0];
      if (over === undefined) return [];
      const from = over.row.max * UNIT;
      return lineHit({
        windowKey: line.chargedOn,
        violating: [{ line, from, to: line.quantity, part: WHOLE_PART }],
        facts: {
          item: line.itemName,
          on: line.chargedOn,
          count: quantityText(line.quantity),
          limit: over.row.max,
          excess: quantityText(line.quantity - from),
        },
        point: null,
        tableRow: { table: sessionLimit.name, cells: over.cells },
      });
    });
  },
});
