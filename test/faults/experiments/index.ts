import type { Experiment } from '../experiment.js';
import { nonsensicalAgency, silentAgency } from './agency.js';
import { allocation } from './allocation.js';
import { annualClearing } from './annual-clearing.js';
import { poolExhausted, sameKeyOtherContent } from './api.js';
import { changedAfterClose, changedBeforeClose, lateCommits } from './changes.js';
import { manySchedulers, monthEdges, wrongClocks } from './clock.js';
import { databaseRestart, diskFull, quarrels } from './database.js';
import { duplicateFeeds, partialFiles } from './feeds.js';
import { frozenWorker } from './frozen-worker.js';
import { hostileAmountsLand, hostileDates } from './hostile-values.js';
import { killedWorker } from './killed-worker.js';
import { cutLine, deafHospital } from './lines.js';
import { queueTruncated, redisFlushed, redisRestart } from './queue-loss.js';
import { encodings } from './writings.js';

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
