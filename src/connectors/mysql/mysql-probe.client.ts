import type { ProbeFinding } from '../connector.js';
import { loginFinding, versionFinding } from '../sql/server-findings.js';
import { mappedTables, tryWrites, type WriteTrial } from '../sql/write-trial.client.js';
import type { MysqlConnection } from './mysql-connection.client.js';
import type { MysqlStream } from './mysql-options.js';

/** A write in a read-only transaction; and what a login without the right to write hears first. */
const REFUSALS = new Set([1792, 1142, 1044, 1227]);
/** `read_only` of a replica. */
const READ_ONLY_SERVER = 1290;

/** Looks at a server as an IT engineer would: what it is, how it writes Chinese, and whether it can be written to. */
export async function probeMysql(
  connection: MysqlConnection,
  streams: Readonly<Record<string, MysqlStream>>,
): Promise<readonly ProbeFinding[]> {
  const [about = []] = await connection.rows(
    'SELECT VERSION(), @@character_set_server, @@character_set_database',
  );
  const [version, server, database] = about;
  const [cipher] = await connection.rows("SHOW SESSION STATUS LIKE 'Ssl_cipher'");
  const product = /mariadb/i.test(version ?? '') ? 'MariaDB' : 'MySQL';
  return [
    versionFinding(product, version ?? ''),
    encryption((cipher?.[1] ?? '') !== ''),
    { check: '字符集', ok: true, detail: `服务器 ${server}，库 ${database}` },
    await writeRefused(connection),
    await loginCannotWrite(connection, streams),
    await tryWrites(trialOf(connection), streams),
  ];
}

function encryption(encrypted: boolean): ProbeFinding {
  const check = '传输加密';
  const remedy = "跨网段时请让来源开启 TLS，并在 options 中写 ssl: 'true'。";
  return encrypted
    ? { check, ok: true, detail: '连接已加密（TLS）' }
    : { check, ok: true, detail: '连接未加密', remedy };
}

/** Triggers of these databases fire for rows, and there are none. */
function trialOf(connection: MysqlConnection): WriteTrial {
  return {
    ask: (sql) => connection.rows(sql),
    begin: 'START TRANSACTION READ WRITE',
    rollback: 'ROLLBACK',
    quoted: (identifier) => `\`${identifier.replaceAll('`', '``')}\``,
    denied: (error) => DENIED.has(errnoOf(error)),
    readOnlyServer: (error) => errnoOf(error) === READ_ONLY_SERVER,
  };
}

const DENIED = new Set([1142, 1143, 1044, 1227]);

function errnoOf(error: unknown): number {
  return (error as { readonly cause?: { readonly errno?: number } }).cause?.errno ?? 0;
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

async function loginCannotWrite(
  connection: MysqlConnection,
  streams: Readonly<Record<string, MysqlStream>>,
): Promise<ProbeFinding> {
  const grants = await connection.rows('SHOW GRANTS');
  const held = grants.flatMap(([grant]) => GRANT.exec(grant ?? '')?.[1]?.split(', ') ?? []);
  const beyond = [...new Set(held)].filter((each) => !HARMLESS.has(each.replace(/ \(.*\)$/, '')));
  const reading = mappedTables(streams).map(
    (table) => `GRANT SELECT ON ${table} TO 'heyi_reader'@'网关地址';`,
  );
  return loginFinding(beyond, [
    "CREATE USER 'heyi_reader'@'网关地址' IDENTIFIED BY '…';",
    ...reading,
  ]);
}
