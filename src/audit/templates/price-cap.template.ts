import { z } from 'zod';
import { INSTITUTION_LEVELS, type InstitutionLevel } from '../../claims/claim.js';
import { Decimal, parseDecimal } from '../../kernel/decimal.js';
import type { LineFacts } from '../facts.js';
import type { LoadedTable, LocalTables, TableRow } from '../local-table.js';
import { MICRO_YUAN } from '../scaled.js';
import type { RowCheck } from '../screen/row-check.js';
import { type PriceCap, priceCap } from '../tables/price-cap.js';
import { defineTemplate, type Hit, lineHit, WHOLE_PART } from '../template.js';

const params = z.strictObject({
  /** How far above its cap a price may stand, percent. */
  tolerancePercent: z
    .string()
    .refine((text) => parseDecimal(text)?.gte(0) === true, '应为不小于零的百分数，例如 0')
    .transform((text) => parseDecimal(text) as Decimal),
});
type Params = z.infer<typeof params>;
type Row = TableRow<PriceCap>;

/**
 * T6: the unit price of a line is above the highest price of the item at that level on that day (超限定单价). A row for the level goes
 * before the row for all levels; of several, the lowest holds. At stake is the part of the price above the cap itself, tolerance or not.
 */
export const priceCaps = defineTemplate<Params>({
  name: 'price-cap',
  params,
  trigger: 'codes',
  needs: () => ({ tables: [priceCap] }),
  codes: (_params, _knowledge, tables) => tables.get(priceCap).codes(),
  rowChecks: (limits, _knowledge, tables) => rowChecks(tables, limits),

  evaluate(_person, lines, { params: limits, tables }) {
    const table = tables.get(priceCap);
    return lines
      .filter(({ eligibleFen }) => eligibleFen > 0n)
      .flatMap((line) => {
        const row = rowFor(line, table);
        return row !== null && line.unitPrice > highest(row, limits) ? [hitOf(line, row)] : [];
      });
  },
});

function rowFor(line: LineFacts, table: LoadedTable<PriceCap>): Row | null {
  const rows = table.at(line.itemCode ?? '', line.chargedOn);
  const own = rows.filter(({ row: { level } }) => level === line.claim.level);
  const fitting = own.length > 0 ? own : rows.filter(({ row: { level } }) => level === null);
  return fitting.toSorted((a, b) => a.row.cap - b.row.cap)[0] ?? null;
}

/** Millionths of a yuan that are still within the tolerance. */
function highest({ row: { cap } }: Row, { tolerancePercent }: Params): number {
  return Decimal.floor(tolerancePercent.div(100).plus(1).times(cap)).toNumber();
}

function hitOf(line: LineFacts, row: Row): Hit {
  const { cap } = row.row;
  const part = new Decimal(line.unitPrice - cap).times(WHOLE_PART).div(line.unitPrice).round();
  return lineHit({
    windowKey: line.chargedOn,
    violating: [{ line, from: 0, to: line.quantity, part: part.toNumber() }],
    facts: {
      item: line.itemName,
      on: line.chargedOn,
      price: priceText(line.unitPrice),
      cap: priceText(cap),
      excess: priceText(line.unitPrice - cap),
    },
    point: null,
    tableRow: { table: priceCap.name, cells: row.cells },
  });
}

function priceText(micro: number): string {
  return new Decimal(micro).div(MICRO_YUAN).toString();
}

/** One check for each span of dates and level: it holds the prices of all items of that span. Where rows compete, `evaluate` decides. */
function rowChecks(tables: LocalTables, limits: Params): RowCheck[] {
  const { rows } = tables.get(priceCap);
  const competing = new Set(codesTwice(rows));
  const groups = new Map<string, [Row, ...Row[]]>();
  for (const row of rows) {
    const contested = competing.has(row.row.code);
    const key = JSON.stringify([row.from, row.until, row.row.level, contested]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups.values()].map((group): RowCheck => {
    const [{ from, until, row }] = group;
    const levels: readonly InstitutionLevel[] =
      row.level === null ? INSTITUTION_LEVELS : [row.level];
    const contested = competing.has(row.code);
    return {
      codes: group.map((each) => each.row.code),
      ...{ effectiveFrom: from, effectiveUntil: until, withinScope: true },
      profile: ({ level }) => (levels.includes(level) ? (contested ? 'unsure' : 'hit') : 'fits'),
      tests: [{ kind: 'dearer-than', prices: lowestPrices(group, limits) }],
    };
  });
}

/** Codes for which several rows may be in force on one day at one level. */
function codesTwice(rows: readonly Row[]): string[] {
  const byCode = new Map<string, Row[]>();
  for (const row of rows) byCode.set(row.row.code, [...(byCode.get(row.row.code) ?? []), row]);
  return [...byCode].flatMap(([code, own]) => (own.some((row) => meets(row, own)) ? [code] : []));
}

function meets(row: Row, others: readonly Row[]): boolean {
  return others.some(
    (other) =>
      other !== row &&
      (row.row.level === null || other.row.level === null || row.row.level === other.row.level) &&
      (row.until === null || other.from === null || other.from < row.until) &&
      (other.until === null || row.from === null || row.from < other.until),
  );
}

function lowestPrices(rows: readonly Row[], limits: Params): ReadonlyMap<string, number> {
  const prices = new Map<string, number>();
  for (const row of rows) {
    const price = highest(row, limits);
    prices.set(row.row.code, Math.min(price, prices.get(row.row.code) ?? price));
  }
  return prices;
}
