import type { Experiment } from '../experiment.js';
import { nonsensicalAgency, silentAgency } from './agency.js';
import { allocation } from './allocation.js';
import { annualClearing } from './annual-clearing.js';
import { poolExhausted, sameKeyOtherContent } from './api.js';
import { manySchedulers, monthEdges, wrongClocks } from './clock.js';
import { databaseRestart, diskFull, quarrels } from './database.js';
import { duplicateFeeds, partialFiles } from './feeds.js';
import { frozenWorker } from './frozen-worker.js';
import { encodings, hostileAmountsLand, hostileDates } from './hostile-values.js';
import { killedWorker } from './killed-worker.js';
import { queueTruncated, redisFlushed, redisRestart } from './queue-loss.js';
import {
  changedAfterClose,
  changedBeforeClose,
  cutLine,
  deafHospital,
  lateCommits,
} from './sources.js';

export const EXPERIMENTS: readonly Experiment[] = [
  killedWorker,
  frozenWorker,
  annualClearing,
  databaseRestart,
  diskFull,
  quarrels,
  poolExhausted,
  redisRestart,
  redisFlushed,
  queueTruncated,
  wrongClocks,
  monthEdges,
  manySchedulers,
  cutLine,
  deafHospital,
  changedBeforeClose,
  changedAfterClose,
  lateCommits,
  duplicateFeeds,
  partialFiles,
  silentAgency,
  nonsensicalAgency,
  sameKeyOtherContent,
  encodings,
  hostileDates,
  hostileAmountsLand,
  allocation,
];
