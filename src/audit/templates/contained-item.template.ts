import { z } from 'zod';
import { yesNo } from '../../config/values.js';
import type { LineFacts } from '../facts.js';
import type { TableRow } from '../local-table.js';
import { quantityText } from '../scaled.js';
import { type ContainedItems, includedMaterial, panel } from '../tables/contained-item.js';
import { defineTemplate, type Hit, lineHit } from '../template.js';
import { latestUnits, unitsOf } from '../windows/latest-units.js';
import { byPayment, chargedFor, groupLines } from '../windows/line-groups.js';
import { pairProbe } from '../windows/meeting-probes.js';

const TABLES = { panel, 'included-material': includedMaterial } as const;
const params = z.strictObject({
  table: z.enum(['panel', 'included-material']),
  /** Only as many units are contained as there are of the item that contains them; else all. */
  byUnits: yesNo,
});
type Params = z.infer<typeof params>;

/**
 * T4 by a local table: what an item's price already holds is charged as well on the same day at the same institution (组套与单项重复；项目
 * 已含耗材另收). What is contained is the violation.
 */
export const containedItem = defineTemplate<Params>({
  name: 'contained-item',
  params,
  trigger: 'codes',
  ownLines: true,
  needs: ({ table }) => ({ tables: [TABLES[table]] }),
  codes: ({ table }, _knowledge, tables) =>
    tables.get(TABLES[table]).rows.flatMap(({ row }) => [...row.items, ...row.contained]),

  suspectsLines({ table }, _knowledge, codes, tables) {
    const containedBy = new Map<number, Set<number>>();
    for (const { row } of tables.get(TABLES[table]).rows)
      for (const code of row.contained) {
        const number = codes.get(code) ?? 0;
        const items = containedBy.get(number) ?? new Set();
        for (const item of row.items) items.add(codes.get(item) ?? 0);
        containedBy.set(number, items);
      }
    return pairProbe(containedBy);
  },

  evaluate(_person, lines, { params: { table: name, byUnits }, tables }) {
    const table = tables.get(TABLES[name]);
    const hits: Hit[] = [];
    const days = groupLines(
      chargedFor(lines),
      ({ claim, chargedOn }) => `${claim.institution} ${chargedOn}`,
    );
    for (const ofDay of days.values())
      for (const contained of groupLines(ofDay, ({ itemCode }) => itemCode ?? '').values()) {
        const [first] = contained;
        for (const row of table.at(first?.itemCode ?? '', first?.chargedOn ?? ''))
          hits.push(...meeting(row, { ofDay, contained, byUnits, table: name }));
      }
    return hits;
  },
});

interface Meeting {
  readonly ofDay: readonly LineFacts[];
  readonly contained: readonly LineFacts[];
  readonly byUnits: boolean;
  readonly table: Params['table'];
}

function meeting(
  row: TableRow<ContainedItems>,
  { ofDay, contained, byUnits, table }: Meeting,
): Hit[] {
  const items = ofDay.filter(({ itemCode }) => row.row.items.includes(itemCode ?? ''));
  const [item] = items;
  if (item === undefined) return [];
  const sorted = contained.toSorted(byPayment);
  const units = byUnits ? Math.min(unitsOf(sorted), unitsOf(items)) : unitsOf(sorted);
  const violating = latestUnits(sorted, units);
  const claims = new Set(violating.map(({ line }) => line.claim));
  return [...claims].map((claim) => {
    const ofClaim = violating.filter(({ line }) => line.claim === claim);
    const [first] = ofClaim;
    return lineHit({
      windowKey: `${first?.line.itemCode ?? ''} ${item.itemCode ?? ''} ${item.chargedOn}`,
      violating: ofClaim,
      involvedLines: items,
      involvedClaims: [...new Set(items.map((line) => line.claim))],
      facts: {
        primary: item.itemName,
        contained: first?.line.itemName ?? '',
        on: item.chargedOn,
        excess: quantityText(ofClaim.reduce((sum, { from, to }) => sum + to - from, 0)),
      },
      point: null,
      tableRow: { table, cells: row.cells },
    });
  });
}
