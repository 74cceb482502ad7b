import type { INestApplicationContext } from '@nestjs/common';
import type { SyncRuns, SyncWork } from '../jobs/sync-runs.service.js';
import type { CliDatabase } from './cli-database.service.js';
import { EXIT } from './exit-code.js';
import { print, printJson, printRows, remark } from './output.js';
import { COMPARED, NO_WINDOWS, printKeys, READ, STATES } from './sync-tables.js';

export interface SyncRunOptions {
  readonly queueOnly?: boolean;
  readonly json?: boolean;
}

/** Connections as a worker needs them. */
const CONNECTIONS = 20;

/** Starts a run over a stretch of days from the command line: carried out here, unless other processes shall. */
export async function runSync(
  database: CliDatabase,
  start: (runs: SyncRuns) => Promise<string>,
  options: SyncRunOptions,
): Promise<void> {
  const { startProcess } = await import('../app/process.launcher.js');
  const { SyncRuns } = await import('../jobs/sync-runs.service.js');
  await database.use(
    async ({ pool }) => {
      const role = options.queueOnly === true ? 'scheduler' : 'worker';
      const { app } = await startProcess(role, { pool, site: database.site, port: 0 });
      try {
        const runs = app.get(SyncRuns, { strict: false });
        const runId = await start(runs);
        if (options.queueOnly === true) print(`已排入队列，运行编号 ${runId}`);
        else {
          await watched(app, runId);
          report(await runs.work(runId), options);
        }
      } finally {
        await app.close();
      }
    },
    { connections: CONNECTIONS },
  );
}

/** Until the run has ended, or nothing of it may be begun before a later hour. */
async function watched(app: INestApplicationContext, runId: string): Promise<void> {
  const { RunProgressService } = await import('../jobs/run-progress.service.js');
  const { SyncRuns } = await import('../jobs/sync-runs.service.js');
  const runs = app.get(SyncRuns, { strict: false });
  const stop = new AbortController();
  const look = setInterval(async () => {
    const open = (await runs.work(runId)).filter(({ state }) => !/done|failed/.test(state));
    if (open.length > 0 && open.every(isOutsideHours)) stop.abort();
  }, 1_000);
  try {
    const progress = app.get(RunProgressService, { strict: false });
    for await (const { done, items, failed } of progress.watch(runId, stop.signal))
      remark(`完成 ${done}/${items}，失败 ${failed}`);
  } finally {
    clearInterval(look);
  }
}

function isOutsideHours({ putOffTo, error }: SyncWork): boolean {
  return putOffTo !== null && error?.code === 'ingest.outside_hours';
}

function report(work: readonly SyncWork[], { json }: SyncRunOptions): void {
  const results = work.flatMap(({ result }) => result ?? []);
  const compared = results.flatMap((each) => each.compared ?? []);
  const read = results.flatMap(({ batches = [] }) => batches);
  const whole = work.every(({ state, result }) => state === 'done' && result?.incomplete !== true);
  if (!whole) process.exitCode = EXIT.failed;
  if (json === true) {
    printJson({ work });
    return;
  }
  if (results.some((each) => each.compared !== undefined)) {
    printRows(compared, COMPARED, { empty: NO_WINDOWS });
    compared.forEach(printKeys);
  }
  if (results.some(({ batches }) => batches !== undefined)) printRows(read, READ);
  work.forEach(printUnfinished);
  if (read.length > 0) print(whole ? STATES.complete : STATES.incomplete);
}

function printUnfinished({ part, state, error, putOffTo }: SyncWork): void {
  if (error === null || state === 'done') return;
  print(`${part.from}/${part.to} ${putOffTo === null ? '未完成' : '未到时段'}：${error.message}`);
  print(`办法 ${error.remedy}`);
}
