import { type CsvRow, cellOf, formatCsv, parseCsv } from './csv.js';
import { KnowledgeFileError } from './errors.js';
import type { KnowledgePoint, LimitOf, SetId } from './knowledge.js';
import { limitCells, limitColumns, limitFromCells } from './limit-columns.js';
import { RULE_CLASSES } from './rule-classes.js';

/** One batch of official lists (批次), or a dated revision. */
export interface Batch {
  readonly batch: string;
  readonly publishedOn: string;
  readonly title: string;
  /** Address of the announcement; '' when it is not known. */
  readonly url: string;
}

const FIRST_COLUMNS = ['id', 'batch', 'sequence', 'rule_class', 'name', 'codes'] as const;
const LAST_COLUMNS = [
  'text',
  'published_on',
  'effective_from',
  'effective_until',
  'supersedes',
] as const;

export function formatPoints(set: SetId, points: readonly KnowledgePoint[]): string {
  const rows = points.map((point) => [
    point.id,
    point.batch,
    String(point.sequence),
    point.ruleClass,
    point.name,
    point.codes.join(' '),
    ...limitCells(set, point.limit),
    point.text,
    point.publishedOn,
    point.effectiveFrom ?? '',
    point.effectiveUntil ?? '',
    point.supersedes ?? '',
  ]);
  return formatCsv([...FIRST_COLUMNS, ...limitColumns(set), ...LAST_COLUMNS], rows);
}

/** @throws KnowledgeFileError when a row is not a point of this set or its batch is not registered */
export function parsePoints<S extends SetId>(
  set: S,
  csv: string,
  batches: ReadonlyMap<string, Batch>,
): KnowledgePoint<S>[] {
  const file = `nhsa/${set}.csv`;
  return parseCsv(csv, file).map((row, index) => {
    const limit = limitFromCells(set, row);
    const batch = batches.get(cellOf(row, 'batch'));
    if (limit === null || batch === undefined) {
      const line = index + 2;
      throw new KnowledgeFileError(`${file} 第 ${line} 行的限定值或批次无效`, { file, line });
    }
    return pointOf(set, row, limit, batch);
  });
}

function pointOf<S extends SetId>(
  set: S,
  row: CsvRow,
  limit: LimitOf[S],
  batch: Batch,
): KnowledgePoint<S> {
  const ruleClass = cellOf(row, 'rule_class');
  return {
    id: cellOf(row, 'id'),
    set,
    batch: batch.batch,
    sequence: Number(cellOf(row, 'sequence')),
    officialCode: RULE_CLASSES.get(ruleClass)?.officialCode ?? null,
    ruleClass,
    name: cellOf(row, 'name'),
    codes: cellOf(row, 'codes').split(' '),
    limit,
    text: cellOf(row, 'text'),
    publishedOn: cellOf(row, 'published_on'),
    effectiveFrom: cellOf(row, 'effective_from') || null,
    effectiveUntil: cellOf(row, 'effective_until') || null,
    supersedes: cellOf(row, 'supersedes') || null,
    source: batch.url === '' ? batch.title : `${batch.title} ${batch.url}`,
  };
}

const BATCH_COLUMNS = ['batch', 'published_on', 'title', 'url'] as const;

export function formatBatches(batches: Iterable<Batch>): string {
  const rows = [...batches]
    .toSorted((a, b) => compareBatches(a.batch, b.batch))
    .map(({ batch, publishedOn, title, url }) => [batch, publishedOn, title, url]);
  return formatCsv(BATCH_COLUMNS, rows);
}

export function parseBatches(csv: string): Map<string, Batch> {
  return new Map(
    parseCsv(csv, 'nhsa/batches.csv').map((row) => [
      cellOf(row, 'batch'),
      {
        batch: cellOf(row, 'batch'),
        publishedOn: cellOf(row, 'published_on'),
        title: cellOf(row, 'title'),
        url: cellOf(row, 'url'),
      },
    ]),
  );
}

/** Numbered batches in order, then revisions by date. */
export function compareBatches(a: string, b: string): number {
  const [first, second] = [a, b].map((batch) =>
    /^\d+$/.test(batch) ? batch.padStart(4, '0') : batch,
  );
  return first === second ? 0 : (first ?? '') < (second ?? '') ? -1 : 1;
}
