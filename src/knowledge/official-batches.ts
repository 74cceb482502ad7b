import { z } from 'zod';
import { isIsoDate } from '../kernel/dates.js';
import { isNationalCode, type OfficialPoint, type PointReference, tidy } from './official-point.js';
import type { OfficialList } from './official-workbook.js';
import type { Batch } from './point-table.js';
import { RULE_CLASSES } from './rule-classes.js';

const record = z.object({
  kp_id: z.string().min(1),
  rule_class: z.string().min(1),
  med_codes: z.array(z.string()),
  item_name: z.string().min(1),
  constraint: z.string().nullable(),
  batch: z.int().min(1).max(999).nullable(),
  published_at: z.string().refine(isIsoDate).nullable(),
  supersedes: z.string().nullable(),
  source: z.object({ announcement_url: z.string().nullable() }),
});
type BatchRecord = z.infer<typeof record>;

/** A file of records, one a knowledge point, of many batches: the JSON form of the official lists. */
export const batchRecords = z.array(record).min(1);

export interface OfficialBatches extends OfficialList {
  /** Batches the records date. */
  readonly batches: readonly Batch[];
  /** Official class of points whose own list does not say it, by {@link pointKey}. */
  readonly classes: ReadonlyMap<string, string>;
}

export function pointKey({ batch, set, name }: PointReference): string {
  return `${batch}/${set}/${name}`;
}

/**
 * Reads JSON batches. Undated records repeat batches whose workbooks say more (sexes, pair windows, quantities): of those only
 * the class of each point is taken, and its identity, so that a revision finds what it supersedes.
 */
export function readOfficialBatches(
  records: readonly BatchRecord[],
  file: string,
): OfficialBatches {
  const references = new Map(records.map((entry) => [entry.kp_id, referenceOf(entry)]));
  const points: OfficialPoint[] = [];
  const problems: string[] = [];
  const batches = new Map<string, Batch>();
  const classes = new Map<string, string>();
  for (const [index, entry] of records.entries()) {
    const place = `${file} 第 ${index + 1} 条`;
    const reference = references.get(entry.kp_id) ?? null;
    const earlier = entry.supersedes === null ? null : references.get(entry.supersedes);
    const problem = problemOf(entry, reference, earlier);
    if (problem !== null || reference === null) {
      problems.push(`${place}：${problem ?? '无法识别'}`);
    } else if (entry.published_at === null) {
      classes.set(pointKey(reference), entry.rule_class);
    } else {
      batches.set(reference.batch, batchOf(entry, reference.batch));
      points.push(pointOf(entry, reference, earlier ?? null, place));
    }
  }
  return { points, problems, remarks: 0, batches: [...batches.values()], classes };
}

function problemOf(
  entry: BatchRecord,
  reference: PointReference | null,
  earlier: PointReference | null | undefined,
): string | null {
  if (reference === null) return `不认识的规则分类“${entry.rule_class}”，或既无批次又无日期`;
  if (earlier === undefined) return `被替代的知识点 ${entry.supersedes} 不在文件中`;
  if (entry.published_at === null) return null;
  if (entry.med_codes.length === 0) return `“${entry.item_name}”没有编码`;
  const invalid = entry.med_codes.find((code) => !isNationalCode(code));
  return invalid === undefined ? null : `“${invalid}”不是国家编码`;
}

function referenceOf({
  batch,
  rule_class,
  item_name,
  published_at,
}: BatchRecord): PointReference | null {
  const ruleClass = RULE_CLASSES.get(rule_class);
  const key = batch === null ? published_at : String(batch);
  if (ruleClass === undefined || key === null) return null;
  return { batch: key, set: ruleClass.set, name: tidy(item_name) };
}

function batchOf({ batch, published_at, source }: BatchRecord, key: string): Batch {
  return {
    batch: key,
    publishedOn: published_at ?? '',
    title:
      batch === null
        ? `国家医保局智能监管知识点更新 ${key}`
        : `国家医保局智能监管知识点 第${key}批`,
    url: source.announcement_url ?? '',
  };
}

function pointOf(
  entry: BatchRecord,
  reference: PointReference,
  supersedes: PointReference | null,
  place: string,
): OfficialPoint {
  return {
    ...reference,
    ruleClass: entry.rule_class,
    codes: entry.med_codes,
    text: tidy(entry.constraint ?? ''),
    cells: {},
    supersedes,
    place,
  };
}
