import { setTimeout as pause } from 'node:timers/promises';
import { CannotRunHere, type Experiment, type Report } from './experiment.js';
import { EXPERIMENTS } from './experiments/index.js';
import { type Backend, Lab } from './lab/lab.js';
import { Scene } from './lab/scene.js';
import { isClean, type Verdict } from './oracle/truth.js';

export interface ShardOptions {
  readonly backend: Backend;
  readonly seeds: readonly number[];
  readonly only: readonly number[] | null;
  /** After these only experiments of the first seed are begun. */
  readonly minutes: number;
}

const MOST_UNDER_WAY = 6;
const MOST_BYTES = 512 * 1024 * 1024;

interface Task {
  readonly experiment: Experiment;
  readonly seed: number;
}

/** All experiments of one backend, on one laboratory. */
export async function runShard(
  options: ShardOptions,
  tell: (report: Report) => void,
): Promise<readonly Report[]> {
  const began = performance.now();
  const tooLate = ({ seed }: Task): boolean =>
    seed !== options.seeds[0] && since(began) > options.minutes * 60;
  const lab = await Lab.open(options.backend);
  const reports: Report[] = [];
  try {
    const tasks = tasksOf(options);
    const next = async (): Promise<void> => {
      for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) {
        const report = tooLate(task) ? notBegun(lab, task) : await carryOut(lab, task);
        reports.push(report);
        tell(report);
      }
    };
    await Promise.all(Array.from({ length: MOST_UNDER_WAY }, next));
    return reports;
  } finally {
    await lab.close();
  }
}

/** Seeds of an experiment in which the queue plays no part are shared out: even ones here, odd ones there. */
function tasksOf({ backend, seeds, only }: ShardOptions): Task[] {
  const experiments = EXPERIMENTS.filter(
    ({ number, backends }) =>
      backends.includes(backend) && (only === null || only.includes(number)),
  );
  return seeds.flatMap((seed) =>
    experiments
      .filter(
        ({ aboutQueue }) =>
          aboutQueue || seeds.length === 1 || (seed % 2 === 0) === (backend === 'redis'),
      )
      .map((experiment) => ({ experiment, seed })),
  );
}

function notBegun({ backend }: Lab, { experiment: { number }, seed }: Task): Report {
  const base = { number, backend, seed, state: 'skipped', note: '' } as const;
  const measured = { verdict: null, recoverySeconds: null, peakBytes: 0, seconds: 0 };
  return { ...base, ...measured, complaints: ['not begun: the minutes it was given were over'] };
}

async function carryOut(lab: Lab, { experiment, seed }: Task): Promise<Report> {
  await lab.slots.take();
  const began = performance.now();
  const base = { number: experiment.number, backend: lab.backend, seed };
  const stage: { scene: Scene | null } = { scene: null };
  try {
    const where = (): string => stage.scene?.waitingFor ?? 'what it is furnished with';
    const { scene, verdict } = await beforeLong(performed(lab, { experiment, seed }, stage), where);
    return { ...base, ...judged(scene, { verdict, experiment }), seconds: since(began) };
  } catch (error) {
    const { scene } = stage;
    const skipped = error instanceof CannotRunHere;
    return {
      ...{ ...base, note: scene?.note ?? '', verdict: null, recoverySeconds: null },
      state: skipped ? 'skipped' : 'failed',
      complaints: [skipped ? error.message : explained(error, scene)],
      ...{ peakBytes: scene === null ? 0 : peakOf(scene), seconds: since(began) },
    };
  } finally {
    lab.slots.give();
    await stage.scene?.close();
  }
}

async function performed(
  lab: Lab,
  { experiment, seed }: Task,
  stage: { scene: Scene | null },
): Promise<{ readonly scene: Scene; readonly verdict: Verdict }> {
  const furnished = (await experiment.furnish?.(lab, seed)) ?? {};
  const scene = await Scene.open(lab, { ...furnished, seed });
  stage.scene = scene;
  return { scene, verdict: await experiment.run(scene) };
}

const MOST_SECONDS = 1200;

/** A laboratory that hangs says so, and where. */
async function beforeLong<T>(work: Promise<T>, where: () => string): Promise<T> {
  const over = new AbortController();
  const late = pause(MOST_SECONDS * 1000, null, { signal: over.signal }).then(() => {
    throw new Error(`not over after ${MOST_SECONDS} s; last it waited for: ${where()}`);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    over.abort();
    late.catch(() => undefined);
  }
}

function judged(
  scene: Scene,
  { verdict, experiment }: { readonly verdict: Verdict; readonly experiment: Experiment },
): Omit<Report, 'number' | 'backend' | 'seed' | 'seconds'> {
  const { recoverySeconds, recoveryUncrowded, note } = scene;
  const peakBytes = peakOf(scene);
  const limit = experiment.recoverWithin;
  const complaints = [
    ...scene.complaints,
    ...(peakBytes > MOST_BYTES ? [`I9 ${peakBytes} bytes resident`] : []),
    ...(limit !== null && recoveryUncrowded !== null && recoveryUncrowded > limit
      ? [`I7 recovered after ${recoveryUncrowded.toFixed(1)} s, ${limit} s allowed`]
      : []),
    ...(limit !== null && recoveryUncrowded === null ? ['I7 recovery was not measured'] : []),
  ];
  const passed = complaints.length === 0 && isClean(verdict);
  return {
    note,
    state: passed ? 'passed' : 'failed',
    verdict,
    complaints,
    recoverySeconds,
    peakBytes,
  };
}

/** The error, and the last words of every process that said something. */
function explained(error: unknown, scene: Scene | null): string {
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const said = (scene?.processes ?? [])
    .filter(({ remains }) => remains.said.trim() !== '')
    .map(({ name, remains }) => `── ${name}: ${remains.said.trim().slice(-600)}`);
  return [what.slice(0, 900), ...said].join('\n');
}

const peakOf = (scene: Scene): number =>
  Math.max(0, ...scene.processes.map(({ remains }) => remains.peakBytes));
const since = (began: number): number => (performance.now() - began) / 1000;
