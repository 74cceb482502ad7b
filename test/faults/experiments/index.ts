import type { Experiment } from '../experiment.js';
import { annualClearing } from './annual-clearing.js';
import { databaseRestart, diskFull, quarrels } from './database.js';
import { frozenWorker } from './frozen-worker.js';
import { killedWorker } from './killed-worker.js';

export const EXPERIMENTS: readonly Experiment[] = [
  killedWorker,
  frozenWorker,
  annualClearing,
  databaseRestart,
  diskFull,
  quarrels,
];
