import type { ProbeFinding, StreamInspection } from '../connector.js';
import { familyOf, loginFinding, versionFinding } from '../sql/server-findings.js';
import { bareName, tablesOf } from '../sql/tables-of.js';
import { mappedTables, tryWrites, type WriteTrial } from '../sql/write-trial.client.js';
import type { SourceColumn } from './mssql-columns.js';
import { numberOf } from './mssql-errors.js';
import type { MssqlStream } from './mssql-options.js';

/** No right to create a table, or in this schema; a database or replica that is read-only. */
const REFUSALS = new Set([262, 2760, 3906, 229]);

const ABOUT = `SELECT CONVERT(nvarchar(128), SERVERPROPERTY('ProductVersion')), CONVERT(nvarchar(128), DATABASEPROPERTYEX(DB_NAME(), 'Collation')), CONVERT(nvarchar(1), snapshot_isolation_state), CONVERT(nvarchar(1), is_read_committed_snapshot_on) FROM sys.databases WHERE database_id = DB_ID()`;

const may = (right: string) =>
  `HAS_PERMS_BY_NAME(QUOTENAME(SCHEMA_NAME(schema_id)) + N'.' + QUOTENAME(name), N'OBJECT', N'${right}') = 1`;
const WRITABLE = `SELECT CONVERT(nvarchar(10), COUNT(*)) FROM sys.tables WHERE ${['INSERT', 'UPDATE', 'DELETE', 'ALTER'].map(may).join(' OR ')}`;

interface MssqlProbe {
  readonly ask: (sql: string) => Promise<readonly (readonly (string | null)[])[]>;
  readonly describe: (stream: MssqlStream) => Promise<readonly SourceColumn[]>;
  readonly streams: Readonly<Record<string, MssqlStream>>;
}

/** Looks at a source as an IT engineer would: does it answer, can it be written to, does reading block, are the columns there. */
export async function probeMssql(probe: MssqlProbe): Promise<readonly ProbeFinding[]> {
  const { ask, streams } = probe;
  const [about] = await ask(ABOUT);
  const [version, collation, snapshot, committedSnapshot] = about ?? [];
  const login = await loginCannotWrite(probe);
  return [
    versionFinding('SQL Server', version ?? ''),
    charset(collation ?? ''),
    await writeRefused(probe),
    login,
    // a login that may write is not made to: triggers fire for no rows too
    ...(login.ok ? [await tryWrites(trialOf(probe), streams)] : []),
    blocking(snapshot === '1', committedSnapshot === '1'),
  ];
}

function charset(collation: string): ProbeFinding {
  const remedy = '库的排序规则不是中文：varchar 列中的中文可能已损坏，请核对下面的样例行。';
  const chinese = /^Chinese|UTF8/i.test(collation);
  const detail = `排序规则 ${collation}`;
  return { check: '字符集', ok: true, detail, ...(chinese ? {} : { remedy }) };
}

function trialOf({ ask }: MssqlProbe): WriteTrial {
  const number = (error: unknown) => numberOf((error as { readonly cause?: unknown }).cause ?? {});
  return {
    ask,
    begin: 'BEGIN TRANSACTION',
    rollback: 'IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION',
    quoted: bracketed,
    denied: (error) => [229, 230].includes(number(error) ?? 0),
    readOnlyServer: (error) => number(error) === 3906,
  };
}

/** SQL Server has no read-only session; a write is tried in a transaction that is rolled back whatever happens. */
async function writeRefused({ ask }: MssqlProbe): Promise<ProbeFinding> {
  const check = '试写被拒绝';
  try {
    await ask('BEGIN TRANSACTION; CREATE TABLE heyi_write_probe (probe int)');
  } catch (error) {
    const { cause } = error as { readonly cause?: unknown };
    return REFUSALS.has(numberOf(cause ?? {}) ?? 0)
      ? { check, ok: true, detail: '账号不能建表' }
      : { check, ok: false, detail: '试写未因权限被拒绝', remedy: '请联系来源数据库管理员。' };
  } finally {
    await ask('IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION');
  }
  const remedy = '请为网关建立只有 SELECT 权限的账号。';
  return { check, ok: false, detail: '试写成功（已回滚）', remedy };
}

async function loginCannotWrite({ ask, streams }: MssqlProbe): Promise<ProbeFinding> {
  const [row] = await ask(WRITABLE);
  const count = row?.[0] ?? '?';
  const reading = mappedTables(streams).map((table) => `GRANT SELECT ON ${table} TO heyi_reader;`);
  return loginFinding(count === '0' ? [] : [`${count} 张表`], [
    "CREATE LOGIN heyi_reader WITH PASSWORD = '…'; CREATE USER heyi_reader FOR LOGIN heyi_reader;",
    ...reading,
  ]);
}

function blocking(snapshot: boolean, committedSnapshot: boolean): ProbeFinding {
  const detail = committedSnapshot
    ? '已提交读快照已开启，读取与写入互不阻塞'
    : snapshot
      ? '库允许快照隔离，可在 options 中写 isolation: snapshot'
      : '库未开启快照；读取用短查询、锁等待不超过 2 秒';
  return { check: '读取方式', ok: true, detail };
}

/** Columns with types, the youngest cursor, and whether an index begins with it. */
export async function inspectMssql(
  { ask, describe }: Pick<MssqlProbe, 'ask' | 'describe'>,
  stream: MssqlStream,
): Promise<StreamInspection> {
  const described = await describe(stream);
  const columns = described.map(({ name, type }) => ({
    name,
    type,
    family: familyOf(type),
    nullable: null,
  }));
  if (!columns.some(({ name }) => name.toLowerCase() === stream.cursor.toLowerCase())) {
    return { columns, newest: null, indexed: null, findings: [] };
  }
  const query = stream.query.trim().replace(/;\s*$/, '');
  const [row] = await ask(
    `SELECT CONVERT(nvarchar(40), MAX(source.${bracketed(stream.cursor)}), 121) FROM (${query}\n) AS source`,
  );
  const tables = tablesOf(stream.query).map((table) => textOf(bareName(table)));
  const indexes = await ask(
    `SELECT CONVERT(nvarchar(10), COUNT(*)) FROM sys.index_columns i JOIN sys.columns c ON c.object_id = i.object_id AND c.column_id = i.column_id WHERE i.key_ordinal = 1 AND c.name = ${textOf(stream.cursor)} AND OBJECT_NAME(i.object_id) IN (${tables.join(', ') || "N''"})`,
  );
  return {
    columns,
    newest: row?.[0] ?? null,
    indexed: indexes[0]?.[0] == null ? null : indexes[0][0] !== '0',
    findings: [],
  };
}

const bracketed = (identifier: string) => `[${identifier.replaceAll(']', ']]')}]`;
const textOf = (text: string) => `N'${text.replaceAll("'", "''")}'`;
