import type { SceneChoices } from './lab/furnishings.js';
import { BACKENDS, type Backend, type Lab } from './lab/lab.js';
import type { Scene } from './lab/scene.js';
import type { Verdict } from './oracle/truth.js';

/** The machine lacks what an experiment needs; it is reported as skipped, by name and reason. */
export class CannotRunHere extends Error {}

export interface Experiment {
  /** Number in the list of experiments; sub-experiments carry a letter. */
  readonly number: number;
  readonly title: string;
  /** What is done to the product. */
  readonly fault: string;
  /** What has to come of it. */
  readonly expected: string;
  readonly backends: readonly Backend[];
  /** False: the queue plays no part, so that the seeds are shared out between the backends. */
  readonly aboutQueue: boolean;
  /** Most seconds from the end of the fault until work goes on; null where nothing has to recover. */
  readonly recoverWithin: number | null;
  /** What the scene is furnished with before it starts. */
  readonly furnish?: (lab: Lab, seed: number) => Promise<Partial<SceneChoices>>;
  run(scene: Scene): Promise<Verdict>;
}

export const BOTH: readonly Backend[] = BACKENDS;

export interface Report {
  readonly number: number;
  readonly backend: Backend;
  readonly seed: number;
  readonly note: string;
  readonly state: 'passed' | 'failed' | 'skipped';
  readonly verdict: Verdict | null;
  readonly complaints: readonly string[];
  readonly recoverySeconds: number | null;
  readonly peakBytes: number;
  readonly seconds: number;
}
