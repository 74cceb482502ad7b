import { digest, sha256 } from '../kernel/hash.js';
import { type KnowledgePoint, type LimitOf, SET_IDS, type SetId } from './knowledge.js';
import { deriveLimit } from './limits.js';
import { pointKey } from './official-batches.js';
import type { OfficialPoint } from './official-point.js';
import { type Batch, compareBatches, formatBatches, formatPoints } from './point-table.js';
import { RULE_CLASSES } from './rule-classes.js';

/** Everything an import brings together: what is in the base already, and the lists read. */
export interface ReleaseParts {
  readonly existing: readonly KnowledgePoint[];
  readonly incoming: readonly OfficialPoint[];
  readonly batches: ReadonlyMap<string, Batch>;
  /** Classes known from elsewhere, by `pointKey`. */
  readonly classes: ReadonlyMap<string, string>;
}

export interface AssembledRelease {
  readonly points: readonly KnowledgePoint[];
  /** Each stops the import. */
  readonly problems: readonly string[];
  /** Worth a look, but resolved: which value was taken where a list contradicts itself. */
  readonly notes: readonly string[];
}

/**
 * The knowledge base after an import. A list replaces the same batch and set as a whole; every other point stays. Dates in force
 * follow from who supersedes whom, so they are worked out anew for all points.
 */
export function assembleRelease(parts: ReleaseParts): AssembledRelease {
  const replaced = new Set(parts.incoming.map(({ batch, set }) => `${batch}/${set}`));
  const kept = parts.existing.filter(({ batch, set }) => !replaced.has(`${batch}/${set}`));
  const assembly = new Assembly(kept, parts);
  for (const official of parts.incoming.toSorted((a, b) => compareBatches(a.batch, b.batch))) {
    assembly.add(official);
  }
  return { points: inForce(assembly.points), problems: assembly.problems, notes: assembly.notes };
}

class Assembly {
  readonly points: KnowledgePoint[];
  readonly problems: string[] = [];
  readonly notes: string[] = [];
  private readonly byKey: Map<string, KnowledgePoint>;
  private readonly lastSequence = new Map<string, number>();

  constructor(
    kept: readonly KnowledgePoint[],
    private readonly parts: ReleaseParts,
  ) {
    this.points = [...kept];
    this.byKey = new Map(kept.map((point) => [pointKey(point), point]));
  }

  add(listed: OfficialPoint): void {
    const ruleClass = this.parts.classes.get(pointKey(listed)) ?? listed.ruleClass;
    const official = { ...listed, ruleClass };
    const batch = this.parts.batches.get(official.batch);
    if (batch === undefined) {
      this.report(
        `批次 ${official.batch} 没有登记，请在 knowledge/nhsa/batches.csv 中写明发布日期`,
      );
      return;
    }
    const earlier = this.earlierOf(official);
    const limit = deriveLimit(official.set, official, earlier?.limit ?? null);
    if (limit === null || ruleClass === null) {
      this.problems.push(`${official.place}：“${official.name}”看不出限定值`);
      return;
    }
    this.noteContradiction(official, limit);
    const point = this.pointOf(official, batch, { limit, ruleClass, earlier });
    this.points.push(point);
    this.byKey.set(pointKey(point), point);
  }

  private pointOf(
    official: OfficialPoint,
    batch: Batch,
    found: { limit: LimitOf[SetId]; ruleClass: string; earlier: KnowledgePoint | null },
  ): KnowledgePoint {
    const list = `${official.batch}/${official.set}`;
    const sequence = (this.lastSequence.get(list) ?? 0) + 1;
    this.lastSequence.set(list, sequence);
    return {
      id: `${official.batch.padStart(2, '0')}-${official.set}-${String(sequence).padStart(4, '0')}`,
      set: official.set,
      batch: official.batch,
      sequence,
      officialCode: RULE_CLASSES.get(found.ruleClass)?.officialCode ?? null,
      ruleClass: found.ruleClass,
      name: official.name,
      codes: official.codes,
      limit: found.limit,
      text: official.text,
      publishedOn: batch.publishedOn,
      effectiveFrom: null,
      effectiveUntil: null,
      supersedes: found.earlier?.id ?? null,
      source: batch.title,
    };
  }

  private earlierOf({ supersedes, place }: OfficialPoint): KnowledgePoint | null {
    if (supersedes === null) return null;
    const earlier = this.byKey.get(pointKey(supersedes));
    if (earlier === undefined) {
      this.notes.push(`${place}：被替代的 ${pointKey(supersedes)} 不在库中，按新增处理`);
    }
    return earlier ?? null;
  }

  private noteContradiction(official: OfficialPoint, limit: LimitOf[SetId]): void {
    const byCell = deriveLimit(official.set, { ...official, text: '' }, null);
    const [stated, taken] = [byCell, limit].map((each) =>
      JSON.stringify(Object.values(each ?? {})[0]),
    );
    if (stated !== undefined && stated !== taken) {
      this.notes.push(
        `${official.place}：“${official.name}”限定列为 ${stated}，说明文字为 ${taken}，采用文字`,
      );
    }
  }

  private report(problem: string): void {
    if (!this.problems.includes(problem)) this.problems.push(problem);
  }
}

/** Sets the service dates each point applies to. */
function inForce(points: readonly KnowledgePoint[]): KnowledgePoint[] {
  const until = new Map<string, string>();
  for (const { supersedes, publishedOn } of points) {
    const known = supersedes === null ? undefined : until.get(supersedes);
    if (supersedes !== null && (known === undefined || publishedOn < known)) {
      until.set(supersedes, publishedOn);
    }
  }
  return points
    .map((point) => ({
      ...point,
      effectiveFrom: point.supersedes === null ? null : point.publishedOn,
      effectiveUntil: until.get(point.id) ?? null,
    }))
    .toSorted((a, b) => compareBatches(a.batch, b.batch) || a.sequence - b.sequence);
}

/** What `nhsa/release.json` says about the tables beside it. */
export interface ReleaseManifest {
  /** Digest of all tables: the name of this release in every audit run. */
  readonly release: string;
  readonly sets: Readonly<Record<string, { readonly points: number; readonly sha256: string }>>;
}

/** The files of a release, by path below the knowledge folder. Same points, same bytes. */
export function renderRelease(
  points: readonly KnowledgePoint[],
  batches: ReadonlyMap<string, Batch>,
): ReadonlyMap<string, string> {
  const files = new Map([['nhsa/batches.csv', formatBatches(batches.values())]]);
  const sets: Record<string, ReleaseManifest['sets'][string]> = {};
  for (const set of SET_IDS) {
    const ofSet = points.filter((point) => point.set === set);
    const csv = formatPoints(set, ofSet);
    files.set(`nhsa/${set}.csv`, csv);
    sets[set] = { points: ofSet.length, sha256: sha256(csv) };
  }
  const manifest: ReleaseManifest = {
    release: digest({ batches: sha256(files.get('nhsa/batches.csv') ?? ''), sets }),
    sets,
  };
  return files.set('nhsa/release.json', `${JSON.stringify(manifest, null, 2)}\n`);
}

export interface BatchSummary {
  /** 1 … 17, or the date of a revision. */
  readonly batch: number | string;
  /** Rows of the official lists: one a code, one a pair. */
  readonly rows: number;
  readonly points: number;
  readonly publishedOn: string;
  readonly title: string;
}

export function summariseBatches(
  points: readonly KnowledgePoint[],
  batches: Iterable<Batch>,
): BatchSummary[] {
  return [...batches]
    .toSorted((a, b) => compareBatches(a.batch, b.batch))
    .map(({ batch, publishedOn, title }) => {
      const ofBatch = points.filter((point) => point.batch === batch);
      const rows = ofBatch.reduce((total, point) => total + point.codes.length, 0);
      const key = /^\d+$/.test(batch) ? Number(batch) : batch;
      return { batch: key, rows, points: ofBatch.length, publishedOn, title };
    });
}
