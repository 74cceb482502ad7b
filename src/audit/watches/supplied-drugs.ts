import type { DrugIdentity } from '../drug-identity.js';
import type { ItemNames } from '../screen/item-table.js';
import { ROW } from '../screen/positional-row.js';
import { KeptLines } from './kept-lines.js';

/** As many as a probe's lines can tell apart; drugs that share a number are suspected together. */
const DRUGS = 2 ** 16;

/** Keeps supplies by drug: the days of each line, once for its ingredient and once for its class. */
export function suppliedDrugs(
  items: ItemNames,
  drugsOf: (code: string) => readonly DrugIdentity[],
): KeptLines {
  const numbers = new Map<string, number>();
  const numberOf = (name: string): number => {
    const known = numbers.get(name) ?? numbers.size % DRUGS;
    numbers.set(name, known);
    return known;
  };
  const ofItem: (readonly number[])[] = [];
  const drugs = (item: number): readonly number[] => {
    const names = drugsOf(items.codeOf(item) ?? '').flatMap(({ ingredient, subclass }) =>
      subclass === null ? [`1 ${ingredient}`] : [`1 ${ingredient}`, `2 ${subclass}`],
    );
    return [...new Set(names.map(numberOf))];
  };
  return new KeptLines((from, kept, keep) => {
    const days = from[ROW.days] ?? 0;
    const item = from[ROW.item] ?? 0;
    if (days <= 0) return;
    const known = ofItem[item] ?? drugs(item);
    ofItem[item] = known;
    kept[ROW.quantity] = days;
    for (const drug of known) {
      kept[ROW.code] = drug;
      keep();
    }
  });
}
