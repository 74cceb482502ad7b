import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, type ConfigProblem } from '../config/errors.js';
import { csvRows } from '../tables/sheet-reader.js';
import {
  LoadedTable,
  type LocalTable,
  LocalTables,
  parseRow,
  type TableCells,
  type TableRow,
} from './local-table.js';
import * as definitions from './tables/index.js';

export const TABLES: ReadonlyMap<string, LocalTable<unknown>> = new Map(
  Object.values(definitions).map((table) => [table.name, table as LocalTable<unknown>]),
);

/** Name of a table → its title. */
export const TABLE_TITLES: ReadonlyMap<string, string> = new Map(
  [...TABLES.values()].map(({ name, title }) => [name, title]),
);

/**
 * The tables of `config/audit/tables` with those of the site's `audit/` folder added.
 *
 * @throws ConfigError with every row that does not fit
 */
export function loadLocalTables(folders: readonly string[]): LocalTables {
  const problems: ConfigProblem[] = [];
  const rows = new Map<string, TableRow<unknown>[]>();
  for (const path of folders.flatMap(filesOf)) {
    const name = path.slice(path.lastIndexOf('/') + 1, -'.csv'.length);
    const table = TABLES.get(name);
    if (table === undefined) {
      problems.push(
        problem(path, 0, `没有审核用表 ${name}；可用：${[...TABLES.keys()].join('、')}`),
      );
      continue;
    }
    rows.set(name, [...(rows.get(name) ?? []), ...readRows(path, table, problems)]);
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return tablesOf(rows);
}

/** Tables from rows at hand. */
export function tablesOf(rows: ReadonlyMap<string, readonly TableRow<unknown>[]>): LocalTables {
  const loaded = new Map<string, LoadedTable<unknown>>();
  for (const [name, table] of TABLES)
    loaded.set(name, new LoadedTable(table, rows.get(name) ?? []));
  return new LocalTables(loaded);
}

function filesOf(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.csv'))
    .sort()
    .map((name) => join(folder, name));
}

function readRows(
  path: string,
  table: LocalTable<unknown>,
  problems: ConfigProblem[],
): TableRow<unknown>[] {
  const [head, ...body] = csvRows(readFileSync(path));
  const columns = (head?.cells ?? []).map(({ text }) => text);
  const known = [...Object.keys(table.columns), 'from', 'until'];
  const unknown = columns.filter((column) => !known.includes(column));
  if (unknown.length > 0)
    problems.push(problem(path, 1, `没有列 ${unknown.join('、')}；可用：${known.join('、')}`));
  return body.flatMap(({ number, cells }) => {
    const given: TableCells = Object.fromEntries(
      columns.map((column, index) => [column, cells[index]?.text ?? '']),
    );
    const parsed = parseRow(table, given);
    if ('row' in parsed) return [parsed.row];
    problems.push(...parsed.problems.map((message) => problem(path, number, message)));
    return [];
  });
}

function problem(path: string, line: number, message: string): ConfigProblem {
  return { path, line, column: 0, message };
}
