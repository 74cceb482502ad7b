import type { LineFacts } from './facts.js';
import type { LoadedTable } from './local-table.js';
import type { DrugClass } from './tables/drug-class.js';

/** What drugs are compared by. */
export interface DrugIdentity {
  readonly ingredient: string;
  /** Sub-class and route; null = compared by ingredient alone. */
  readonly subclass: string | null;
}

/** National codes of western drugs: X, class (5), generic name (4), form (4), pack and maker. */
const WESTERN = /^X[A-Z0-9]{22}$/;
const INGREDIENT_LENGTH = 10;

/** By the local table, else by the code's own structure; null where neither says. */
export function drugOf(
  { itemCode, chargedOn }: Pick<LineFacts, 'itemCode' | 'chargedOn'>,
  table: LoadedTable<DrugClass>,
): DrugIdentity | null {
  if (itemCode === null) return null;
  const [known] = table.at(itemCode, chargedOn);
  return known === undefined ? byCode(itemCode) : byTable(known.row);
}

/** What a drug is on whatever day. */
export function drugsOf(itemCode: string, table: LoadedTable<DrugClass>): readonly DrugIdentity[] {
  const rows = table.rows.filter(({ row }) => row.code === itemCode);
  const own = byCode(itemCode);
  return [...rows.map(({ row }) => byTable(row)), ...(own === null ? [] : [own])];
}

function byTable({ ingredient, subclass, route }: DrugClass): DrugIdentity {
  return { ingredient, subclass: subclass === null ? null : `${subclass} ${route ?? ''}` };
}

function byCode(itemCode: string): DrugIdentity | null {
  if (!WESTERN.test(itemCode)) return null;
  return { ingredient: itemCode.slice(0, INGREDIENT_LENGTH), subclass: null };
}
