import type { ListFault, ListField } from './field-table.js';
import type { ListStanding } from './list.repository.js';

export const LIST_DIFFERENCES = {
  'agency-lacks': '经办机构应收多于已收',
  'not-taken': '已写入发件箱，尚未受理',
  rejected: '被经办机构退回',
  'not-submitted': '已受理，尚未提交',
} as const;
export type ListDifferenceKind = keyof typeof LIST_DIFFERENCES;

/** So many lists of a settlement unit that are not where they should be. */
export interface ListDifference {
  readonly institution: string;
  readonly kind: ListDifferenceKind;
  readonly lists: number;
}

/** What stands between us and the agency, by kind; empty when every list that either side knows of is submitted. */
export function listDifferences(standing: readonly ListStanding[]): readonly ListDifference[] {
  return standing.flatMap(({ institution, ...of }) => {
    const found: readonly (readonly [ListDifferenceKind, number])[] = [
      ['agency-lacks', (of.needed ?? 0) - (of.uploaded ?? 0)],
      ['not-taken', of.waiting + of.unknown],
      ['rejected', of.rejected],
      ['not-submitted', of.taken],
    ];
    return found
      .filter(([, lists]) => lists > 0)
      .map(([kind, lists]) => ({ institution, kind, lists }));
  });
}

/** How often a fault occurs, the most frequent first. */
export interface FaultCount extends Pick<ListFault, 'section' | 'field' | 'message'> {
  /** Lists that have it. */
  readonly lists: number;
  /** Whether a hospital's supplement is what fills the field. */
  readonly supplemented: boolean;
}

export function rankedFaults(
  faulty: readonly { readonly faults: readonly ListFault[] }[],
  table: readonly ListField[],
): readonly FaultCount[] {
  const ours = new Set(
    table.filter(({ from }) => from !== null).map(({ section, field }) => `${section} ${field}`),
  );
  const counts = new Map<string, { fault: ListFault; lists: number }>();
  for (const { faults } of faulty) {
    const inList = new Map(
      faults.map((each) => [`${each.section} ${each.field} ${each.message}`, each]),
    );
    for (const [key, fault] of inList) {
      const lists = (counts.get(key)?.lists ?? 0) + 1;
      counts.set(key, { fault, lists });
    }
  }
  return [...counts.values()]
    .sort((a, b) => b.lists - a.lists)
    .map(({ fault: { section, field, message }, lists }) => ({
      ...{ section, field, message, lists },
      supplemented: !ours.has(`${section} ${field}`),
    }));
}
