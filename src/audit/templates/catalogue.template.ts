import { z } from 'zod';
import { whole } from '../../config/values.js';
import { addDays, type IsoDate } from '../../kernel/dates.js';
import type { LineFacts } from '../facts.js';
import type { LoadedTable, LocalTables, TableRow } from '../local-table.js';
import { FAMILIES, familyNumber, NO_FAMILY, OTHER_FAMILY } from '../screen/item-table.js';
import type { RowCheck } from '../screen/row-check.js';
import { type CatalogueItem, catalogue, familyOf } from '../tables/catalogue.js';
import {
  defineTemplate,
  type EvaluationContext,
  type Hit,
  lineHit,
  wholeLine,
} from '../template.js';

const params = z.discriminatedUnion('about', [
  /** An item that is not in the catalogue, or of class 丙, within the scope of insurance. */
  z.strictObject({ about: z.literal('coverage') }),
  /** An item of the catalogue that is not valid on the day. */
  z.strictObject({
    about: z.literal('validity'),
    /** Days an item may still be charged after its last day. */
    graceDays: whole(0, 366),
  }),
]);
type Params = z.infer<typeof params>;
type Row = TableRow<CatalogueItem>;
type Table = LoadedTable<CatalogueItem>;

/** What the local catalogue says of a line that is within the scope of insurance (目录外费用、编码无效或过期). */
export const catalogueItems = defineTemplate<Params>({
  name: 'catalogue',
  params,
  trigger: 'codes',
  needs: () => ({ tables: [catalogue] }),
  codes: ({ about }, _knowledge, tables) =>
    about === 'coverage' ? null : tables.get(catalogue).codes(),
  rowChecks: (limits, _knowledge, tables) =>
    limits.about === 'coverage' ? coverageChecks(tables) : validityChecks(tables, limits.graceDays),

  evaluate(_person, lines, context) {
    const table = context.tables.get(catalogue);
    const judge = context.params.about === 'coverage' ? coverageOf : validityOf(context.params);
    return lines
      .filter(({ eligibleFen }) => eligibleFen > 0n)
      .flatMap((line) => judge(line, table, context) ?? []);
  },
});

type Judge = (line: LineFacts, table: Table, context: EvaluationContext<Params>) => Hit | null;

const coverageOf: Judge = (line, table, { notApplicable }) => {
  if (line.itemCode === null) {
    notApplicable('unmapped-items', line.claim);
    return null;
  }
  const known = rowsOf(table, line.itemCode);
  const inForce = table.at(line.itemCode, line.chargedOn);
  const [row] = inForce;
  if (row !== undefined && inForce.every(isExcluded))
    return hitOf(line, '属丙类，基金不予支付', row);
  if (known.length > 0) return null;
  if (familiesOf(table).has(familyOf(line.itemCode))) return hitOf(line, '不在本地目录内', null);
  notApplicable('family-not-listed', line.claim);
  return null;
};

function validityOf(limits: Params): Judge {
  const graceDays = limits.about === 'validity' ? limits.graceDays : 0;
  return (line, table) => {
    const rows = rowsOf(table, line.itemCode ?? '');
    const gap = gapsOf(rows, graceDays).find(
      ({ from, until }) =>
        (from === null || line.chargedOn >= from) && (until === null || line.chargedOn < until),
    );
    return gap === undefined ? null : hitOf(line, gapWords(gap, graceDays), gap.row);
  };
}

function hitOf(line: LineFacts, why: string, row: Row | null): Hit {
  return lineHit({
    windowKey: line.chargedOn,
    violating: [wholeLine(line)],
    facts: { item: line.itemName, code: line.itemCode ?? '', on: line.chargedOn, why },
    point: null,
    ...(row === null ? {} : { tableRow: { table: catalogue.name, cells: row.cells } }),
  });
}

/** Days on which an item is not valid. */
interface Gap {
  readonly from: IsoDate | null;
  readonly until: IsoDate | null;
  /** The row that ended before, else the one that begins after. */
  readonly row: Row;
}

function gapWords({ from, row }: Gap, graceDays: number): string {
  if (from === null) return `自 ${row.from} 起有效，收费时尚未生效`;
  return `自 ${row.until} 起失效，宽限 ${graceDays} 天已过`;
}

/** Before the first row, between two rows, after the last one: each with the grace that follows a row. */
function gapsOf(rows: readonly Row[], graceDays: number): Gap[] {
  const ordered = rows.toSorted((a, b) => ((a.from ?? '') < (b.from ?? '') ? -1 : 1));
  const [first] = ordered;
  if (first === undefined) return [];
  const gaps: Gap[] = first.from === null ? [] : [{ from: null, until: first.from, row: first }];
  let last = first;
  for (const row of ordered.slice(1)) {
    const from = afterGrace(last, graceDays);
    if (from !== null && row.from !== null && from < row.from)
      gaps.push({ from, until: row.from, row: last });
    if (last.until !== null && (row.until === null || row.until > last.until)) last = row;
  }
  const from = afterGrace(last, graceDays);
  return from === null ? gaps : [...gaps, { from, until: null, row: last }];
}

function afterGrace({ until }: Row, graceDays: number): IsoDate | null {
  return until === null ? null : addDays(until, graceDays);
}

const byTable = new WeakMap<Table, ReadonlyMap<string, readonly Row[]>>();

/** Every row of a code, whenever in force. */
function rowsOf(table: Table, code: string): readonly Row[] {
  const known = byTable.get(table) ?? rowsByCode(table);
  byTable.set(table, known);
  return known.get(code) ?? [];
}

function rowsByCode({ rows }: Table): ReadonlyMap<string, readonly Row[]> {
  const byCode = new Map<string, Row[]>();
  for (const row of rows) {
    const own = byCode.get(row.row.code);
    if (own === undefined) byCode.set(row.row.code, [row]);
    else own.push(row);
  }
  return byCode;
}

function familiesOf(table: Table): ReadonlySet<string> {
  return new Set([...table.codes()].map(familyOf));
}

function isExcluded({ row: { payClass } }: Row): boolean {
  return payClass === '丙';
}

/**
 * Class 丙 hits outright, where no other row may say otherwise. Of lines without a code, and of families that the table does not list at all,
 * nothing can be said; about every other line whose code is not listed `evaluate` is asked.
 */
function coverageChecks(tables: LocalTables): RowCheck[] {
  const codes = [...rowsByCode(tables.get(catalogue))];
  const excluded = codes.flatMap(([code, rows]) =>
    rows.every(isExcluded) ? rows.map(({ from, until }) => ({ code, from, until })) : [],
  );
  const settled = codes.flatMap(([code, rows]) =>
    rows.every(isExcluded) || !rows.some(isExcluded) ? [code] : [],
  );
  const listed = new Set([...familiesOf(tables.get(catalogue))].map(familyNumber));
  const others = Array.from({ length: FAMILIES }, (_, family) => family).filter(
    (family) => family !== NO_FAMILY && !listed.has(family) && family !== OTHER_FAMILY,
  );
  const unsure = (families: Iterable<number>): RowCheck => ({
    ...{ codes: null, exceptCodes: settled, withinScope: true },
    ...{ effectiveFrom: null, effectiveUntil: null, profile: () => 'unsure' },
    tests: [{ kind: 'of-family', families: new Set(families) }],
  });
  return [
    ...bySpan(excluded).map((check) => ({ ...check, profile: () => 'hit' as const })),
    unsure([...listed, OTHER_FAMILY]),
    { ...unsure([NO_FAMILY]), unjudged: 'unmapped-items' },
    { ...unsure(others), unjudged: 'family-not-listed' },
  ];
}

function validityChecks(tables: LocalTables, graceDays: number): RowCheck[] {
  const spans = [...rowsByCode(tables.get(catalogue))].flatMap(([code, rows]) =>
    gapsOf(rows, graceDays).map(({ from, until }) => ({ code, from, until })),
  );
  return bySpan(spans).map((check) => ({ ...check, profile: () => 'hit' as const }));
}

/** One check for all codes of the same span of dates. */
function bySpan(
  spans: readonly { code: string; from: IsoDate | null; until: IsoDate | null }[],
): Omit<RowCheck, 'profile'>[] {
  const groups = new Map<
    string,
    { from: IsoDate | null; until: IsoDate | null; codes: string[] }
  >();
  for (const { code, from, until } of spans) {
    const key = `${from} ${until}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { from, until, codes: [code] });
    else group.codes.push(code);
  }
  return [...groups.values()].map(({ from, until, codes }) => ({
    ...{ codes, effectiveFrom: from, effectiveUntil: until, withinScope: true, tests: [] },
  }));
}
