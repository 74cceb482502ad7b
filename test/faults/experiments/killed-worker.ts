import { BOTH, type Experiment } from '../experiment.js';
import { makeCounty, SLICED } from '../lab/county.js';
import { MONTH } from '../lab/furnishings.js';
import { judge, wholeCounty } from '../lab/judgement.js';
import { type Scene } from '../lab/scene.js';
import type { Moment } from '../lab/trap.js';

interface KillPoint {
  readonly name: string;
  readonly moment: Moment;
}

/** Before a slice is committed, after everything landed but before the work is marked done, and after that before the queue hears of it. */
const BEFORE_COMMIT: KillPoint = {
  name: '提交前',
  moment: { table: 'batch_slice', event: 'INSERT' },
};
const BEFORE_DONE: KillPoint = {
  name: '落地后、标记完成前',
  moment: { table: 'work_item', event: 'UPDATE', when: "NEW.state = 'done' AND NEW.kind = 'pull'" },
};

/** Experiment 1: two workers, one killed at a named moment; the other goes on from the last slice. */
export const killedWorker: Experiment = {
  number: 1,
  title: '工作进程在批次中被 kill -9',
  fault: 'SIGKILL：切片提交前；全部落地后、标记完成前；完成后、队列确认前',
  expected: '30 秒内由另一进程从已提交的切片继续；I1、I2',
  backends: BOTH,
  aboutQueue: true,
  recoverWithin: 30,
  furnish: async (_lab, seed) => ({
    county: makeCounty({ seed, months: [MONTH], perMonth: SLICED }),
  }),
  async run(scene) {
    const points = [BEFORE_COMMIT, BEFORE_DONE, null];
    const point = points[scene.choices.seed % points.length] ?? null;
    await scene.up('worker', 'worker');
    if (point === null) await killBeforeAcknowledgement(scene);
    else await killAt(scene, point);
    return judge(scene, wholeCounty(scene.county));
  },
};

async function killAt(scene: Scene, { name, moment }: KillPoint): Promise<void> {
  const nth = scene.random.int(1, moment.event === 'INSERT' ? 6 : 3);
  scene.note = `${name}，第 ${nth} 次`;
  const trap = await scene.setTrap({ ...moment, nth });
  const runId = await scene.start('backfill', MONTH);
  const ended = async () => (await scene.stateOf(runId)).state !== 'running';
  const caught = await trap.sprung(ended);
  if (caught === null) throw new Error(`nobody came to ${moment.table} ${nth} times`);
  const before = await leases(scene);
  await scene.processNamed(caught.application).kill();
  const killed = performance.now();
  await trap.terminate(caught);
  await trap.release();
  await scene.until('another worker took over', 60, async () => (await leases(scene)) > before);
  scene.recoveredSince(killed);
  await scene.endedWell(runId, 90);
}

/** How often work was started that had been started before. */
async function leases(scene: Scene): Promise<number> {
  const { rows } = await scene.pool.query<{ again: number }>(
    `SELECT coalesce(sum(lease_epoch - 1) FILTER (WHERE lease_epoch > 1), 0)::integer AS again FROM work_item WHERE kind = 'pull'`,
  );
  return rows[0]?.again ?? 0;
}

/** The work is committed as done; the worker dies before the queue knows. Nothing may be done twice, and the run must end. */
async function killBeforeAcknowledgement(scene: Scene): Promise<void> {
  scene.note = '标记完成后、队列确认前';
  const runId = await scene.start('backfill', MONTH);
  await scene.until('a pull is done', 60, async () => (await scene.stateOf(runId)).done > 0);
  const [victim] = scene.processes;
  await victim?.kill();
  const killed = performance.now();
  await scene.endedWell(runId, 120);
  scene.recoveredSince(killed);
}
