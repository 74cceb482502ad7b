import type { KnowledgePoint, SetId } from './knowledge.js';
import { SET_IDS } from './knowledge.js';

/** What a release says of one item under one set, as far as it is still in force. */
interface ItemLimit {
  readonly code: string;
  readonly name: string;
  readonly limit: string;
}

export interface ChangedItem {
  readonly code: string;
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

/** What a new release changes of one set (知识点变化): items that get a limit, lose it, or get another one. */
export interface SetChange {
  readonly set: SetId;
  readonly added: readonly ItemLimit[];
  readonly removed: readonly ItemLimit[];
  readonly changed: readonly ChangedItem[];
}

/** Sets that differ, in the order of SET_IDS; compared by item, whatever batch or row says it. */
export function compareReleases(
  before: readonly KnowledgePoint[],
  after: readonly KnowledgePoint[],
): readonly SetChange[] {
  return SET_IDS.map((set): SetChange => {
    const [old, now] = [limitsOf(set, before), limitsOf(set, after)];
    return {
      set,
      added: [...now].filter(([key]) => !old.has(key)).map(([, item]) => item),
      removed: [...old].filter(([key]) => !now.has(key)).map(([, item]) => item),
      changed: [...now].flatMap(([key, { code, name, limit }]) => {
        const known = old.get(key);
        return known === undefined || known.limit === limit
          ? []
          : [{ code, name, before: known.limit, after: limit }];
      }),
    };
  }).filter(({ added, removed, changed }) => added.length + removed.length + changed.length > 0);
}

/** By code, of a pair by both; where several points limit one item, all of them in one text. */
function limitsOf(set: SetId, points: readonly KnowledgePoint[]): ReadonlyMap<string, ItemLimit> {
  const found = new Map<string, ItemLimit>();
  for (const point of points) {
    if (point.set !== set || point.effectiveUntil !== null) continue;
    const contained = 'containedCode' in point.limit ? ` ${point.limit.containedCode}` : '';
    for (const code of point.codes) {
      const key = `${code}${contained}`;
      const texts = [found.get(key)?.limit, limitText(point)].filter((each) => each !== undefined);
      const limit = [...new Set(texts)].sort().join(' / ');
      found.set(key, { code: key, name: point.name, limit });
    }
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A set whose wording is the limit is compared by its wording. */
function limitText({ limit, text }: KnowledgePoint): string {
  const cells = Object.entries(limit).filter(([name]) => !name.startsWith('contained'));
  if (cells.length === 0) return text;
  return cells
    .map(
      ([name, value]) => `${name}=${Array.isArray(value) ? value.join('+') : String(value ?? '')}`,
    )
    .sort()
    .join(' ');
}
