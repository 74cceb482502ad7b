import type { Experiment } from '../experiment.js';
import { killedWorker } from './killed-worker.js';

export const EXPERIMENTS: readonly Experiment[] = [killedWorker];
