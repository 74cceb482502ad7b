import { BOTH, type Experiment } from '../experiment.js';
import type { FrontMood } from '../lab/agency-front.js';
import { MONTH } from '../lab/furnishings.js';
import { judge, wholeCounty } from '../lab/judgement.js';
import { type Scene } from '../lab/scene.js';
import type { Moment } from '../lab/trap.js';
import { readArrivals } from '../oracle/ledger.js';

/** Runs the month to its end and sends again what is open, as the next night would. */
async function monthToItsEnd(scene: Scene): Promise<void> {
  const runId = await scene.start('backfill', MONTH);
  await scene.ended(runId, 120);
}

/** Nothing may stay open once the agency is well again: further dispatches settle it. */
async function settleTheRest(scene: Scene): Promise<void> {
  for (let round = 0; round < 3 && (await openMessages(scene)) > 0; round += 1) {
    await scene.heyi(['agency', 'dispatch'], { mayFail: true });
  }
  scene.expect(
    (await openMessages(scene)) === 0,
    `${await openMessages(scene)} messages stay open`,
  );
}

async function openMessages(scene: Scene): Promise<number> {
  const { rows } = await scene.pool.query<{ n: number }>(
    `SELECT count(*)::integer AS n FROM outbox_message WHERE state IN ('PENDING', 'SENT', 'UNKNOWN')`,
  );
  return rows[0]?.n ?? 0;
}

interface Silence {
  readonly name: string;
  readonly faults: (nth: number) => readonly object[];
  /** Where the dispatcher is killed; null: it lives. */
  readonly kill: Moment | null;
}

const SILENCES: readonly Silence[] = [
  {
    name: '受理后超时',
    faults: (nth) => [{ fault: 'timeout', infno: '3201', nth }],
    kill: null,
  },
  {
    name: '受理后断线',
    faults: (nth) => [{ fault: 'drop-after', infno: '3201', nth }],
    kill: null,
  },
  {
    name: '已受理、记账前发送进程被 kill -9',
    faults: () => [],
    kill: { table: 'agency_reply', event: 'INSERT' },
  },
  {
    name: '已写明发出、尚未发出时发送进程被 kill -9',
    faults: () => [],
    kill: { table: 'outbox_message', event: 'UPDATE', when: "NEW.state = 'SENT'" },
  },
];

/** Experiment 21: the agency has it, and we do not know. */
export const silentAgency: Experiment = {
  number: 21,
  title: '经办机构受理后超时；发送进程此时被杀',
  fault: '受理后不答、断线；受理后记账前、发出前 SIGKILL 发送进程',
  expected: 'UNKNOWN 按同一报文号查询后了结；经办机构自己的账上只有一次',
  backends: BOTH,
  aboutQueue: false,
  recoverWithin: null,
  async run(scene) {
    const silence = SILENCES[Math.floor(scene.choices.seed / 2) % SILENCES.length] ?? SILENCES[0];
    if (silence === undefined) throw new Error('no silence');
    scene.note = silence.name;
    const nth = scene.random.int(1, 9);
    const front = await scene.agency();
    await front.misbehave(silence.faults(nth));
    await scene.up('worker', 'worker');
    if (silence.kill === null) await monthToItsEnd(scene);
    else await killTheSender(scene, { ...silence.kill, nth });
    await front.misbehave([]);
    await settleTheRest(scene);
    await expectAllDeclared(scene);
    return judge(scene, wholeCounty(scene.county));
  },
};

async function killTheSender(scene: Scene, moment: Moment): Promise<void> {
  const trap = await scene.setTrap(moment);
  const runId = await scene.start('backfill', MONTH);
  const caught = await trap.sprung(async () => (await scene.stateOf(runId)).state !== 'running');
  if (caught === null) throw new Error('nothing was sent');
  await scene.processNamed(caught.application).kill();
  await trap.terminate(caught);
  await trap.release();
  await scene.ended(runId, 120);
}

/** Every declaration of the month has reached the agency's own record, once as an effect. */
async function expectAllDeclared(scene: Scene): Promise<void> {
  const { rows } = await scene.pool.query<{ message_id: string }>(
    `SELECT message_id FROM outbox_message WHERE transaction_code = '3201' AND outcome = 'accepted'`,
  );
  const arrived = new Set(
    readArrivals(scene.arrivals)
      .filter(({ infno, outcome }) => infno === '3201' && outcome === 'accepted')
      .map(({ msgid }) => msgid),
  );
  scene.expect(
    rows.length === DECLARATIONS,
    `${rows.length} declarations accepted, not ${DECLARATIONS}`,
  );
  const imagined = rows.filter(({ message_id }) => !arrived.has(message_id));
  scene.expect(imagined.length === 0, `${imagined.length} declarations the agency has never seen`);
}

/** 2 settlement units × 2 pools × 7 clearing types, zeros included. */
const DECLARATIONS = 28;

interface Nonsense {
  readonly name: string;
  readonly mood?: FrontMood;
  readonly faults?: readonly object[];
  readonly times: number;
  /** Who can tell how it ended; absent: asking again does. */
  readonly knownBy?: 'person';
}

const answers = (status: number, body: string): FrontMood => ({ kind: 'answers', status, body });
const distorts = (status: number, body: string): FrontMood => ({ kind: 'distorts', status, body });

const NONSENSES: readonly Nonsense[] = [
  { name: '500', mood: answers(500, 'Internal Server Error'), times: 4 },
  { name: '429', mood: answers(429, '{"code":429,"message":"too many requests"}'), times: 6 },
  { name: '502 受理后', mood: distorts(502, '<html>Bad Gateway</html>'), times: 3 },
  { name: '200 半截 JSON，受理后', mood: distorts(200, '{"infcode":0,"output":{"stmt'), times: 3 },
  { name: '200 空应答，受理后', mood: distorts(200, ''), times: 3 },
  { name: '乱码页面', faults: [{ fault: 'garbled', infno: '3201', nth: 4 }], times: 0 },
  { name: '200 而正文报错', faults: [{ fault: 'silent-error', infno: '3201', nth: 5 }], times: 0 },
  { name: '503', faults: [{ fault: 'unavailable', infno: '3201', nth: 2 }], times: 0 },
  { name: '成功并附提示', faults: [{ fault: 'warning' }], times: 0 },
  {
    name: '重复报文被拒，其实已受理',
    mood: {
      kind: 'refuses-repeats',
      status: 200,
      body: '{"infcode":-1,"err_msg":"报文重复，请勿重复提交","inf_refmsgid":"000000202403010000000000000001"}',
    },
    faults: [{ fault: 'drop-after', infno: '3201', nth: 3 }],
    times: 99,
    knownBy: 'person',
  },
];

/** What nobody can find out by asking stays flagged as unknown, until a person has asked by telephone. */
async function personSettles(scene: Scene): Promise<void> {
  const { rows } = await scene.pool.query<{ id: string }>(
    `SELECT outbox_id::text AS id FROM outbox_message WHERE state = 'UNKNOWN'`,
  );
  scene.expect(rows.length === 1, `${rows.length} messages are flagged as unknown`);
  for (const { id } of rows) {
    const decision = ['--as', 'accepted', '--by', '结算员', '--reason', '电话核实'];
    await scene.heyi(['agency', 'resolve', id, ...decision]);
  }
}

/** Experiment 22. */
export const nonsensicalAgency: Experiment = {
  number: 22,
  title: '经办机构答 500、429、乱码、200 而报错、重复拒绝',
  fault: NONSENSES.map(({ name }) => name).join('；'),
  expected: '按应答归类；不明的按原报文号再问；不因重复而再次生效',
  backends: BOTH,
  aboutQueue: false,
  recoverWithin: null,
  async run(scene) {
    const nonsense = NONSENSES[scene.choices.seed % NONSENSES.length] ?? NONSENSES[0];
    if (nonsense === undefined) throw new Error('no nonsense');
    scene.note = nonsense.name;
    const front = await scene.agency();
    await front.misbehave(nonsense.faults ?? []);
    if (nonsense.mood !== undefined) {
      front.become(nonsense.mood, { times: nonsense.times, infno: '3201' });
    }
    await scene.up('worker');
    await monthToItsEnd(scene);
    if (nonsense.mood !== undefined) {
      const least = nonsense.knownBy === 'person' ? 1 : nonsense.times;
      scene.expect(front.encounters >= least, `only ${front.encounters} messages met it`);
    }
    await front.misbehave([]);
    if (nonsense.knownBy === 'person') await personSettles(scene);
    await settleTheRest(scene);
    await scene.heyi(['agency', 'declare', MONTH, '--again'], { mayFail: true });
    await settleTheRest(scene);
    await expectAllDeclared(scene);
    return judge(scene, wholeCounty(scene.county));
  },
};
