import type { IsoDate } from '../kernel/dates.js';
import { digest } from '../kernel/hash.js';
import { type KnowledgeBase, type KnowledgePoint, KnowledgeSet, type SetId } from './knowledge.js';
import { limitFromCells } from './limit-columns.js';

/** A point a locality adds to a national set, or an item it takes out of one; each with the document that says so. */
export interface RegionalPoint {
  readonly action: 'add' | 'withdraw';
  readonly set: SetId;
  readonly code: string;
  readonly name: string;
  /** Of an added point, as the set's own columns: `max_quantity=2; unit=time`. */
  readonly limit: Readonly<Record<string, string>>;
  readonly text: string;
  readonly document: string;
  /** First service date; null = any. */
  readonly from: IsoDate | null;
  /** First service date on which it no longer holds. */
  readonly until: IsoDate | null;
}

/** The national base as a locality applies it; without regional points it is the base itself. */
export function withRegionalPoints(
  base: KnowledgeBase,
  regional: readonly RegionalPoint[],
): KnowledgeBase {
  if (regional.length === 0) return base;
  const sets = new Map<SetId, KnowledgeSet>();
  const release = digest({
    release: base.release,
    regional: regional.map((point) => ({ ...point, limit: { ...point.limit } })),
  });
  return {
    release,
    set: <S extends SetId>(id: S) => {
      const known = sets.get(id);
      if (known !== undefined) return known as unknown as KnowledgeSet<S>;
      const set = adapted(
        base.set(id),
        regional.filter((each) => each.set === id),
      );
      sets.set(id, set as unknown as KnowledgeSet);
      return set;
    },
  };
}

function adapted<S extends SetId>(
  set: KnowledgeSet<S>,
  regional: readonly RegionalPoint[],
): KnowledgeSet<S> {
  if (regional.length === 0) return set;
  const withdrawn = regional.filter(({ action }) => action === 'withdraw');
  const added = regional.filter(({ action }) => action === 'add');
  return new KnowledgeSet(set.id, [
    ...set.points.flatMap((point) => without(point, withdrawn)),
    ...added.flatMap((each, index) => pointOf(set.id, each, index)),
  ]);
}

/** The point without its withdrawn codes; each of those keeps the dates on which it is not withdrawn. */
function without<S extends SetId>(
  point: KnowledgePoint<S>,
  withdrawn: readonly RegionalPoint[],
): KnowledgePoint<S>[] {
  const gone = withdrawn.filter(
    (each) =>
      point.codes.includes(each.code) && isOfPair(point.limit, each.limit['contained_code']),
  );
  if (gone.length === 0) return [point];
  const codes = point.codes.filter((code) => !gone.some((each) => each.code === code));
  const kept = codes.length === 0 ? [] : [{ ...point, codes }];
  return [...kept, ...gone.flatMap((each) => outside(point, each))];
}

/** Of pairs a withdrawal may name the contained item; without it all pairs of the code go. */
function isOfPair(limit: object, contained: string | undefined): boolean {
  return (
    contained === undefined || !('containedCode' in limit) || limit.containedCode === contained
  );
}

function outside<S extends SetId>(
  point: KnowledgePoint<S>,
  { code, from, until }: RegionalPoint,
): KnowledgePoint<S>[] {
  const parts: KnowledgePoint<S>[] = [];
  if (from !== null && isEarlier(point.effectiveFrom, from))
    parts.push({ ...point, codes: [code], effectiveUntil: earliest(point.effectiveUntil, from) });
  if (until !== null && (point.effectiveUntil === null || until < point.effectiveUntil))
    parts.push({ ...point, codes: [code], effectiveFrom: latest(point.effectiveFrom, until) });
  return parts;
}

function isEarlier(date: IsoDate | null, than: IsoDate): boolean {
  return date === null || date < than;
}

function earliest(date: IsoDate | null, other: IsoDate): IsoDate {
  return date === null || other < date ? other : date;
}

function latest(date: IsoDate | null, other: IsoDate): IsoDate {
  return date === null || other > date ? other : date;
}

function pointOf<S extends SetId>(set: S, each: RegionalPoint, index: number): KnowledgePoint<S>[] {
  const limit = limitFromCells(set, each.limit);
  if (limit === null) return [];
  return [
    {
      ...{ id: `regional-${set}-${String(index + 1).padStart(4, '0')}`, set, limit },
      ...{ batch: 'regional', sequence: index + 1, officialCode: null, ruleClass: '地方补充' },
      ...{ name: each.name, codes: [each.code], text: each.text, publishedOn: each.from ?? '' },
      ...{ effectiveFrom: each.from, effectiveUntil: each.until, supersedes: null },
      source: each.document,
    },
  ];
}
