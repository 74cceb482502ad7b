import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Experiment } from '../experiment.js';
import { makeCounty, SLICED } from '../lab/county.js';
import { MONTH, type SceneChoices } from '../lab/furnishings.js';
import { judge, wholeCounty } from '../lab/judgement.js';
import type { Lab } from '../lab/lab.js';
import { NotReadyError } from '../lab/product.js';
import { schedulersIn, wipeQueue } from '../lab/queue-view.js';
import { LabRedis } from '../lab/redis.js';
import { type Scene } from '../lab/scene.js';

/** A tick that never comes while an experiment lasts: its scheduler has to be there all the same. */
const WITH_TICKS = `timezone: Asia/Shanghai
ticks:
  - { job: night, cron: '30 1 1 1 *' }
monthEnd:
  close: automatic
`;

async function ownRedis(lab: Lab): Promise<Partial<SceneChoices>> {
  const redis = await LabRedis.start(join(lab.folder, `redis-${lab.next()}`));
  return { redis, afterwards: [() => redis.stop()] };
}

/** Experiment 8: Redis dies and comes back on its append-only file. */
export const redisRestart: Experiment = {
  number: 8,
  title: 'Redis 被 kill -9 后重启',
  fault: 'SIGKILL 于采集中的随机时刻，一到两秒后在同一目录重启（AOF everysec，可能丢最后一秒）',
  expected: '0 丢失、0 重复；工作由工作表补建',
  backends: ['redis'],
  aboutQueue: true,
  recoverWithin: 120,
  furnish: async (lab, seed) => ({
    ...(await ownRedis(lab)),
    county: makeCounty({ seed, months: [MONTH], perMonth: SLICED }),
  }),
  async run(scene) {
    await scene.up('worker', 'worker', 'scheduler');
    const runId = await scene.start('backfill', MONTH);
    const delay = scene.random.int(20, 1_200);
    scene.note = `开始后 ${delay} 毫秒`;
    await pause(delay);
    await scene.redis?.kill();
    await pause(scene.random.int(1_000, 2_000));
    await scene.redis?.up();
    const up = performance.now();
    await scene.endedWell(runId, 180);
    scene.recoveredSince(up);
    return judge(scene, wholeCounty(scene.county));
  },
};

async function wipedAndHealed(scene: Scene): Promise<void> {
  await scene.up('worker', 'scheduler');
  await scene.until('the schedule is published', 30, async () => (await schedulersIn(scene)) === 1);
  const trap = await scene.setTrap({
    table: 'batch_slice',
    event: 'INSERT',
    nth: scene.random.int(1, 4),
  });
  const runId = await scene.start('backfill', MONTH);
  const caught = await trap.sprung(async () => (await scene.stateOf(runId)).state !== 'running');
  if (caught === null) throw new Error('the run ended before the queue was wiped');
  await wipeQueue(scene);
  const wiped = performance.now();
  await trap.release();
  await scene.until('the run ended and the schedule is back', 300, async () => {
    const { state } = await scene.stateOf(runId);
    return state !== 'running' && (await schedulersIn(scene)) === 1;
  });
  scene.recoveredSince(wiped);
  await scene.endedWell(runId);
}

/** A Redis that may throw keys away is not worked with. */
async function refusesEviction(scene: Scene): Promise<void> {
  const folder = join(scene.lab.folder, `redis-lru-${scene.lab.next()}`);
  const careless = await LabRedis.start(folder, 'allkeys-lru');
  try {
    const worker = scene.spawn('worker', { environment: { REDIS_URL: careless.url } });
    const outcome = await worker.ready(90).catch((error: unknown) => error);
    const refused = outcome instanceof NotReadyError && /jobs\.redis_policy/.test(outcome.said);
    scene.expect(refused, 'a worker started on a Redis that evicts keys');
  } finally {
    await careless.stop();
  }
}

/** Experiment 9. */
export const redisFlushed: Experiment = {
  number: 9,
  title: 'Redis 被 FLUSHALL；会淘汰键的 Redis',
  fault: '采集中 FLUSHALL；另以 maxmemory-policy allkeys-lru 启动工作进程',
  expected: '两分钟内补齐作业和定时；非 noeviction 时拒绝启动',
  backends: ['redis'],
  aboutQueue: true,
  recoverWithin: 120,
  furnish: async (lab) => ({ ...(await ownRedis(lab)), site: { schedule: WITH_TICKS } }),
  async run(scene) {
    await refusesEviction(scene);
    await wipedAndHealed(scene);
    return judge(scene, wholeCounty(scene.county));
  },
};

/** Experiment 10. */
export const queueTruncated: Experiment = {
  number: 10,
  title: '队列表被清空',
  fault: '采集中 TRUNCATE 队列的全部表',
  expected: '两分钟内补齐作业和定时',
  backends: ['pg'],
  aboutQueue: true,
  recoverWithin: 120,
  furnish: async () => ({ site: { schedule: WITH_TICKS } }),
  async run(scene) {
    await wipedAndHealed(scene);
    return judge(scene, wholeCounty(scene.county));
  },
};
