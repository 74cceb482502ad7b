import type { FeeClass } from '../claims/claim.js';
import type { LineFacts } from './facts.js';
import type { LocalTables } from './local-table.js';
import { itemFeeClass } from './tables/coding.js';

const OF_KIND = {
  drug: 'western-drug',
  'tcm-piece': 'tcm-piece',
  material: 'material',
  service: null,
} as const satisfies Record<LineFacts['kind'], FeeClass | null>;

/** The fee class of a line: as the source says, else by kind, else by the longest beginning of its code the table knows; null = unknown. */
export function feeClassOf(line: LineFacts, tables: LocalTables): FeeClass | null {
  return line.feeClass ?? OF_KIND[line.kind] ?? classOfItem(line, tables);
}

function classOfItem({ itemCode, chargedOn }: LineFacts, tables: LocalTables): FeeClass | null {
  const table = tables.get(itemFeeClass);
  for (let length = itemCode?.length ?? 0; length > 0; length -= 1) {
    const [row] = table.at(itemCode?.slice(0, length) ?? '', chargedOn);
    if (row !== undefined) return row.row.feeClass;
  }
  return null;
}

/** Beginnings of item codes that may stand for one of the classes on some day. */
export function prefixesOf(classes: readonly FeeClass[], tables: LocalTables): string[] {
  const rows = tables.get(itemFeeClass).rows.map(({ row }) => row);
  return rows.filter(({ feeClass }) => classes.includes(feeClass)).map(({ prefix }) => prefix);
}
