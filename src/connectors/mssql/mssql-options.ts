import { z } from 'zod';
import { sqlStream } from '../sql/sql-stream.js';

const yesNo = z.enum(['true', 'false']);

export const mssqlOptions = z.strictObject({
  host: z.string().min(1),
  port: z
    .string()
    .regex(/^\d{1,5}$/)
    .default('1433'),
  instance: z.string().min(1).optional().describe('命名实例；写了它就不用 port'),
  database: z.string().min(1),
  user: z.string().min(1),
  password: z.string().default(''),
  encrypt: yesNo.default('true'),
  trustServerCertificate: yesNo.default('false').describe('服务器用自签名证书时设为 true'),
  isolation: z
    .enum(['read-committed', 'snapshot'])
    .default('read-committed')
    .describe(
      '库已开启 ALLOW_SNAPSHOT_ISOLATION 时设为 snapshot：读取不被写入阻塞，且只见一个时点',
    ),
});

export const mssqlStream = sqlStream('mssql');

export type MssqlOptions = z.output<typeof mssqlOptions>;
export type MssqlStream = z.output<typeof mssqlStream>;
