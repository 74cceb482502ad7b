import type pg from 'pg';
import type { ProbeFinding, StreamInspection } from '../connector.js';
import { familyOf, loginFinding, versionFinding } from '../sql/server-findings.js';
import { mappedTables, tryWrites } from '../sql/write-trial.client.js';
import type { PostgresStream } from './postgres-options.js';
import { describeStatement, pageStatement } from './postgres-statements.js';

const READ_ONLY_TRANSACTION = '25006';
const INSUFFICIENT_PRIVILEGE = '42501';

/** Looks at a server as an IT engineer would: what it is, how it writes Chinese, and whether it can be written to. */
export async function probePostgres(
  client: pg.Client,
  streams: Readonly<Record<string, PostgresStream>>,
): Promise<readonly ProbeFinding[]> {
  const [about = {}] = await rowsOf(client, ABOUT);
  const login = await loginCannotWrite(client, streams);
  return [
    versionFinding('PostgreSQL', about['version'] ?? ''),
    encryption(about['ssl'] === 'true'),
    charset(about['encoding'] ?? ''),
    await sessionIsReadOnly(client),
    login,
    // a login that may write is not made to: triggers fire for no rows too
    ...(login.ok ? [await tryWrites(trialOf(client), streams)] : []),
  ];
}

const ABOUT = `SELECT current_setting('server_version') AS version, current_setting('server_encoding') AS encoding,
  coalesce((SELECT ssl::text FROM pg_stat_ssl WHERE pid = pg_backend_pid()), 'false') AS ssl`;

function encryption(encrypted: boolean): ProbeFinding {
  const check = '传输加密';
  return encrypted
    ? { check, ok: true, detail: '连接已加密（TLS）' }
    : {
        check,
        ok: true,
        detail: '连接未加密',
        remedy: "跨网段时请让来源开启 TLS，并在 options 中写 ssl: 'true'。",
      };
}

function charset(encoding: string): ProbeFinding {
  const sure = ['UTF8', 'GB18030', 'GBK', 'EUC_CN'].includes(encoding);
  const remedy = '库编码不保证是中文：请核对下面的样例行是否乱码。';
  const detail = `库编码 ${encoding}`;
  return { check: '字符集', ok: true, detail, ...(sure ? {} : { remedy }) };
}

/** Tries to write and expects to be refused: the session itself is read-only. */
async function sessionIsReadOnly(client: pg.Client): Promise<ProbeFinding> {
  const check = '会话只读';
  try {
    await client.query('BEGIN');
    await client.query('CREATE TABLE heyi_write_probe (probe integer)');
  } catch (error) {
    return codeOf(error) === READ_ONLY_TRANSACTION
      ? { check, ok: true, detail: '试写被拒绝' }
      : { check, ok: false, detail: '试写未按只读会话被拒绝', remedy: '请联系来源数据库管理员。' };
  } finally {
    await client.query('ROLLBACK');
  }
  const remedy = '来源忽略了 default_transaction_read_only，请改用只读账号。';
  return { check, ok: false, detail: '试写成功（已回滚）', remedy };
}

async function loginCannotWrite(
  client: pg.Client,
  streams: Readonly<Record<string, PostgresStream>>,
): Promise<ProbeFinding> {
  const rows = await rowsOf(
    client,
    `SELECT n.nspname || '.' || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p') AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
       AND (has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
            OR has_any_column_privilege(c.oid, 'INSERT, UPDATE'))
     UNION ALL SELECT '超级用户' FROM pg_roles WHERE rolname = current_user AND rolsuper LIMIT 20`,
  );
  const tables = mappedTables(streams).join(', ');
  return loginFinding(
    rows.map(({ name }) => name ?? ''),
    [
      "CREATE ROLE heyi_reader LOGIN PASSWORD '…';",
      'GRANT USAGE ON SCHEMA public TO heyi_reader;',
      `GRANT SELECT ON ${tables} TO heyi_reader;`,
    ],
  );
}

function trialOf(client: pg.Client) {
  return {
    ask: async (sql: string) =>
      (await client.query<(string | null)[]>({ text: sql, rowMode: 'array' })).rows,
    begin: 'BEGIN READ WRITE',
    rollback: 'ROLLBACK',
    quoted: (identifier: string) => `"${identifier.replaceAll('"', '""')}"`,
    denied: (error: unknown) => codeOf(error) === INSUFFICIENT_PRIVILEGE,
    readOnlyServer: (error: unknown) => codeOf(error) === READ_ONLY_TRANSACTION,
  };
}

/** Columns with types, the youngest cursor, and whether an index serves the window. */
export async function inspectPostgres(
  client: pg.Client,
  stream: PostgresStream,
): Promise<StreamInspection> {
  const { fields } = await client.query(describeStatement(stream));
  const types = await rowsOf(client, TYPES, [fields.map(({ dataTypeID }) => dataTypeID)]);
  const fixed = await rowsOf(client, NOT_NULL, [fields.map(({ tableID }) => tableID)]);
  const notNull = new Set(fixed.map(({ place }) => place));
  const columns = fields.map(({ name, dataTypeID, tableID, columnID }) => {
    const type = types.find(({ oid }) => Number(oid) === dataTypeID)?.['type'] ?? '?';
    const nullable = tableID === 0 ? null : !notNull.has(`${tableID}.${columnID}`);
    return { name, type, family: familyOf(type), nullable };
  });
  if (!columns.some(({ name }) => name === stream.cursor)) {
    return { columns, newest: null, indexed: null, findings: [] };
  }
  const cursor = `"${stream.cursor.replaceAll('"', '""')}"`;
  const query = stream.query.trim().replace(/;\s*$/, '');
  const [youngest] = await rowsOf(
    client,
    `SELECT max(${cursor})::text AS newest FROM (${query}\n) AS source`,
  );
  return {
    columns,
    newest: youngest?.['newest'] ?? null,
    indexed: await indexServes(client, stream),
    findings: [],
  };
}

const TYPES =
  'SELECT oid::text, format_type(oid, NULL) AS type FROM pg_type WHERE oid = ANY($1::oid[])';
const NOT_NULL = `SELECT attrelid::text || '.' || attnum AS place FROM pg_attribute WHERE attnotnull AND attrelid = ANY($1::oid[])`;

/** Asks for the plan of one day with full scans out of favour: an index on the cursor then shows as a condition. */
async function indexServes(client: pg.Client, stream: PostgresStream): Promise<boolean | null> {
  const page = pageStatement(stream, { from: '2024-01-01', to: '2024-01-02' }, null);
  try {
    await client.query('BEGIN READ ONLY');
    await client.query('SET LOCAL enable_seqscan = off');
    const { rows } = await client.query({
      text: `EXPLAIN (FORMAT JSON) ${page.text}`,
      values: [...page.values],
    });
    const conditions = JSON.stringify(rows).match(/"Index Cond":"(?:[^"\\]|\\.)*"/g) ?? [];
    return conditions.some((each) => each.includes(stream.cursor) && /[<>]=?/.test(each));
  } catch {
    return null;
  } finally {
    await client.query('ROLLBACK');
  }
}

async function rowsOf(
  client: pg.Client,
  text: string,
  values: unknown[] = [],
): Promise<readonly Readonly<Record<string, string | null>>[]> {
  return (await client.query<Record<string, string | null>>(text, values)).rows;
}

function codeOf(error: unknown): string | undefined {
  return (error as { readonly code?: string }).code;
}
