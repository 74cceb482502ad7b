import { Command, CommandRunner, Option } from 'nest-commander';
import type { RunSummary } from '../jobs/run.service.js';
import { readStatus } from '../jobs/status.repository.js';
import { listWorkers, type WorkerRow } from '../jobs/worker-directory.repository.js';
import { CliDatabase } from './cli-database.service.js';
import { type Column, print, printJson, printRows } from './output.js';

const COLUMNS: readonly Column<RunSummary>[] = [
  { title: '运行', cell: ({ kind }) => kind },
  { title: '对象', cell: ({ subject }) => subject },
  { title: '轮次', cell: ({ round }) => round, align: 'right' },
  { title: '状态', cell: ({ state }) => state },
  { title: '完成', cell: ({ done, items }) => `${done}/${items}`, align: 'right' },
  { title: '失败', cell: ({ failed }) => failed, align: 'right' },
];

const SILENT_SECONDS = 15;

const WORKERS: readonly Column<WorkerRow>[] = [
  { title: '主机', cell: ({ host }) => host },
  { title: '进程', cell: ({ pid }) => pid, align: 'right' },
  { title: '角色', cell: ({ role }) => role },
  { title: '版本', cell: ({ version }) => version },
  { title: '队列', cell: ({ backend }) => (backend === 'redis' ? 'Redis' : 'PostgreSQL') },
  { title: '状态', cell: healthOf },
  { title: '时钟偏差', cell: ({ clockSkewMs }) => `${clockSkewMs} ms`, align: 'right' },
  { title: '手头工作', cell: ({ current }) => current.join(' ') },
];

function healthOf({ state, secondsSilent }: WorkerRow): string {
  if (secondsSilent > SILENT_SECONDS) return `失联 ${Math.round(secondsSilent)} 秒`;
  return state === 'fenced' ? '时钟有误，已停接任务' : '正常';
}

@Command({
  name: 'status',
  description: '最近的运行，以及工作是否在进行 / the latest runs, and whether work is getting done',
})
export class StatusCommand extends CommandRunner {
  constructor(private readonly database: CliDatabase) {
    super();
  }

  override run(_: string[], { json = false }: { json?: boolean }): Promise<void> {
    return this.database.use(async ({ pool }) => {
      const status = { ...(await readStatus(pool)), workers: await listWorkers(pool) };
      if (json) {
        printJson(status);
        return;
      }
      printRows(status.runs, COLUMNS);
      print();
      print(`未完成的工作 ${status.openWork}，失败 ${status.failedWork}`);
      if (status.oldestDueSeconds > 0) print(`最久的已等待 ${status.oldestDueSeconds} 秒`);
      print();
      printRows(status.workers, WORKERS, { empty: '没有正在运行的进程：npx heyi serve' });
      if (status.relayWaiting > 0) print(`等待交到 Redis 的工作 ${status.relayWaiting}`);
    });
  }

  @Option({ flags: '--json', description: '输出 JSON / print JSON' })
  json(): boolean {
    return true;
  }
}
