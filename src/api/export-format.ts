import { z } from 'zod';

/** The form in which people take a list away; the list's filters stand beside it. */
export const exportFormat = {
  format: z
    .enum(['csv', 'xlsx'])
    .default('xlsx')
    .describe('文件格式，默认 xlsx / form of the file'),
};

export const FILE = '表格文件，UTF-8 带 BOM 的 CSV 或 xlsx / a table as a file';

/** A column of an export: its heading, the field it shows, and whether one may add it up. */
export type ExportColumn = readonly [title: string, field: string, kind?: 'number'];
