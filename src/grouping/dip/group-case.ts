import { abs, type Fen, subtract } from '../../kernel/money.js';
import { byText } from '../../kernel/order.js';
import { type Catalogue, type CatalogueEntry, ENTRY_TYPES } from './catalogue.js';

/** What of an inpatient case decides its group. */
export interface CaseCodes {
  readonly principalDiagnosis: string | null;
  readonly operations: readonly string[];
  readonly cost: Fen;
}

/**
 * The catalogue entry of a case (DIP 入组); null when none fits. Core and primary entries go before comprehensive ones; then the
 * longest diagnosis prefix, most operations, the mean nearest to the cost, the type, the code: the same case always falls alike.
 */
export function groupCase(found: CaseCodes, catalogue: Catalogue): CatalogueEntry | null {
  const { principalDiagnosis, operations } = found;
  if (principalDiagnosis === null) return null;
  let best: CatalogueEntry | null = null;
  for (let length = principalDiagnosis.length; length > 0; length -= 1) {
    for (const entry of catalogue.byDiagnosis.get(principalDiagnosis.slice(0, length)) ?? []) {
      if (!meets(operations, entry.operations)) continue;
      if (best === null || isBetter(entry, best, found.cost)) best = entry;
    }
  }
  return best;
}

function meets(done: readonly string[], sets: CatalogueEntry['operations']): boolean {
  return sets.every((any) => any.some((prefix) => done.some((code) => code.startsWith(prefix))));
}

function isBetter(a: CatalogueEntry, b: CatalogueEntry, cost: Fen): boolean {
  const order =
    Number(isComprehensive(a)) - Number(isComprehensive(b)) ||
    b.diagnosis.length - a.diagnosis.length ||
    b.operations.length - a.operations.length ||
    nearer(a, b, cost) ||
    ENTRY_TYPES.indexOf(a.type) - ENTRY_TYPES.indexOf(b.type) ||
    byText(a.code, b.code);
  return order < 0;
}

function isComprehensive({ type }: CatalogueEntry): boolean {
  return type.startsWith('comprehensive-');
}

function nearer(a: CatalogueEntry, b: CatalogueEntry, cost: Fen): number {
  const [toA, toB] = [abs(subtract(cost, a.mean)), abs(subtract(cost, b.mean))];
  return toA === toB ? 0 : toA < toB ? -1 : 1;
}
