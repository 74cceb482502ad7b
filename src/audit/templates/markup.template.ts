import { z } from 'zod';
import { Decimal } from '../../kernel/decimal.js';
import type { LineFacts } from '../facts.js';
import type { LoadedTable, TableRow } from '../local-table.js';
import { ratioParam } from '../param-kinds.js';
import { MICRO_YUAN } from '../scaled.js';
import { ANY_INSTITUTION, type PurchasePrice, purchasePrice } from '../tables/purchase-price.js';
import { defineTemplate, type Hit, lineHit, WHOLE_PART } from '../template.js';

const params = z.strictObject({
  /** What may be put on the purchase price, percent, by what the code begins with. */
  drugPercent: ratioParam,
  piecePercent: ratioParam,
  materialPercent: ratioParam,
});
type Params = z.infer<typeof params>;
type Row = TableRow<PurchasePrice>;

/**
 * T6 of purchases: the unit price is above what the institution bought the item for and the markup allowed (超加价). Of several purchase
 * prices of the day the highest counts: nobody knows of which purchase the unit was.
 */
export const markups = defineTemplate<Params>({
  name: 'markup',
  params,
  trigger: 'codes',
  ownLines: true,
  needs: () => ({ tables: [purchasePrice] }),
  codes: (_params, _knowledge, tables) => tables.get(purchasePrice).codes(),
  rowChecks: (limits, _knowledge, tables) => [
    {
      codes: [...tables.get(purchasePrice).codes()],
      ...{ effectiveFrom: null, effectiveUntil: null, withinScope: true },
      // Institutions stand in no row: what is dearer than the cheapest purchase of all goes before `evaluate`.
      profile: () => 'hit',
      tests: [
        { kind: 'dearer-than', prices: lowestPrices(tables.get(purchasePrice).rows, limits) },
      ],
    },
  ],

  evaluate(_person, lines, { params: limits, tables }) {
    return lines
      .filter(({ eligibleFen }) => eligibleFen > 0n)
      .flatMap((line) => {
        const row = rowFor(line, tables.get(purchasePrice));
        return row === null ? [] : (hitOf(line, row, limits) ?? []);
      });
  },
});

const PIECE = 'T';
const MATERIAL = 'C';

function percentOf(code: string, limits: Params): Decimal {
  if (code.startsWith(PIECE)) return limits.piecePercent;
  return code.startsWith(MATERIAL) ? limits.materialPercent : limits.drugPercent;
}

/** Millionths of a yuan. */
function highest({ code, price }: PurchasePrice, limits: Params): number {
  return Decimal.floor(percentOf(code, limits).div(100).plus(1).times(price)).toNumber();
}

function rowFor(
  { itemCode, chargedOn, claim }: LineFacts,
  table: LoadedTable<PurchasePrice>,
): Row | null {
  const rows = table.at(itemCode ?? '', chargedOn);
  const own = rows.filter(({ row }) => row.institution === claim.institution);
  const fitting =
    own.length > 0 ? own : rows.filter(({ row }) => row.institution === ANY_INSTITUTION);
  return fitting.toSorted((a, b) => b.row.price - a.row.price)[0] ?? null;
}

function hitOf(line: LineFacts, { row, cells }: Row, limits: Params): Hit | null {
  const allowed = highest(row, limits);
  const excess = line.unitPrice - allowed;
  if (excess <= 0) return null;
  const part = new Decimal(excess).times(WHOLE_PART).div(line.unitPrice).round();
  return lineHit({
    windowKey: line.chargedOn,
    violating: [{ line, from: 0, to: line.quantity, part: part.toNumber() }],
    facts: {
      item: line.itemName,
      on: line.chargedOn,
      price: priceText(line.unitPrice),
      bought: priceText(row.price),
      percent: percentOf(row.code, limits).toString(),
      excess: priceText(excess),
    },
    point: null,
    tableRow: { table: purchasePrice.name, cells },
  });
}

function priceText(micro: number): string {
  return new Decimal(micro).div(MICRO_YUAN).toString();
}

/** What is dear nowhere and never, whoever bought it. */
function lowestPrices(rows: readonly Row[], limits: Params): ReadonlyMap<string, number> {
  const prices = new Map<string, number>();
  for (const { row } of rows) {
    const price = highest(row, limits);
    prices.set(row.code, Math.min(price, prices.get(row.code) ?? price));
  }
  return prices;
}
