import type pg from 'pg';
import { ClockSkewError } from './errors.js';

/** Injection token of this machine's clock, in milliseconds since 1970. */
export const NOW_MS = Symbol('NOW_MS');
export type NowMs = () => number;

/**
 * How far this machine's clock is ahead of the database's (behind: below 0), in milliseconds; 0 while the time the question takes
 * explains the difference.
 */
export async function clockSkewMs(pool: pg.Pool, now: NowMs): Promise<number> {
  const before = now();
  const { rows } = await pool.query<{ ms: string }>(
    'SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS ms',
  );
  const after = now();
  const database = Number(rows[0]?.ms);
  if (before > database) return before - database;
  return database > after ? after - database : 0;
}

/**
 * The queue's locks are judged by each worker's own clock: one that is far off would steal running jobs.
 *
 * @throws ClockSkewError when this machine and the database disagree about the time
 */
export async function assertClockAgrees(
  pool: pg.Pool,
  { now, mostMs }: { readonly now: NowMs; readonly mostMs: number },
): Promise<void> {
  const skewMs = await clockSkewMs(pool, now);
  if (Math.abs(skewMs) <= mostMs) return;
  throw new ClockSkewError(
    `本机时钟比数据库${skewMs > 0 ? '快' : '慢'} ${Math.round(Math.abs(skewMs) / 1000)} 秒`,
    { skewMs },
  );
}
