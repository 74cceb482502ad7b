import type { Scene } from './scene.js';

/** What the queue itself holds, seen from outside: only to know that it was really wiped, and that its schedule came back. */

export async function schedulersIn(scene: Scene): Promise<number> {
  if (scene.redis === null) {
    const { rows } = await scene.pool.query<{ n: number }>(
      'SELECT count(*)::integer AS n FROM bullmq.scheduler',
    );
    return rows[0]?.n ?? 0;
  }
  const own = `heyi:${await identityOf(scene)}:*:repeat`; // other scenes keep theirs in the same Redis
  const keys = (await scene.redis.command('KEYS', own)) as readonly string[];
  const counts = await Promise.all(keys.map((key) => scene.redis?.command('ZCARD', key)));
  return counts.reduce<number>((sum, count) => sum + Number(count), 0);
}

/** What tells the keys of one database's queue from another's. */
async function identityOf(scene: Scene): Promise<string> {
  const { rows } = await scene.pool.query<{ identity: string }>(
    `SELECT substr(encode(sha256(concat_ws('.', system_identifier, d.oid)::bytea), 'hex'), 1, 16) AS identity
       FROM pg_control_system(), pg_database d WHERE d.datname = current_database()`,
  );
  return rows[0]?.identity ?? '';
}

const DEADLOCK = '40P01';

/** Takes everything out of the queue: jobs, schedules, waiting lists. */
export async function wipeQueue(scene: Scene): Promise<void> {
  if (scene.redis !== null) {
    await scene.redis.command('FLUSHALL');
    return;
  }
  await scene.server.assertOwn(scene.pool);
  const { rows } = await scene.pool.query<{ tables: string }>(
    `SELECT string_agg(format('bullmq.%I', tablename), ', ') AS tables FROM pg_tables
      WHERE schemaname = 'bullmq' AND tablename <> 'migration'`,
  );
  await truncated(scene, rows[0]?.tables ?? '');
}

/** Where the product and we lock in opposite order we may be the one who is told: then once more. */
async function truncated(scene: Scene, tables: string): Promise<void> {
  try {
    await scene.pool.query(`TRUNCATE ${tables}`);
  } catch (error) {
    if ((error as { readonly code?: string }).code !== DEADLOCK) throw error;
    await truncated(scene, tables);
  }
}
