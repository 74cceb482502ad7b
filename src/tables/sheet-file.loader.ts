import { readFileSync, statSync } from 'node:fs';
import { ConfigError } from '../config/errors.js';
import { csvRows } from './sheet-reader.js';
import type { SheetRow } from './spreadsheet.js';
import { workbookRows } from './workbook.client.js';

/** How large a sheet may be. */
export interface SheetLimits {
  readonly rows: number;
  readonly bytes: number;
}

/** The rows of an .xlsx or .csv file, by its name. @throws ConfigError when it is too large or no such table */
export async function readSheetFile(
  path: string,
  limits: SheetLimits,
): Promise<readonly SheetRow[]> {
  const { size } = statSync(path);
  if (size > limits.bytes) throw problem(path, `文件有 ${size} 字节，超过上限 ${limits.bytes}`);
  return sheetRows(readFileSync(path), { name: path, limits });
}

/** The same of bytes that came over the wire. @throws ConfigError */
export async function sheetRows(
  bytes: Uint8Array,
  { name, limits }: { readonly name: string; readonly limits: SheetLimits },
): Promise<readonly SheetRow[]> {
  const rows = await parsed(bytes, name);
  if (rows.length > limits.rows + 1)
    throw problem(name, `有 ${rows.length - 1} 行，超过上限 ${limits.rows}`);
  return rows;
}

async function parsed(bytes: Uint8Array, name: string): Promise<readonly SheetRow[]> {
  try {
    return /\.csv$/i.test(name) ? csvRows(bytes) : await workbookRows(bytes);
  } catch {
    throw problem(name, '不是可以读取的 .xlsx 或 .csv 表格');
  }
}

function problem(path: string, message: string): ConfigError {
  return new ConfigError([{ path, line: 0, column: 0, message }]);
}
