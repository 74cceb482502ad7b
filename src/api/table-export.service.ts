import { Injectable, StreamableFile } from '@nestjs/common';
import { csvText, type SheetColumn } from '../tables/spreadsheet.js';
import { workbookBytes } from '../tables/workbook.client.js';
import type { Caller } from './caller.js';
import type { ExportColumn } from './export-format.js';
import type { HttpRequest } from './http.js';
import type { Listing } from './listing.js';
import { OperatorLog } from './operator-log.service.js';
import { ReadRepository, type Row } from './read.repository.js';

export interface ExportRequest {
  readonly listing: Listing;
  readonly columns: readonly ExportColumn[];
  /** Of the file, Chinese. */
  readonly name: string;
  readonly query: Readonly<Record<string, unknown>> & { readonly format: 'csv' | 'xlsx' };
  /** What is done to each row before anybody sees it. */
  readonly shown?: (row: Row) => Row;
}

const TYPES = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const;

/** Lists as files: whole or not at all, no cell a formula, the operator log knows who took what. */
@Injectable()
export class TableExport {
  constructor(
    private readonly read: ReadRepository,
    private readonly operators: OperatorLog,
  ) {}

  /** @throws ExportTooLargeError */
  async file(request: ExportRequest, caller: Caller, asked: HttpRequest): Promise<StreamableFile> {
    const { listing, columns, query, name, shown = (row) => row } = request;
    const { format, ...wanted } = query;
    const rows = (await this.read.whole(listing, wanted, caller)).map(shown);
    const sheet = columns.map(sheetColumn);
    const bytes =
      format === 'csv' ? Buffer.from(csvText(sheet, rows)) : await workbookBytes(name, sheet, rows);
    await this.operators.append(caller, asked, { outcome: 'done' });
    return new StreamableFile(bytes, {
      type: TYPES[format],
      disposition: `attachment; filename*=UTF-8''${encodeURIComponent(fileName(name, wanted))}.${format}`,
    });
  }
}

function sheetColumn([title, field, kind]: ExportColumn): SheetColumn<Row> {
  return { title, kind: kind ?? 'text', cell: (row) => cellOf(row[field]) };
}

function cellOf(value: unknown): string | number | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** The list, whose it is and of which time: 疑点_H46029900002_2024-03. */
function fileName(name: string, wanted: Readonly<Record<string, unknown>>): string {
  const parts = ['institution', 'month', 'period', 'from', 'to'].map((key) => wanted[key]);
  return [name, ...parts.filter((part) => typeof part === 'string')].join('_');
}
