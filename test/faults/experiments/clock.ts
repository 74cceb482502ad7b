import { setTimeout as pause } from 'node:timers/promises';
import { BOTH, type Experiment } from '../experiment.js';
import { CLINIC, type County, LEAD, makeCounty, SLICED, SMALL, TOWN } from '../lab/county.js';
import { MONTH } from '../lab/furnishings.js';
import { judge, wholeCounty } from '../lab/judgement.js';
import { NotReadyError, wrongClock } from '../lab/product.js';
import { schedulersIn } from '../lab/queue-view.js';
import { type Scene } from '../lab/scene.js';

const AHEAD_MS = 120_000;
const BEHIND_MS = -3_600_000;

/** Experiment 11: clocks that are off at the start, and one that goes off while its worker is busy. */
export const wrongClocks: Experiment = {
  number: 11,
  title: '工作进程的时钟快 2 分钟或慢 1 小时',
  fault: '以偏移的时钟启动；另有一个进程在采集中时钟突变',
  expected: '拒绝启动；运行中的停止接活并被隔开；只生效一次',
  backends: BOTH,
  aboutQueue: true,
  recoverWithin: null,
  furnish: async (_lab, seed) => ({
    county: makeCounty({ seed, months: [MONTH], perMonth: SLICED }),
  }),
  async run(scene) {
    const offset = scene.choices.seed % 2 === 0 ? AHEAD_MS : BEHIND_MS;
    scene.note = offset > 0 ? '快 120 秒' : '慢 1 小时';
    const late = scene.spawn('worker', { before: wrongClock(offset) });
    const told = await late.ready(90).catch((error: unknown) => error);
    const refused = told instanceof NotReadyError && /jobs\.clock_skew/.test(told.said);
    scene.expect(refused, 'a worker started with a clock that is off');
    scene.expect(!late.alive, 'a worker that was refused did not end');
    await scene.up('worker');
    const drifting = scene.spawn('worker', { before: wrongClock(0, offset) });
    await drifting.ready();
    const runId = await scene.start('backfill', MONTH);
    await pause(scene.random.int(50, 800));
    drifting.signal('SIGUSR2');
    await scene.endedWell(runId, 120);
    await scene.until('the drifting worker is fenced', 20, () => isFenced(scene, drifting.pid));
    return judge(scene, wholeCounty(scene.county));
  },
};

async function isFenced(scene: Scene, pid: number): Promise<boolean> {
  const { rows } = await scene.pool.query<{ state: string }>(
    'SELECT state FROM worker_process WHERE pid = $1',
    [pid],
  );
  return rows.some(({ state }) => state === 'fenced');
}

const ZONES = ['UTC', 'America/New_York', 'Asia/Kolkata', 'Pacific/Auckland', 'Asia/Shanghai'];
const EDGES = [
  '2024-02-29 23:59:59.999',
  '2024-03-01 00:00:00.000',
  '2024-03-31 23:59:59.999',
  '2024-04-01 00:00:00.000',
  '2024-03-31 16:00:00.000',
  '2024-03-10 02:30:00.000',
];

/** Every member's first claims of March moved to the edges of the month. */
function onTheEdge(seed: number): County {
  const county = makeCounty({
    seed,
    months: [MONTH],
    perMonth: { [LEAD]: 12, [TOWN]: 12, [CLINIC]: 4 },
  });
  const counts = new Map<string, number>();
  const claims = county.claims
    .filter(({ refundOf }) => refundOf === null)
    .map((claim) => {
      const at = counts.get(claim.member) ?? 0;
      counts.set(claim.member, at + 1);
      const edge = EDGES[at];
      const stays = edge === undefined || (claim.member === CLINIC && !edge.startsWith(MONTH));
      return stays ? claim : { ...claim, settledAt: edge };
    });
  return { ...county, claims };
}

/** Experiment 12: claims settled in the last and the first millisecond of a month, read by processes in odd time zones. */
export const monthEdges: Experiment = {
  number: 12,
  title: '月末最后一毫秒与进程时区',
  fault: '结算时间为月末 23:59:59.999、次月 00:00:00.000 等；工作进程的 TZ 任取',
  expected: '按来源当地时间落入政策规定的月份，且只落一次',
  backends: BOTH,
  aboutQueue: false,
  recoverWithin: null,
  furnish: async (_lab, seed) => ({ county: onTheEdge(seed) }),
  async run(scene) {
    const zone = scene.random.pick(ZONES);
    scene.note = `TZ=${zone}`;
    await scene.agency();
    await scene.spawn('worker', { environment: { TZ: zone } }).ready();
    for (const month of ['2024-02', '2024-03', '2024-04']) {
      const { state } = await scene.ended(await scene.start('backfill', month));
      scene.expect(state === 'complete' || state === 'incomplete', `${month} ended ${state}`);
    }
    const { rows } = await scene.pool.query<{ claim_no: string; period: string; month: string }>(
      `SELECT claim_no, period, to_char(settled_on, 'YYYY-MM') AS month FROM claim WHERE period <> to_char(settled_on, 'YYYY-MM')`,
    );
    for (const { claim_no, period, month } of rows) {
      scene.complaints.push(`claim ${claim_no} of ${month} counts to ${period}`);
    }
    return judge(scene, wholeCounty(scene.county));
  },
};

const NODES = 10;
const EVERY_SECOND = `timezone: Asia/Shanghai
ticks:
  - { job: night, cron: '* * * * * *' }
monthEnd:
  close: automatic
  confirmHard:
    decidedBy: 合规负责人
    reason: 常设授权
`;

/** Experiment 13: ten schedulers at once, a tick every second, the same month asked for three times at once. */
export const manySchedulers: Experiment = {
  number: 13,
  title: '十个调度进程同时登记，节拍重复',
  fault: `${NODES} 个调度进程同时启动，夜间节拍每秒一次；同一月份同时要求三次`,
  expected: '定时只有一份；每期一次结算运行；每项工作只做一次',
  backends: BOTH,
  aboutQueue: true,
  recoverWithin: null,
  furnish: async (_lab, seed) => ({
    site: { schedule: EVERY_SECOND },
    county: makeCounty({ seed, months: [MONTH], perMonth: SMALL }),
  }),
  async run(scene) {
    await scene.agency();
    await scene.up('worker', ...Array.from({ length: NODES }, () => 'scheduler' as const));
    await scene.until('ticks have come', 30, async () => (await runsOf(scene, 'night')) > 0);
    const ids = await Promise.all([1, 2, 3].map(() => scene.startByCommand('backfill', MONTH)));
    scene.expect(new Set(ids).size === 1, 'one month gave several runs');
    await scene.endedWell(ids[0] ?? '');
    await pause(2_500); // two more ticks at least
    scene.expect((await schedulersIn(scene)) === 1, `${await schedulersIn(scene)} schedulers`);
    scene.expect((await runsOf(scene, 'night')) === 1, 'a tick that came twice made two nights');
    const { rows } = await scene.pool.query<{ n: number }>(
      'SELECT count(*)::integer AS n FROM work_item WHERE lease_epoch > 1',
    );
    scene.expect(rows[0]?.n === 0, `${rows[0]?.n} pieces of work were started twice`);
    return judge(scene, wholeCounty(scene.county));
  },
};

async function runsOf(scene: Scene, kind: string): Promise<number> {
  const { rows } = await scene.pool.query<{ n: number }>(
    'SELECT count(*)::integer AS n FROM work_run WHERE kind = $1',
    [kind],
  );
  return rows[0]?.n ?? 0;
}
