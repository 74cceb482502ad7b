import type { ProbeFinding } from '../connector.js';
import { columnsFinding, refusedFinding } from '../sql/stream-finding.js';
import type { SourceColumn } from './mssql-columns.js';
import { asSourceError, numberOf } from './mssql-errors.js';
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
  const findings = [
    { check: '连接', ok: true, detail: `SQL Server ${version}，排序规则 ${collation}` },
    await writeRefused(probe),
    await loginCannotWrite(probe),
    blocking(snapshot === '1', committedSnapshot === '1'),
  ];
  for (const [name, stream] of Object.entries(streams)) {
    findings.push(await streamFinding(probe, name, stream));
  }
  return findings;
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

async function loginCannotWrite({ ask }: MssqlProbe): Promise<ProbeFinding> {
  const [row] = await ask(WRITABLE);
  const ok = row?.[0] === '0';
  return {
    check: '账号只读',
    ok,
    detail: ok ? '账号没有写权限' : `账号可以改写 ${row?.[0] ?? '?'} 张表`,
    ...(ok ? {} : { remedy: '请为网关建立只有 SELECT 权限的账号。' }),
  };
}

function blocking(snapshot: boolean, committedSnapshot: boolean): ProbeFinding {
  const detail = committedSnapshot
    ? '已提交读快照已开启，读取与写入互不阻塞'
    : snapshot
      ? '库允许快照隔离，可在 options 中写 isolation: snapshot'
      : '库未开启快照；读取用短查询、锁等待不超过 2 秒';
  return { check: '读取方式', ok: true, detail };
}

async function streamFinding(
  { describe }: MssqlProbe,
  name: string,
  stream: MssqlStream,
): Promise<ProbeFinding> {
  try {
    const columns = await describe(stream);
    return columnsFinding(
      name,
      stream,
      columns.map((column) => column.name),
    );
  } catch (cause) {
    return refusedFinding(name, asSourceError(cause));
  }
}
