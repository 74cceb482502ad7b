import { DRUGS } from './drugs.js';
import type { Item } from './item.js';
import { PIECES, UNMAPPED_OTHERS, UNMAPPED_PIECES } from './other.js';
import { PLANTED_DRUGS, PLANTED_SERVICES } from './planted.js';
import { SERVICES } from './services.js';

/** Every billable item of the county. Order is fixed: local codes are numbered by it. */
export const ITEMS: readonly Item[] = [
  ...SERVICES,
  ...DRUGS,
  ...PIECES,
  ...UNMAPPED_PIECES,
  ...UNMAPPED_OTHERS,
  ...PLANTED_DRUGS,
  ...PLANTED_SERVICES,
];

const BY_KEY = new Map(ITEMS.map((item) => [item.key, item]));

export function item(key: string): Item {
  const found = BY_KEY.get(key);
  if (found === undefined) throw new RangeError(`no item ${key} in the demo catalogue`);
  return found;
}

/** The code an institution's own system uses for an item. Clinics speak national codes. */
export function localCodeOf(source: string, wanted: Item): string {
  const place = String(ITEMS.indexOf(wanted) + 1).padStart(4, '0');
  if (source === 'lead') return `LH-${place}`;
  if (source === 'tcm') return `ZY${place}`;
  if (source === 'township') return `${wanted.kind === 'drug' ? 'YP' : 'XM'}${place}`;
  return wanted.code ?? `CW-${place}`;
}
