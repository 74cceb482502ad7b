import { z } from 'zod';
import { filePattern } from './file-pattern.js';

const ENCODINGS = ['utf-8', 'gb18030', 'gbk', 'gb2312', 'big5'] as const;

const pattern = z
  .string()
  .refine(
    (text) => filePattern(text) !== null,
    '须恰有一个日期记号：{yyyyMMdd}、{yyyyMM} 或 {yyyyMMdd?}',
  );

/** What every folder of drops has. */
export const dropOptions = z.strictObject({
  folder: z.string().min(1).describe('投放目录；相对路径以数据目录为起点'),
  files: pattern.describe('文件名模式，如 clinic07-{yyyyMMdd}.xml'),
  encoding: z.enum(ENCODINGS).default('gb18030').describe('不是 UTF-8 时所用的编码'),
});
export type DropOptions = z.output<typeof dropOptions>;

export const dropStream = z.object({
  files: pattern.optional(),
  columns: z.array(z.string()),
  required: z.array(z.string()),
  amount: z.string().optional(),
  control: z.object({ rows: z.string(), amount: z.string().optional() }).optional(),
});
export type DropStream = z.output<typeof dropStream>;
