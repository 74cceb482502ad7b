import { BadRequestException, UnsupportedMediaTypeException } from '@nestjs/common';
import { csvRows } from '../tables/sheet-reader.js';
import type { SheetRow } from '../tables/spreadsheet.js';
import { workbookRows } from '../tables/workbook.client.js';

/** Bodies taken as bytes: workbooks and tables that people upload. */
export const SHEET_TYPES = [
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'text/csv',
] as const;

/** An xlsx file is a zip archive. */
const ZIP = Buffer.from('PK\u0003\u0004');

/**
 * Rows of an uploaded sheet, by what the bytes are and not by what the sender calls them.
 *
 * @throws UnsupportedMediaTypeException, BadRequestException
 */
export async function sheetRows(body: unknown): Promise<readonly SheetRow[]> {
  if (!Buffer.isBuffer(body) || body.length === 0)
    throw new UnsupportedMediaTypeException(`请以 ${SHEET_TYPES.join(' 或 ')} 上传文件`);
  try {
    return body.subarray(0, ZIP.length).equals(ZIP) ? await workbookRows(body) : csvRows(body);
  } catch {
    throw new BadRequestException('不是可读的 xlsx 或 CSV 文件');
  }
}
