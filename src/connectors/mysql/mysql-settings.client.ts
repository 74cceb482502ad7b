import type { SourceContext } from '../connector.js';
import { SourceRejectedError } from '../errors.js';
import { fixedOffset } from '../sql/fixed-offset.js';
import type { MysqlConnection } from './mysql-connection.client.js';

const NET_WRITE_TIMEOUT_S = 600;
const LOCK_WAIT_S = 2;

/**
 * Makes a fresh connection harmless and faithful: read-only, bounded in time, local time, and every column sent in the character set
 * it is stored in, so that nothing is converted (and lost) on the way.
 *
 * @returns character set names by the collation numbers that column descriptions carry
 */
export async function prepareSession(
  connection: MysqlConnection,
  { limits, timezone }: SourceContext,
): Promise<ReadonlyMap<number, string>> {
  const names = await charsetNames(connection);
  const version = await connection.rows('SELECT VERSION()');
  const isMaria = /mariadb/i.test(version[0]?.[0] ?? '');
  await connection.rows('SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ');
  await connection.rows('SET SESSION TRANSACTION READ ONLY');
  await connection.rows(
    `SET character_set_results = NULL, net_write_timeout = ${NET_WRITE_TIMEOUT_S}, lock_wait_timeout = ${LOCK_WAIT_S}, time_zone = '${zoneOf(timezone)}'`,
  );
  const limit = isMaria
    ? `max_statement_time = ${(limits.statementTimeoutMs / 1000).toFixed(3)}`
    : `max_execution_time = ${limits.statementTimeoutMs}`;
  try {
    await connection.rows(`SET SESSION ${limit}`);
  } catch (error) {
    if (!isUnknownVariable(error)) throw error; // before MySQL 5.7.8 the gateway keeps the time alone
  }
  return names;
}

async function charsetNames(connection: MysqlConnection): Promise<ReadonlyMap<number, string>> {
  const read = (table: string) =>
    connection.rows(
      `SELECT ID, CHARACTER_SET_NAME FROM information_schema.${table} WHERE ID IS NOT NULL`,
    );
  let found = await read('COLLATIONS');
  try {
    found = [...found, ...(await read('COLLATION_CHARACTER_SET_APPLICABILITY'))];
  } catch (error) {
    if (!(error instanceof SourceRejectedError)) throw error; // only newer MariaDB keeps numbers there
  }
  return new Map(found.map(([id, name]) => [Number(id), name ?? '']));
}

function isUnknownVariable(error: unknown): boolean {
  const { cause } = error as { readonly cause?: { readonly errno?: number } };
  return cause?.errno === 1193;
}

function zoneOf(timezone: string): string {
  const offset = fixedOffset(timezone);
  if (offset !== null) return offset;
  throw new SourceRejectedError(
    `时区 ${timezone} 有夏令时，TIMESTAMP 列无法对应到唯一的当地时间`,
    '请在 consortium.yaml 中写固定时差的时区，如 Asia/Shanghai。',
  );
}
