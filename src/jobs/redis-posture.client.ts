import { Redis } from 'ioredis';
import { cleanMessage } from './clean-message.js';
import { RedisUnreachableError } from './errors.js';
import type { RedisPosture } from './redis-posture.js';

const PATIENCE_MS = 5_000;

/**
 * Asks a Redis how it keeps its data: `CONFIG GET` first, and where that is forbidden, `INFO`.
 *
 * @throws RedisUnreachableError
 */
export async function inspectRedis(url: string): Promise<RedisPosture> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: PATIENCE_MS,
    commandTimeout: PATIENCE_MS,
    maxRetriesPerRequest: 0,
    enableReadyCheck: false, // it asks for INFO, which may be forbidden
    retryStrategy: () => null,
  });
  redis.on('error', () => undefined); // the command that fails says it too
  try {
    await redis.connect();
    await redis.ping(); // says so when the password is wrong
    return await postureOf(redis);
  } catch (error) {
    throw new RedisUnreachableError(`连接不上 Redis：${cleanMessage(error)}`);
  } finally {
    if (redis.status !== 'end') redis.disconnect(); // closing what is closed would leave a timer behind
  }
}

async function postureOf(redis: Redis): Promise<RedisPosture> {
  const told = infoOf(await redis.info().catch(() => ''));
  const [policy, appendOnly] = await Promise.all([
    setting(redis, 'maxmemory-policy'),
    setting(redis, 'appendonly'),
  ]);
  const appends = appendOnly ?? told.get('aof_enabled') ?? null;
  return {
    version: told.get('redis_version') ?? null,
    mode: told.get('redis_mode') ?? null,
    maxmemoryPolicy: policy ?? told.get('maxmemory_policy') ?? null,
    appendOnly: appends === null ? null : appends === 'yes' || appends === '1',
  };
}

async function setting(redis: Redis, name: string): Promise<string | null> {
  const answer = await redis.config('GET', name).catch(() => []);
  return Array.isArray(answer) && typeof answer[1] === 'string' ? answer[1] : null;
}

function infoOf(text: string): ReadonlyMap<string, string> {
  const pairs = text.split('\r\n').map((line) => line.split(':', 2));
  return new Map(pairs.flatMap(([name, value]) => (name && value ? [[name, value] as const] : [])));
}
