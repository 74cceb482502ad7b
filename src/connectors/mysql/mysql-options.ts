import { z } from 'zod';
import { sqlStream } from '../sql/sql-stream.js';

export const mysqlOptions = z.strictObject({
  host: z.string().min(1),
  port: z
    .string()
    .regex(/^\d{1,5}$/)
    .default('3306'),
  database: z.string().min(1),
  user: z.string().min(1),
  password: z.string().default(''),
  ssl: z.enum(['true', 'false']).default('false'),
  bufferResult: z
    .enum(['true', 'false'])
    .default('false')
    .describe('来源表为 MyISAM 时设为 true：结果先存临时表，尽早放开表锁'),
});

/** Encodings that a column may really hold, whatever the database calls it. */
const ENCODINGS = ['gb18030', 'gbk', 'gb2312', 'utf-8', 'big5', 'latin1', 'utf-16le'] as const;

export const mysqlStream = sqlStream('mysql').extend({
  charsets: z
    .record(z.string(), z.enum(ENCODINGS))
    .default({})
    .describe('列名 → 实际编码，用于 latin1 列里存着 GBK 字节的情形'),
});

export type MysqlOptions = z.output<typeof mysqlOptions>;
export type MysqlStream = z.output<typeof mysqlStream>;
