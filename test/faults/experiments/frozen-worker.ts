import { BOTH, type Experiment } from '../experiment.js';
import { MONTH } from '../lab/furnishings.js';
import { judge, wholeCounty } from '../lab/judgement.js';

const LOCK_MS = 5_000;

/** Experiment 2: a process that stands still for three locks' time and then goes on as if nothing had happened. */
export const frozenWorker: Experiment = {
  number: 2,
  title: '工作进程停顿三倍锁时长后继续',
  fault: '在切片提交前 SIGSTOP，三倍锁时长后 SIGCONT（事件循环阻塞、虚拟机挂起）',
  expected: '第二个进程接手；苏醒者提交被租约拒绝；只生效一次',
  backends: BOTH,
  aboutQueue: true,
  recoverWithin: 60,
  furnish: async () => ({ site: { limits: { lockMs: String(LOCK_MS) } } }),
  async run(scene) {
    await scene.up('worker', 'worker');
    const nth = scene.random.int(1, 6);
    scene.note = `第 ${nth} 个切片提交前`;
    const trap = await scene.setTrap({ table: 'batch_slice', event: 'INSERT', nth });
    const runId = await scene.start('backfill', MONTH);
    const caught = await trap.sprung(async () => (await scene.stateOf(runId)).state !== 'running');
    if (caught === null) throw new Error(`fewer than ${nth} slices`);
    const sleeper = scene.processNamed(caught.application);
    sleeper.freeze();
    await trap.release();
    const frozen = performance.now();
    await scene.until(
      'three locks have passed',
      60,
      async () => performance.now() - frozen > 3 * LOCK_MS,
    );
    sleeper.thaw();
    const thawed = performance.now();
    await scene.endedWell(runId, 120);
    scene.recoveredSince(thawed);
    const { rows } = await scene.pool.query<{ again: number }>(
      'SELECT count(*)::integer AS again FROM work_item WHERE lease_epoch > 1',
    );
    scene.expect((rows[0]?.again ?? 0) > 0, 'nobody took over while the worker slept');
    return judge(scene, wholeCounty(scene.county));
  },
};
