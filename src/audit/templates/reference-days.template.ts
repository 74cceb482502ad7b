import { z } from 'zod';
import { whole, yesNo } from '../../config/values.js';
import { dateOf, daysBetween } from '../../kernel/dates.js';
import type { ClaimFacts, LineFacts } from '../facts.js';
import type { LoadedTable } from '../local-table.js';
import { quantityText, UNIT } from '../scaled.js';
import { DAILY_GROUPS, type DailyItem, dailyItem } from '../tables/daily-item.js';
import { defineTemplate, type EvaluationContext, type Hit, lineHit } from '../template.js';
import { latestUnits, unitsOf } from '../windows/latest-units.js';
import { byPayment, chargedFor, groupLines } from '../windows/line-groups.js';
import { stayDaysProbe } from '../windows/stay-probes.js';

const params = z.strictObject({
  /** Groups of the table, each counted by itself. */
  groups: z.array(z.enum(DAILY_GROUPS)).min(1),
  /** Days allowed beyond the stay. */
  extraDays: whole(0, 30),
  /** Two levels on one day: the lower one is too many. */
  oneLevelPerDay: yesNo,
});
type Params = z.infer<typeof params>;
type Context = EvaluationContext<Params>;

/**
 * T8: more units of daily items than the stay has days (床位、护理、诊查超住院天数). A stay has as many days as midnights, at least one:
 * the day of admission counts, the day of discharge does not. The units paid last are too many. Charges in lumps say nothing of single
 * days, so two levels on one day are looked for only where every charge is of one day.
 */
export const referenceDays = defineTemplate<Params>({
  name: 'reference-days',
  params,
  trigger: 'codes',
  ownLines: true,
  needs: () => ({ tables: [dailyItem] }),
  codes: ({ groups }, _knowledge, tables) =>
    tables.get(dailyItem).rows.flatMap(({ row }) => (groups.includes(row.group) ? [row.code] : [])),

  suspectsLines({ groups, extraDays, oneLevelPerDay }, _knowledge, codes, tables) {
    const groupOf = new Int32Array(codes.size + 1);
    for (const { row } of tables.get(dailyItem).rows)
      groupOf[codes.get(row.code) ?? 0] = groups.indexOf(row.group) + 1;
    groupOf[0] = 0;
    return stayDaysProbe({ groupOf, extraDays, oneLevelPerDay });
  },

  evaluate(_person, lines, context) {
    const table = context.tables.get(dailyItem);
    const hits: Hit[] = [];
    for (const charged of groupLines(chargedFor(lines), ({ claim }) => claim.key).values()) {
      const [first] = charged;
      if (first === undefined) continue;
      const days = daysOf(first.claim);
      if (days === null) {
        context.notApplicable('missing-stay-dates', first.claim);
        continue;
      }
      const groups = groupLines(charged, (line) => rowOf(table, line)?.row.group ?? '');
      for (const group of context.params.groups) {
        const ofGroup = groups.get(group)?.sort(byPayment) ?? [];
        hits.push(...hitsOf(ofGroup, days, context));
      }
    }
    return hits;
  },
});

/** LOS = max(1, discharge day − admission day). */
function daysOf({ admittedAt, dischargedAt }: ClaimFacts): number | null {
  if (admittedAt === null || dischargedAt === null) return null;
  return Math.max(1, daysBetween(dateOf(admittedAt), dateOf(dischargedAt)));
}

function rowOf(table: LoadedTable<DailyItem>, { itemCode, chargedOn }: LineFacts) {
  return table.at(itemCode ?? '', chargedOn)[0];
}

function hitsOf(lines: readonly LineFacts[], days: number, context: Context): Hit[] {
  const perDay = context.params.oneLevelPerDay ? lowerLevels(lines, context) : [];
  const blamed = new Set(perDay.flatMap(({ violating }) => violating.map(({ line }) => line)));
  const rest = lines.filter((line) => !blamed.has(line));
  const over = beyondStay(rest, days, context);
  return over === null ? perDay : [...perDay, over];
}

/** Of each day with two levels, all but the highest. */
function lowerLevels(lines: readonly LineFacts[], context: Context): Hit[] {
  const table = context.tables.get(dailyItem);
  const rank = (line: LineFacts) => rowOf(table, line)?.row.rank ?? 0;
  const mixed = [...groupLines(lines, ({ chargedOn }) => chargedOn)].filter(
    ([, ofDay]) => new Set(ofDay.map(rank)).size > 1,
  );
  const [first] = lines;
  if (mixed.length === 0 || first === undefined) return [];
  if (lines.some(({ quantity }) => quantity > UNIT)) {
    context.notApplicable('charged-in-lumps', first.claim);
    return [];
  }
  return mixed.flatMap(([day, ofDay]) => {
    const highest = Math.max(...ofDay.map(rank));
    const lower = ofDay.filter((line) => rank(line) < highest);
    const kept = ofDay.filter((line) => rank(line) === highest);
    return lineHit({
      windowKey: `level ${day}`,
      violating: latestUnits(lower, unitsOf(lower)),
      involvedLines: kept,
      facts: {
        item: namesOf(lower),
        what: `${day} 已收“${namesOf(kept)}”，同日又收较低级别`,
        excess: quantityText(unitsOf(lower)),
      },
      point: null,
      ...evidence(table, lower[0]),
    });
  });
}

function beyondStay(
  lines: readonly LineFacts[],
  days: number,
  { params: { extraDays }, tables }: Context,
): Hit | null {
  const [first] = lines;
  const excess = unitsOf(lines) - (days + extraDays) * UNIT;
  if (first === undefined || excess <= 0) return null;
  const table = tables.get(dailyItem);
  const violating = latestUnits(lines, excess);
  const blamed = new Set(violating.map(({ line }) => line));
  return lineHit({
    windowKey: `stay ${rowOf(table, first)?.row.group ?? ''}`,
    violating,
    involvedLines: lines.filter((line) => !blamed.has(line)),
    facts: {
      item: namesOf(lines),
      what: `住院 ${days} 天，共收 ${quantityText(unitsOf(lines))} 日`,
      excess: quantityText(excess),
      days,
      count: quantityText(unitsOf(lines)),
    },
    point: null,
    ...evidence(table, first),
  });
}

function namesOf(lines: readonly LineFacts[]): string {
  return [...new Set(lines.map(({ itemName }) => itemName))].join('、');
}

function evidence(
  table: LoadedTable<DailyItem>,
  line: LineFacts | undefined,
): Pick<Hit, 'tableRow'> {
  const row = line === undefined ? undefined : rowOf(table, line);
  return row === undefined ? {} : { tableRow: { table: dailyItem.name, cells: row.cells } };
}
