import { z } from 'zod';
import { quantityText, UNIT } from '../scaled.js';
import { operationLimit } from '../tables/quantity-limit.js';
import { defineTemplate, type Hit, lineHit } from '../template.js';
import { latestUnits, unitsOf } from '../windows/latest-units.js';
import { byPayment, groupLines } from '../windows/line-groups.js';
import { claimTotalProbe } from '../windows/stay-probes.js';

const params = z.strictObject({});
type Params = z.infer<typeof params>;

/** T3 by operation: more of some materials in a visit than its operations can have used (耗材数量超标). */
export const operationCap = defineTemplate<Params>({
  name: 'operation-cap',
  params,
  trigger: 'codes',
  ownLines: true,
  needs: () => ({ tables: [operationLimit] }),
  codes: (_params, _knowledge, tables) => tables.get(operationLimit).codes(),
  suspectsLines: (_params, _knowledge, _codes, tables) =>
    claimTotalProbe(UNIT * Math.min(...tables.get(operationLimit).rows.map(({ row }) => row.max))),

  evaluate(_person, lines, { tables }) {
    const table = tables.get(operationLimit);
    const hits: Hit[] = [];
    for (const [key, charged] of groupLines(lines, ({ claim }) => claim.key)) {
      const rows = new Set(
        charged.flatMap(({ itemCode, chargedOn }) => table.at(itemCode ?? '', chargedOn)),
      );
      for (const { row, cells } of rows) {
        const used = charged.filter(({ itemCode }) => row.materials.includes(itemCode ?? ''));
        const operations = (used[0]?.claim.procedures ?? []).filter((code) =>
          row.procedures.some((start) => code.startsWith(start)),
        ).length;
        const limit = row.max * operations;
        const excess = unitsOf(used) - limit * UNIT;
        if (operations === 0 || excess <= 0) continue;
        hits.push(
          lineHit({
            windowKey: `${row.materials.join(' ')} ${key}`,
            violating: latestUnits(used.toSorted(byPayment), excess),
            facts: {
              item: [...new Set(used.map(({ itemName }) => itemName))].join('、'),
              count: quantityText(unitsOf(used)),
              limit,
              operations,
              excess: quantityText(excess),
            },
            point: null,
            tableRow: { table: operationLimit.name, cells },
          }),
        );
      }
    }
    return hits;
  },
});
