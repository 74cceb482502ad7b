import { Command, CommandRunner, Option } from 'nest-commander';
import type { RunSummary } from '../jobs/run.service.js';
import { readStatus } from '../jobs/status.repository.js';
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
      const status = await readStatus(pool);
      if (json) {
        printJson(status);
        return;
      }
      printRows(status.runs, COLUMNS);
      print();
      print(`未完成的工作 ${status.openWork}，失败 ${status.failedWork}`);
      if (status.oldestDueSeconds > 0) print(`最久的已等待 ${status.oldestDueSeconds} 秒`);
    });
  }

  @Option({ flags: '--json', description: '输出 JSON / print JSON' })
  json(): boolean {
    return true;
  }
}
