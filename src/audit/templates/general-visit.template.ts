import { z } from 'zod';
import { FEE_CLASSES, INSTITUTION_LEVELS } from '../../claims/claim.js';
import type { LineFacts } from '../facts.js';
import type { LocalTables, TableRow } from '../local-table.js';
import type { LineWatch, WatchSetting } from '../pass/line-watch.js';
import { quantityText, UNIT } from '../scaled.js';
import { ROW } from '../screen/positional-row.js';
import { type GeneralVisit, generalVisit } from '../tables/quantity-limit.js';
import { defineTemplate, type Hit, lineHit } from '../template.js';
import { KeptLines } from '../watches/kept-lines.js';
import { dayTotalProbe } from '../windows/cap-probes.js';
import { latestUnits, unitsOf } from '../windows/latest-units.js';
import { byPayment, chargedFor, groupLines } from '../windows/line-groups.js';

const params = z.strictObject({
  /** Charges at institutions of these levels are counted together. */
  levels: z.array(z.enum(INSTITUTION_LEVELS)).min(1),
});
type Params = z.infer<typeof params>;

/** T3 of the general visit fee (一般诊疗费): more of it for a person on a day than the locality allows, at whatever institution. */
export const generalVisits = defineTemplate<Params>({
  name: 'general-visit',
  params,
  trigger: 'claims',
  needs: () => ({ tables: [generalVisit] }),
  codes: () => [],
  watch: ({ levels }, tables) => {
    const rows = tables.get(generalVisit).rows.map(({ row }) => row);
    const perDay = Math.min(...rows.map((row) => row.perDay));
    return {
      key: `generalVisits ${levels}`,
      kinds: null,
      concerns: ({ level }) => levels.includes(level),
      start: ({ items }) => generalVisitLines(items, rows),
      probe: dayTotalProbe(Float64Array.of(perDay * UNIT)),
    };
  },

  evaluate({ claims }, _lines, { params: { levels }, tables }) {
    const days = new Map<string, { row: TableRow<GeneralVisit>; lines: LineFacts[] }>();
    for (const { level, lines } of claims) {
      if (!levels.includes(level)) continue;
      for (const line of chargedFor(lines)) {
        const row = rowOf(line, tables);
        const known = days.get(line.chargedOn);
        if (row !== null && known === undefined) days.set(line.chargedOn, { row, lines: [line] });
        else if (row !== null) known?.lines.push(line);
      }
    }
    return [...days].flatMap(([day, { row, lines }]) => beyond(day, row, lines));
  },
});

/** In the table: whatever the source calls a general visit fee. */
const EVERY = '*';

function rowOf(line: LineFacts, tables: LocalTables): TableRow<GeneralVisit> | null {
  const table = tables.get(generalVisit);
  const fits = ({ row: { level } }: TableRow<GeneralVisit>) =>
    level === null || level === line.claim.level;
  const byCode = table.at(line.itemCode ?? '', line.chargedOn).find(fits);
  if (byCode !== undefined || line.feeClass !== 'general-visit') return byCode ?? null;
  return table.at(EVERY, line.chargedOn).find(fits) ?? null;
}

const GENERAL_VISIT = FEE_CLASSES.indexOf('general-visit');

/** All of them count together: the day's units against the least limit. */
function generalVisitLines(
  items: WatchSetting['items'],
  rows: readonly GeneralVisit[],
): ReturnType<LineWatch['start']> {
  const codes = new Set(rows.map(({ code }) => code));
  return new KeptLines((from, kept, keep) => {
    const isMeant = codes.has(EVERY) && from[ROW.feeClass] === GENERAL_VISIT;
    if (!isMeant && !codes.has(items.codeOf(from[ROW.item] ?? 0) ?? '')) return;
    kept[ROW.code] = 0;
    kept[ROW.quantity] = from[ROW.quantity] ?? 0;
    keep();
  });
}

/** One hit a claim. */
function beyond(
  day: string,
  { row, cells }: TableRow<GeneralVisit>,
  lines: readonly LineFacts[],
): Hit[] {
  const sorted = lines.toSorted(byPayment);
  const violating = latestUnits(sorted, unitsOf(sorted) - row.perDay * UNIT);
  const blamed = new Set(violating.map(({ line }) => line));
  return [...groupLines(blamed, ({ claim }) => claim.key).values()].map((ofClaim) =>
    lineHit({
      windowKey: `general-visit ${day}`,
      violating: violating.filter(({ line }) => ofClaim.includes(line)),
      involvedLines: sorted.filter((line) => !blamed.has(line)),
      facts: {
        item: ofClaim[0]?.itemName ?? '',
        on: day,
        count: quantityText(unitsOf(sorted)),
        limit: row.perDay,
      },
      point: null,
      tableRow: { table: generalVisit.name, cells },
    }),
  );
}
