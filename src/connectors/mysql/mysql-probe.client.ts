import type { ProbeFinding } from '../connector.js';
import { columnsFinding, refusedFinding } from '../sql/stream-finding.js';
import { columnReader } from './mysql-columns.js';
import { columnMeta, type MysqlConnection } from './mysql-connection.client.js';
import { asSourceError } from './mysql-errors.js';
import type { MysqlStream } from './mysql-options.js';
import { describeStatement } from './mysql-statements.js';

/** A write in a read-only transaction; and what a login without the right to write hears first. */
const REFUSALS = new Set([1792, 1142, 1044, 1227]);
const FLOAT = 4;

/** Looks at a source as an IT engineer would: does it answer, can it be written to, are the columns there and readable. */
export async function probeMysql(
  connection: MysqlConnection,
  charsetNames: ReadonlyMap<number, string>,
  streams: Readonly<Record<string, MysqlStream>>,
): Promise<readonly ProbeFinding[]> {
  const findings = [
    await version(connection),
    await writeRefused(connection),
    await loginCannotWrite(connection),
  ];
  for (const [name, stream] of Object.entries(streams)) {
    findings.push(...(await streamFindings({ connection, charsetNames, name, stream })));
  }
  return findings;
}

async function version(connection: MysqlConnection): Promise<ProbeFinding> {
  const [row] = await connection.rows('SELECT VERSION(), @@version_comment');
  return { check: '连接', ok: true, detail: (row ?? []).join(' ') };
}

/** Tries to write and expects to be refused: the session itself is read-only. */
async function writeRefused(connection: MysqlConnection): Promise<ProbeFinding> {
  const check = '会话只读';
  try {
    await connection.rows('START TRANSACTION READ ONLY');
    await connection.rows('CREATE TABLE heyi_write_probe (probe INTEGER)');
  } catch (error) {
    const { cause } = error as { readonly cause?: { readonly errno?: number } };
    return REFUSALS.has(cause?.errno ?? 0)
      ? { check, ok: true, detail: '试写被拒绝' }
      : { check, ok: false, detail: '试写未按只读会话被拒绝', remedy: '请联系来源数据库管理员。' };
  } finally {
    await connection.rows('ROLLBACK').catch(() => {});
  }
  const removed = await connection.rows('DROP TABLE heyi_write_probe').then(
    () => '（已删除）',
    () => '，未能删除表 heyi_write_probe',
  );
  return {
    check,
    ok: false,
    detail: `试写成功${removed}`,
    remedy: '来源忽略了 READ ONLY 事务，请改用只有 SELECT 权限的账号。',
  };
}

const GRANT = /^GRANT (.+?) ON /;
const HARMLESS = new Set(['USAGE', 'SELECT', 'SHOW VIEW', 'SHOW DATABASES', 'PROCESS']);

async function loginCannotWrite(connection: MysqlConnection): Promise<ProbeFinding> {
  const grants = await connection.rows('SHOW GRANTS');
  const held = grants.flatMap(([grant]) => GRANT.exec(grant ?? '')?.[1]?.split(', ') ?? []);
  const beyond = [...new Set(held)].filter((each) => !HARMLESS.has(each.replace(/ \(.*\)$/, '')));
  return {
    check: '账号只读',
    ok: beyond.length === 0,
    detail: beyond.length === 0 ? '账号没有写权限' : `账号拥有 ${beyond.join('、')} 权限`,
    ...(beyond.length === 0 ? {} : { remedy: '请为网关建立只有 SELECT 权限的账号。' }),
  };
}

interface StreamProbe {
  readonly connection: MysqlConnection;
  readonly charsetNames: ReadonlyMap<number, string>;
  readonly name: string;
  readonly stream: MysqlStream;
}

async function streamFindings(probe: StreamProbe): Promise<readonly ProbeFinding[]> {
  const { connection, charsetNames, name, stream } = probe;
  try {
    const { flow, fields } = connection.stream(describeStatement(stream), 1);
    await flow.next();
    const metas = fields().map((field) => columnMeta(field, charsetNames));
    const present = columnsFinding(
      name,
      stream,
      metas.map((meta) => meta.name),
    );
    const problems = metas
      .filter((meta) => stream.columns.includes(meta.name))
      .flatMap((meta) => {
        const reader = columnReader(meta, stream.charsets[meta.name]);
        if (typeof reader === 'string') return [reader];
        return meta.type === FLOAT
          ? [`列 ${meta.name} 是单精度，来源只给六位有效数字：请在 query 中写 CAST(列 AS DOUBLE)`]
          : [];
      });
    const check = `数据流 ${name} 的列类型`;
    return problems.length === 0
      ? [present]
      : [present, { check, ok: false, detail: problems.join('；'), remedy: '请核对 query。' }];
  } catch (cause) {
    return [refusedFinding(name, asSourceError(cause))];
  }
}
