import type { KnowledgeBase, SetId } from '../../src/knowledge/knowledge.js';

const SETS: readonly (readonly [SetId, number])[] = [
  ['drug-sex', 300],
  ['item-sex', 200],
  ['drug-age', 200],
  ['item-age', 25],
  ['insurance-type', 40],
  ['care-setting', 120],
  ['institution-level', 200],
  ['tcm-pieces', 120],
  ['second-line', 120],
];
const PLACES = 4_000;

/** Items to draw from: the given share of places holds codes of the knowledge base, the rest codes that no rule knows. */
export function itemList(knowledge: KnowledgeBase, share: number): string[] {
  const known = SETS.flatMap(([set, count]) => [...knowledge.set(set).codes()].slice(0, count));
  const held = Math.round(PLACES * share);
  return Array.from({ length: PLACES }, (_, place) =>
    place < held ? (known[place % known.length] ?? '') : `N${String(place).padStart(19, '0')}`,
  );
}
