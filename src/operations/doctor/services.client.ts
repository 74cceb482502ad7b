import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import pg from 'pg';
import type { Limits } from '../../config/limits.js';
import type { Site } from '../../config/site.js';
import { MIGRATIONS } from '../../database/migrations.js';
import { serverAccount } from '../../database/postgres-account.launcher.js';
import { preparedBinaries } from '../../database/postgres-binaries.launcher.js';
import { dataFolderOf } from '../../database/postgres-folder.launcher.js';
import { inspectRedis } from '../../jobs/redis-posture.client.js';
import { GatewayError } from '../../kernel/errors.js';
import { safeMessage } from '../../kernel/safe-text.js';
import { bad, type DoctorFinding, good, warning } from './finding.js';

const CONNECT_MS = 5_000;
const OLDEST_SERVER = 150_000;
/** What the processes of one host take together: api 14, worker 20 each, scheduler 5. */
const ENOUGH_CONNECTIONS = 100;

export interface ServiceAddresses {
  readonly databaseUrl: string | undefined;
  readonly redisUrl: string | undefined;
}

/** The database and the queue: reachable, new enough, set as they have to be. Nothing is changed. */
export async function serviceFindings(
  site: Site,
  { databaseUrl, redisUrl }: ServiceAddresses,
  limits: Limits,
): Promise<readonly DoctorFinding[]> {
  const database = databaseUrl
    ? await databaseFindings(databaseUrl, limits)
    : [await embeddedFinding(site.homeDir)];
  return [...database, redisUrl ? await redisFinding(redisUrl) : good('队列', '在 PostgreSQL 中')];
}

async function embeddedFinding(home: string): Promise<DoctorFinding> {
  const folder = dataFolderOf(home);
  try {
    const { postgres } = await preparedBinaries(serverAccount(folder), dirname(folder));
    const { stdout } = spawnSync(postgres, ['--version'], { encoding: 'utf8', cwd: '/' });
    return warning(
      '数据库',
      `内置 ${stdout.trim()}`,
      '内置数据库供试用；正式使用请设置 DATABASE_URL，使用单独维护的 PostgreSQL。',
    );
  } catch (error) {
    const remedy = error instanceof GatewayError ? error.remedy : '请设置 DATABASE_URL。';
    return bad('数据库', safeMessage(error), remedy);
  }
}

/** Collations that order text by code point, as the embedded server does. */
const BY_CODE_POINT = /^(C|POSIX|C\.UTF-?8)$/i;

interface ServerState {
  readonly version: string;
  readonly encoding: string;
  readonly collation: string;
  readonly connections: string;
  readonly ms: string;
  readonly migrated: boolean;
}

async function databaseFindings(url: string, limits: Limits): Promise<readonly DoctorFinding[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_MS });
  client.on('error', () => {}); // the query that fails says it too
  try {
    await client.connect();
    const before = Date.now();
    const { rows } = await client.query<ServerState>(SERVER);
    const state = rows[0];
    if (state === undefined) throw new Error('no answer');
    const skewMs = Math.max(before - Number(state.ms), Number(state.ms) - Date.now(), 0);
    const known = state.migrated ? await client.query('SELECT name FROM schema_migration') : null;
    return [
      ...serverFindings(state),
      schemaFinding(known?.rowCount ?? 0),
      skewMs > limits.jobs.clockSkewMs
        ? bad('时钟', `与数据库相差 ${skewMs} 毫秒`, '请在两台机器上启用 chrony 或 NTP。')
        : good('时钟', '与数据库一致'),
    ];
  } catch (error) {
    const remedy = '请检查 DATABASE_URL 的主机、端口、用户和口令，以及防火墙和 pg_hba.conf。';
    return [bad('数据库', `连接不上：${safeMessage(error)}`, remedy)];
  } finally {
    await client.end().catch(() => {});
  }
}

function serverFindings(state: ServerState): readonly DoctorFinding[] {
  const version = `PostgreSQL ${Math.floor(Number(state.version) / 10_000)}`;
  return [
    Number(state.version) < OLDEST_SERVER
      ? bad('数据库', version, '请使用 PostgreSQL 15 或更高版本。')
      : good('数据库', version),
    state.encoding === 'UTF8'
      ? good('字符集', state.encoding)
      : bad('字符集', state.encoding, '请以 UTF8 编码重建该数据库。'),
    BY_CODE_POINT.test(state.collation)
      ? good('排序规则', state.collation)
      : warning('排序规则', state.collation, '建议以 LC_COLLATE C 建库：各处排序一致，索引更快。'),
    Number(state.connections) < ENOUGH_CONNECTIONS
      ? warning(
          '连接数',
          `max_connections ${state.connections}`,
          `建议不少于 ${ENOUGH_CONNECTIONS}。`,
        )
      : good('连接数', `max_connections ${state.connections}`),
  ];
}

function schemaFinding(applied: number): DoctorFinding {
  if (applied === MIGRATIONS.length) return good('数据库结构', '最新');
  if (applied > MIGRATIONS.length) {
    return bad('数据库结构', '比本程序新', '请换用与数据库相符的新版本，不要用旧版本写入。');
  }
  return warning(
    '数据库结构',
    applied === 0 ? '尚未建立' : '需要升级',
    '请先备份，再运行 heyi migrate。',
  );
}

async function redisFinding(url: string): Promise<DoctorFinding> {
  try {
    const { version, maxmemoryPolicy, appendOnly } = await inspectRedis(url);
    if (maxmemoryPolicy !== 'noeviction') {
      const remedy = '请在 redis.conf 中设 maxmemory-policy noeviction 并重启 Redis。';
      return bad('Redis', `maxmemory-policy ${maxmemoryPolicy ?? '未知'}`, remedy);
    }
    const detail = `${version ?? '?'}，noeviction`;
    return appendOnly === true
      ? good('Redis', detail)
      : warning(
          'Redis',
          `${detail}，AOF 未开启`,
          '建议 appendonly yes；否则 Redis 崩溃后要等巡检补建任务。',
        );
  } catch (error) {
    return bad('Redis', safeMessage(error), '请检查 REDIS_URL 的主机、端口和口令。');
  }
}

const SERVER = `
  SELECT current_setting('server_version_num') AS version, current_setting('server_encoding') AS encoding,
         (SELECT datcollate FROM pg_database WHERE datname = current_database()) AS collation,
         current_setting('max_connections') AS connections,
         floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint::text AS ms,
         to_regclass('public.schema_migration') IS NOT NULL AS migrated`;
