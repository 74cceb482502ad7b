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
  return nearestOf(candidatesOf(found, catalogue), found.cost);
}

/** The entries that fit best by the case's codes alone: one, or several that its cost decides between. */
export function candidatesOf(
  { principalDiagnosis, operations }: Omit<CaseCodes, 'cost'>,
  catalogue: Catalogue,
): readonly CatalogueEntry[] {
  let best: CatalogueEntry[] = [];
  for (let length = principalDiagnosis?.length ?? 0; length > 0; length -= 1) {
    const prefix = principalDiagnosis?.slice(0, length) ?? '';
    for (const entry of catalogue.byDiagnosis.get(prefix) ?? [])
      if (meets(operations, entry.operations)) best = withEntry(best, entry);
  }
  return best;
}

/** Of candidates, the one whose mean is nearest to the cost; null when there is none. */
export function nearestOf(candidates: readonly CatalogueEntry[], cost: Fen): CatalogueEntry | null {
  let best = candidates[0] ?? null;
  for (const entry of candidates)
    if (best !== null && entry !== best && isNearer(entry, best, cost)) best = entry;
  return best;
}

function withEntry(best: CatalogueEntry[], entry: CatalogueEntry): CatalogueEntry[] {
  const [first] = best;
  const order = first === undefined ? -1 : byCodes(entry, first);
  return order < 0 ? [entry] : order > 0 ? best : [...best, entry];
}

function meets(done: readonly string[], sets: CatalogueEntry['operations']): boolean {
  return sets.every((any) => any.some((prefix) => done.some((code) => code.startsWith(prefix))));
}

function byCodes(a: CatalogueEntry, b: CatalogueEntry): number {
  return (
    Number(isComprehensive(a)) - Number(isComprehensive(b)) ||
    b.diagnosis.length - a.diagnosis.length ||
    b.operations.length - a.operations.length
  );
}

function isNearer(a: CatalogueEntry, b: CatalogueEntry, cost: Fen): boolean {
  const order =
    byDistance(a, b, cost) ||
    ENTRY_TYPES.indexOf(a.type) - ENTRY_TYPES.indexOf(b.type) ||
    byText(a.code, b.code);
  return order < 0;
}

function isComprehensive({ type }: CatalogueEntry): boolean {
  return type.startsWith('comprehensive-');
}

function byDistance(a: CatalogueEntry, b: CatalogueEntry, cost: Fen): number {
  const [toA, toB] = [abs(subtract(cost, a.mean)), abs(subtract(cost, b.mean))];
  return toA === toB ? 0 : toA < toB ? -1 : 1;
}
