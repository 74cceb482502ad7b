/** What a Redis says about itself, as far as it may be asked; null = it would not say. */
export interface RedisPosture {
  readonly version: string | null;
  /** `standalone`, `sentinel` or `cluster`. */
  readonly mode: string | null;
  readonly maxmemoryPolicy: string | null;
  readonly appendOnly: boolean | null;
}

/** Whether a queue may be kept there. */
export interface RedisVerdict {
  /** Why not; null when it may. */
  readonly refusal: string | null;
  readonly warnings: readonly string[];
}

const OLDEST_MAJOR = 6;

/** A queue in a Redis that may evict keys loses jobs without a word, so nothing less than a known `noeviction` will do. */
export function judgeRedis(posture: RedisPosture): RedisVerdict {
  const warnings =
    posture.appendOnly === true
      ? []
      : [
          'Redis 未开启 AOF，断电会丢失排队中的任务；巡检会自动补回 / AOF is off: queued jobs may be lost in a crash, the sweep makes them anew',
        ];
  return { refusal: refusalOf(posture), warnings };
}

function refusalOf({ version, mode, maxmemoryPolicy }: RedisPosture): string | null {
  if (maxmemoryPolicy === null) {
    return '无法得知 Redis 的 maxmemory-policy / Redis does not tell its maxmemory-policy';
  }
  if (maxmemoryPolicy !== 'noeviction') {
    return `Redis 的 maxmemory-policy 是 ${maxmemoryPolicy}，内存不足时会悄悄丢任务 / this policy silently drops jobs`;
  }
  if (mode === 'cluster') {
    return 'Redis 是集群模式，队列需要单机或主从 / a Redis cluster is not supported';
  }
  const major = Number(version?.split('.')[0] ?? OLDEST_MAJOR);
  if (major < OLDEST_MAJOR)
    return `Redis 版本 ${version} 过旧，需 ${OLDEST_MAJOR}.0 以上 / too old`;
  return null;
}
