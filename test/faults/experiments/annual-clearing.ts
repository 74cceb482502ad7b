import { BOTH, type Experiment } from '../experiment.js';
import { CLINIC, LEAD, makeCounty, TOWN } from '../lab/county.js';
import { judge, wholeCounty } from '../lab/judgement.js';
import type { Lab } from '../lab/lab.js';
import { Scene } from '../lab/scene.js';
import type { Moment } from '../lab/trap.js';
import { isClean } from '../oracle/truth.js';

const YEAR = '2024';
const MONTHS = Array.from({ length: 12 }, (_, at) => `${YEAR}-${String(at + 1).padStart(2, '0')}`);
/** One county for all seeds: its undisturbed result is computed once. */
const COUNTY = makeCounty({
  seed: 2024,
  months: MONTHS,
  perMonth: { [LEAD]: 12, [TOWN]: 5, [CLINIC]: 2 },
});

const done = (kind: string): Moment => ({
  table: 'work_item',
  event: 'UPDATE',
  when: `NEW.state = 'done' AND NEW.kind = '${kind}'`,
});

/** Every step of the annual clearing at which a process can die. */
const STEPS: readonly (readonly [string, Moment])[] = [
  ['写入清算运行', { table: 'settlement_run', event: 'INSERT' }],
  ['写入数字', { table: 'figure', event: 'INSERT', nth: 7 }],
  ['写入凭证', { table: 'posting', event: 'INSERT', nth: 3 }],
  ['写入病例分值', { table: 'dip_case', event: 'INSERT', nth: 5 }],
  ['存证', { table: 'journal_entry', event: 'INSERT' }],
  ['关账', { table: 'settlement_run', event: 'UPDATE', when: 'NEW.closed_at IS NOT NULL' }],
  ['清算标记完成', done('settle-year')],
  ['申报标记完成', done('declare')],
  ['发送标记完成', done('dispatch')],
  ['写入对账结果', { table: 'reconciliation_run', event: 'INSERT' }],
  ['对账标记完成', done('reconcile')],
  ['存证核对标记完成', done('verify-journal')],
];

interface Prepared {
  readonly template: string;
  /** Result of a clearing that nobody disturbed. */
  readonly digest: string;
}

const prepared = new WeakMap<Lab, Promise<Prepared>>();

/** Twelve months settled and closed, kept as a template; the year cleared once on a copy of it. */
async function prepare(lab: Lab): Promise<Prepared> {
  const template = `lab_year_${lab.next()}`;
  const months = await Scene.open(lab, { seed: 1, county: COUNTY });
  try {
    await months.agency();
    await months.up('worker', 'worker');
    for (const month of MONTHS) await endedWell(months, 'backfill', month);
    for (const process of months.processes) await process.kill();
    await months.keepAs(template);
  } finally {
    await months.close();
  }
  const undisturbed = await Scene.open(lab, { seed: 1, county: COUNTY, template });
  try {
    await undisturbed.agency();
    await undisturbed.up('worker');
    await endedWell(undisturbed, 'year', YEAR);
    const verdict = await judge(undisturbed, wholeCounty(COUNTY));
    if (!isClean(verdict))
      throw new Error(`the undisturbed year is not clean: ${JSON.stringify(verdict)}`);
    return { template, digest: await digestOf(undisturbed) };
  } finally {
    await undisturbed.close();
  }
}

async function endedWell(scene: Scene, kind: 'backfill' | 'year', subject: string): Promise<void> {
  const { state, failed } = await scene.ended(await scene.start(kind, subject), 120);
  if (failed > 0) throw new Error(`${kind} ${subject} ended ${state} without any fault`);
}

/** Everything the year's run says, figure by figure, and its digest. */
async function digestOf(scene: Scene): Promise<string> {
  const { rows } = await scene.pool.query<{ digest: string }>(
    `SELECT r.result_digest || ' ' || md5(string_agg(f.figure_id || '=' || f.value, ',' ORDER BY f.figure_id)) AS digest
       FROM settlement_run r JOIN figure f ON f.run_id = r.run_id
      WHERE r.kind = 'year' AND r.current AND r.closed_at IS NOT NULL GROUP BY r.result_digest`,
  );
  return rows[0]?.digest ?? 'no closed run of the year';
}

/** Who waits for another's preparation lets it have the place it needs. */
function preparedFor(lab: Lab): Promise<Prepared> {
  const known = prepared.get(lab);
  if (known !== undefined) return lab.slots.aside(() => known);
  const begun = prepare(lab);
  prepared.set(lab, begun);
  return begun;
}

/** Experiment 3. */
export const annualClearing: Experiment = {
  number: 3,
  title: '年度清算的每一步被 kill -9',
  fault: `SIGKILL 于年度清算的 ${STEPS.length} 个步骤之一`,
  expected: '结果摘要和每个数字与未受干扰的清算相同；I3、I4、I5',
  backends: BOTH,
  aboutQueue: true,
  recoverWithin: 30,
  furnish: async (lab) => ({ county: COUNTY, template: (await preparedFor(lab)).template }),
  async run(scene) {
    const { digest } = await preparedFor(scene.lab);
    const [name, moment] = STEPS[scene.choices.seed % STEPS.length] ?? STEPS[0] ?? [];
    if (name === undefined || moment === undefined) throw new Error('no step');
    scene.note = name;
    await scene.agency();
    await scene.up('worker', 'worker');
    const trap = await scene.setTrap(moment);
    const runId = await scene.start('year', YEAR);
    const caught = await trap.sprung(async () => (await scene.stateOf(runId)).state !== 'running');
    if (caught === null) throw new Error(`the clearing never came to: ${name}`);
    const started = await startsOf(scene, runId);
    await scene.processNamed(caught.application).kill();
    const killed = performance.now();
    await trap.terminate(caught);
    await trap.release();
    await scene.until(
      'another worker took over',
      60,
      async () => (await startsOf(scene, runId)) > started,
    );
    scene.recoveredSince(killed);
    await scene.endedWell(runId, 90);
    scene.expect((await digestOf(scene)) === digest, 'the result differs from the undisturbed one');
    return judge(scene, wholeCounty(COUNTY));
  },
};

async function startsOf(scene: Scene, runId: string): Promise<number> {
  const { rows } = await scene.pool.query<{ starts: number }>(
    'SELECT sum(lease_epoch)::integer AS starts FROM work_item WHERE run_id = $1',
    [runId],
  );
  return rows[0]?.starts ?? 0;
}
