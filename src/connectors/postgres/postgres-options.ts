import { z } from 'zod';
import { sqlStream } from '../sql/sql-stream.js';

export const postgresOptions = z.strictObject({
  host: z.string().min(1),
  port: z
    .string()
    .regex(/^\d{1,5}$/)
    .default('5432'),
  database: z.string().min(1),
  user: z.string().min(1),
  password: z.string().default(''),
  schema: z.string().default('public').describe('查询时的 search_path'),
  ssl: z.enum(['true', 'false']).default('false'),
  read: z
    .enum(['copy', 'cursor'])
    .default('copy')
    .describe('copy = 分页 COPY（快）；cursor = 服务器端游标，用于不支持 COPY (SELECT) 的来源'),
});

export const postgresStream = sqlStream('postgres');

export type PostgresOptions = z.output<typeof postgresOptions>;
export type PostgresStream = z.output<typeof postgresStream>;
