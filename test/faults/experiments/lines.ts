import { setTimeout as pause } from 'node:timers/promises';
import { BOTH, type Experiment } from '../experiment.js';
import { CLINIC, makeCounty, SLICED, TOWN } from '../lab/county.js';
import { MONTH } from '../lab/furnishings.js';
import { judge, wholeCounty } from '../lab/judgement.js';
import type { Scene } from '../lab/scene.js';

/** Experiment 14: the line to a hospital breaks in the middle of a read, more than once. */
export const cutLine: Experiment = {
  number: 14,
  title: '读取医院库中途断线',
  fault: 'TCP 代理在传回 N 字节后重置连接，共两次，N 随机',
  expected: '从已提交的切片继续；不缺、不重；游标不越过已落地的行',
  backends: BOTH,
  aboutQueue: false,
  recoverWithin: 60,
  furnish: async (_lab, seed) => ({
    county: makeCounty({ seed, months: [MONTH], perMonth: SLICED }),
  }),
  async run(scene) {
    await scene.up('worker');
    const { lead } = scene.lines;
    const bytes = scene.random.int(2_000, 260_000);
    scene.note = `${bytes} 字节之后`;
    lead.become({ kind: 'cut-after', bytes });
    const runId = await scene.start('backfill', MONTH);
    await scene.until('the line was cut', 40, async () => lead.cuts === 1);
    lead.become({ kind: 'cut-after', bytes: scene.random.int(2_000, 120_000) });
    await scene.until('the line was cut again or the run ended', 40, async () => {
      return lead.cuts === 2 || (await scene.stateOf(runId)).state !== 'running';
    });
    await scene.endedWell(runId, 90);
    scene.recoveredSince(lead.cutAt);
    return judge(scene, wholeCounty(scene.county));
  },
};

/** Experiment 15: a hospital that no longer answers, though the connection stands. */
export const deafHospital: Experiment = {
  number: 15,
  title: '医院库半开连接、极慢',
  fault: '连接不断而应答全部丢失数秒；之后线路恢复，丢掉的字节不再来',
  expected: '语句和套接字超时；只影响这一家；其余照常；之后自行重读',
  backends: BOTH,
  aboutQueue: false,
  recoverWithin: 90,
  furnish: async (_lab, seed) => ({
    county: makeCounty({ seed, months: [MONTH], perMonth: SLICED }),
  }),
  async run(scene) {
    await scene.up('worker');
    const { lead } = scene.lines;
    const seconds = scene.random.int(2, 6);
    const slow = scene.choices.seed % 4 >= 2;
    scene.note = slow ? '极慢' : `${seconds} 秒无应答`;
    lead.become(slow ? { kind: 'slow', milliseconds: 1_500 } : { kind: 'blackhole' });
    const runId = await scene.start('backfill', MONTH);
    await scene.untilHere('the other members are read', 60, () => othersAreRead(scene));
    await pause(seconds * 1000);
    lead.become({ kind: 'open' });
    const open = performance.now();
    await scene.endedWell(runId, 120);
    scene.recoveredSince(open);
    return judge(scene, wholeCounty(scene.county));
  },
};

/** Members other than the deaf one have their persons read: nobody waits for it within a stage. */
async function othersAreRead(scene: Scene): Promise<boolean> {
  const { rows } = await scene.pool.query<{ n: number }>(
    `SELECT count(DISTINCT payload ->> 'institution')::integer AS n FROM work_item
      WHERE kind = 'pull' AND state = 'done' AND payload ->> 'institution' = ANY($1)`,
    [[TOWN, CLINIC]],
  );
  return rows[0]?.n === 2;
}
