import type pg from 'pg';
import type { ProbeFinding } from '../connector.js';
import { columnsFinding, refusedFinding } from '../sql/stream-finding.js';
import { asSourceError } from './postgres-errors.js';
import type { PostgresStream } from './postgres-options.js';
import { describeStatement } from './postgres-statements.js';

const READ_ONLY_TRANSACTION = '25006';

/** Looks at a source as an IT engineer would: does it answer, can it be written to, are the columns there. */
export async function probePostgres(
  client: pg.Client,
  streams: Readonly<Record<string, PostgresStream>>,
): Promise<readonly ProbeFinding[]> {
  const findings = [
    await version(client),
    await writeRefused(client),
    await loginCannotWrite(client),
  ];
  for (const [name, stream] of Object.entries(streams)) {
    findings.push(await columnsPresent(client, name, stream));
  }
  return findings;
}

async function version(client: pg.Client): Promise<ProbeFinding> {
  const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
  return { check: '连接', ok: true, detail: `PostgreSQL ${rows[0]?.server_version ?? ''}` };
}

/** Tries to write and expects to be refused: the session itself is read-only. */
async function writeRefused(client: pg.Client): Promise<ProbeFinding> {
  const check = '会话只读';
  try {
    await client.query('BEGIN');
    await client.query('CREATE TABLE heyi_write_probe (probe integer)');
  } catch (error) {
    const refused = (error as { readonly code?: string }).code === READ_ONLY_TRANSACTION;
    return refused
      ? { check, ok: true, detail: '试写被拒绝' }
      : { check, ok: false, detail: '试写未按只读会话被拒绝', remedy: '请联系来源数据库管理员。' };
  } finally {
    await client.query('ROLLBACK');
  }
  return {
    check,
    ok: false,
    detail: '试写成功（已回滚）',
    remedy: '来源忽略了 default_transaction_read_only，请改用只读账号。',
  };
}

async function loginCannotWrite(client: pg.Client): Promise<ProbeFinding> {
  const { rows } = await client.query<{ writable: string; super: boolean }>(`
    SELECT count(*) FILTER (WHERE has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE'))::text AS writable,
           (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS super
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'`);
  const found = rows[0];
  const ok = found !== undefined && found.writable === '0' && !found.super;
  return {
    check: '账号只读',
    ok,
    detail: ok ? '账号没有写权限' : '账号拥有写权限',
    ...(ok ? {} : { remedy: '请为网关建立只有 SELECT 权限的账号。' }),
  };
}

async function columnsPresent(
  client: pg.Client,
  name: string,
  stream: PostgresStream,
): Promise<ProbeFinding> {
  try {
    const { fields } = await client.query(describeStatement(stream));
    return columnsFinding(
      name,
      stream,
      fields.map((field) => field.name),
    );
  } catch (cause) {
    return refusedFinding(name, asSourceError(cause));
  }
}
