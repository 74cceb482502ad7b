import { z } from 'zod';
import { type IsoDate, isIsoDate } from '../kernel/dates.js';

/** Cells of a row, by column. */
export type TableCells = Readonly<Record<string, string>>;

/** A row of a table as rules use it, and the cells it came from as evidence. */
export interface TableRow<Row> {
  readonly row: Row;
  readonly cells: TableCells;
  /** By service date; null = any. `until` is the first day no longer. */
  readonly from: IsoDate | null;
  readonly until: IsoDate | null;
}

/**
 * A table that rules go by and that localities fill (审核用表): one CSV of this name in `config/audit/tables` or in the site's `audit/`
 * folder, which adds to it. Every table may have the columns `from` and `until`, by service date.
 */
export interface LocalTable<Row> {
  readonly name: string;
  readonly title: string;
  /** Column → what it holds, in the order people write them. */
  readonly columns: Readonly<Record<string, string>>;
  readonly schema: z.ZodType<Row>;
  /** Codes by which a row is found. */
  codesOf(row: Row): readonly string[];
}

/** A table by the name that rules and files call it. */
export function defineTable<Row>(table: LocalTable<Row>): LocalTable<Row> {
  return table;
}

/** A table with its rows, found by code. */
export class LoadedTable<Row> {
  private readonly byCode = new Map<string, TableRow<Row>[]>();

  constructor(
    readonly table: LocalTable<Row>,
    readonly rows: readonly TableRow<Row>[],
  ) {
    for (const row of rows)
      for (const code of table.codesOf(row.row)) {
        const known = this.byCode.get(code);
        if (known === undefined) this.byCode.set(code, [row]);
        else known.push(row);
      }
  }

  get isEmpty(): boolean {
    return this.rows.length === 0;
  }

  codes(): Iterable<string> {
    return this.byCode.keys();
  }

  /** The rows of a code in force on a service date. */
  at(code: string, day: IsoDate): readonly TableRow<Row>[] {
    return (this.byCode.get(code) ?? []).filter(
      ({ from, until }) => (from === null || day >= from) && (until === null || day < until),
    );
  }
}

/** The tables of an installation; one that nobody filled is empty. */
export class LocalTables {
  constructor(private readonly loaded: ReadonlyMap<string, LoadedTable<unknown>>) {}

  get<Row>(table: LocalTable<Row>): LoadedTable<Row> {
    return (
      (this.loaded.get(table.name) as LoadedTable<Row> | undefined) ?? new LoadedTable(table, [])
    );
  }

  /** What a run's digest takes in: cells by table. */
  content(): Readonly<Record<string, readonly TableCells[]>> {
    return Object.fromEntries(
      [...this.loaded].map(([name, { rows }]) => [name, rows.map(({ cells }) => cells)]),
    );
  }
}

const date = z.string().refine(isIsoDate, '日期不存在或格式不是 YYYY-MM-DD');
const spanSchema = z.object({ from: date.optional(), until: date.optional() });

export type ParsedRow<Row> =
  | { readonly row: TableRow<Row> }
  | { readonly problems: readonly string[] };

/** Checks one row; blank cells are absent. */
export function parseRow<Row>(table: LocalTable<Row>, given: TableCells): ParsedRow<Row> {
  const cells = Object.fromEntries(Object.entries(given).filter(([, text]) => text !== ''));
  const { from, until, ...own } = cells;
  const span = spanSchema.safeParse({ from, until });
  const parsed = table.schema.safeParse(own);
  if (!span.success || !parsed.success)
    return {
      problems: [...(span.error?.issues ?? []), ...(parsed.error?.issues ?? [])].map(
        ({ path, message }) => `${path.join('.')}：${message}`,
      ),
    };
  return { row: { row: parsed.data, cells, from: from ?? null, until: until ?? null } };
}
