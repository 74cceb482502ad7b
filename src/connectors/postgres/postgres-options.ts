import { z } from 'zod';

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
});

export const postgresStream = z.object({
  query: z.string({ error: 'postgres 数据流须有 query' }),
  cursor: z.string({ error: 'postgres 数据流须有 cursor' }),
  cursorFormat: z.enum(['iso', 'yyyyMMdd', 'yyyyMMddHHmmss']),
  key: z.array(z.string(), { error: 'postgres 数据流须有 key' }).min(1),
  columns: z.array(z.string()),
  amount: z.string().optional(),
});

export type PostgresOptions = z.output<typeof postgresOptions>;
export type PostgresStream = z.output<typeof postgresStream>;
