import type pg from 'pg';
import type { EnqueueDecision, NewMessage } from '../agency/outbox.js';
import { enqueue } from '../agency/outbox.repository.js';
import { type Canonical, digest } from '../kernel/hash.js';
import type { Month } from '../kernel/period.js';
import { saveLists } from './list.repository.js';
import type { CaseOf } from './list-case.repository.js';
import type { SettlementList } from './settlement-list.js';

export interface MonthOf {
  readonly consortium: string;
  readonly month: Month;
}

/** A list as the outbox keeps it. */
export function listContentOf(
  { month }: Pick<MonthOf, 'month'>,
  { each: { performedAt, case: one }, list }: MadeOf,
) {
  const { setlinfo, ...sections } = list;
  return { month, performedAt, claimNo: one.claimNo, head: setlinfo[0] ?? {}, sections };
}

interface MadeOf {
  readonly each: CaseOf;
  readonly list: SettlementList;
}

/** Writes lists into the outbox, each as its claim's next version where it says something new. */
export async function enqueueLists(
  client: pg.PoolClient,
  of: MonthOf & { readonly again: boolean },
  lists: readonly MadeOf[],
): Promise<readonly EnqueueDecision[]> {
  const messages = lists.map((one) => {
    const { settledBy, performedAt, case: settled } = one.each;
    const message = listMessage('4101A', of, { settledBy, content: listContentOf(of, one) });
    return { ...message, about: [performedAt, settled.claimNo] };
  });
  const done = await enqueue(client, messages, of.again);
  const saved = lists.map(({ each }, index) => ({
    institution: each.performedAt,
    claimNo: each.case.claimNo,
    settledBy: each.settledBy,
    personId: each.case.personId,
    outboxId: done[index]?.outboxId ?? '',
  }));
  await saveLists(client, of, saved);
  return done.map(({ decision }) => decision);
}

/** A message about lists; what it says tells it from others unless the caller knows better. */
export function listMessage(
  transactionCode: string,
  { consortium, month }: MonthOf,
  {
    settledBy,
    content,
  }: { readonly settledBy: string; readonly content: Readonly<Record<string, Canonical>> },
): NewMessage {
  const contentDigest = digest(content);
  return {
    ...{ consortium, transactionCode, month, content, contentDigest },
    institution: settledBy,
    about: [contentDigest],
    clearingType: null,
    parentId: null,
  };
}

/** Lists of one settlement unit side by side, at most so many a group. Given in order of settlement unit. */
export function grouped<List extends { readonly settledBy: string }>(
  lists: readonly List[],
  most: number,
): readonly { readonly settledBy: string; readonly lists: readonly List[] }[] {
  const groups: { readonly settledBy: string; readonly lists: List[] }[] = [];
  for (const list of lists) {
    const last = groups.at(-1);
    if (last?.settledBy === list.settledBy && last.lists.length < most) last.lists.push(list);
    else groups.push({ settledBy: list.settledBy, lists: [list] });
  }
  return groups;
}
