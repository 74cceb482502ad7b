/** One thing a process needs to do its work. `detail` is Chinese for the person on duty: numbers and names of parts, no data. */
export interface Check {
  readonly name: 'database' | 'migrations' | 'queue' | 'clock' | 'disk' | 'work';
  readonly ok: boolean;
  readonly detail: string;
}

export interface ReadinessLimits {
  readonly freeDiskBytes: number;
  readonly idleSeconds: number;
  readonly clockSkewMs: number;
}

export function migrationsCheck(applied: readonly string[], known: readonly string[]): Check {
  const missing = known.filter((name) => !applied.includes(name)).length;
  const foreign = applied.filter((name) => !known.includes(name)).length;
  if (missing > 0) return bad('migrations', `缺少 ${missing} 个结构升级，请运行 heyi migrate`);
  if (foreign > 0) {
    return bad('migrations', `数据库比本程序新（多 ${foreign} 个结构升级），请换用新版本`);
  }
  return good('migrations', `${known.length} 个结构升级均已执行`);
}

/** @param skewMs  how far this machine's clock is from the database's, 0 within the time the question took */
export function clockCheck(skewMs: number, { clockSkewMs }: ReadinessLimits): Check {
  const detail = `与数据库时钟相差 ${skewMs} 毫秒`;
  return skewMs <= clockSkewMs ? good('clock', detail) : bad('clock', `${detail}，请校准时间`);
}

const MIB = 2n ** 20n;

export function diskCheck(freeBytes: bigint, { freeDiskBytes }: ReadinessLimits): Check {
  const detail = `数据目录剩余 ${freeBytes / MIB} MB`;
  return freeBytes >= BigInt(freeDiskBytes)
    ? good('disk', detail)
    : bad('disk', `${detail}，低于下限 ${BigInt(freeDiskBytes) / MIB} MB`);
}

export interface WorkAge {
  /** Seconds the oldest work whose turn it is has been waiting to be started. */
  readonly oldestDueSeconds: number;
  /** The same, but counted from the latest start or end of any work: how long nothing has moved although something should. */
  readonly idleSeconds: number;
}

/** A long queue that moves is health; a short one that does not is a process that has died without noticing. */
export function workCheck(
  { oldestDueSeconds, idleSeconds }: WorkAge,
  limits: ReadinessLimits,
): Check {
  if (idleSeconds > limits.idleSeconds) {
    return bad('work', `到期工作 ${idleSeconds} 秒无人执行，请检查 worker 进程`);
  }
  return good('work', `最久的到期工作已等待 ${oldestDueSeconds} 秒`);
}

export function redisCheck(posture: {
  readonly maxmemoryPolicy: string | null;
  readonly appendOnly: boolean | null;
}): Check {
  if (posture.maxmemoryPolicy !== 'noeviction') {
    return bad(
      'queue',
      `Redis 的 maxmemory-policy 是 ${posture.maxmemoryPolicy ?? '未知'}，须为 noeviction`,
    );
  }
  return good('queue', posture.appendOnly === false ? 'Redis 可用；AOF 未开启' : 'Redis 可用');
}

export const good = (name: Check['name'], detail: string): Check => ({ name, ok: true, detail });
export const bad = (name: Check['name'], detail: string): Check => ({ name, ok: false, detail });
