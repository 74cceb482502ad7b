import { Command, CommandRunner, Option, SubCommand } from 'nest-commander';
import { listWork, type WorkRow } from '../jobs/status.repository.js';
import { CliDatabase } from './cli-database.service.js';
import { UsageError } from './exit-code.js';
import { type Column, printRows } from './output.js';

const COLUMNS: readonly Column<WorkRow>[] = [
  { title: '编号', cell: ({ item }) => item, align: 'right' },
  { title: '运行', cell: ({ run }) => run },
  { title: '作业', cell: ({ kind }) => kind },
  { title: '状态', cell: ({ state }) => state },
  { title: '次数', cell: ({ attempts }) => attempts, align: 'right' },
  { title: '原因', cell: ({ error }) => error?.message },
  { title: '办法', cell: ({ error }) => error?.remedy },
];

@SubCommand({
  name: 'list',
  description: '未完成和失败的工作 / work that is open or failed',
})
export class JobsListCommand extends CommandRunner {
  constructor(private readonly database: CliDatabase) {
    super();
  }

  override run(
    _: string[],
    { json = false, all = false }: { json?: boolean; all?: boolean },
  ): Promise<void> {
    return this.database.use(async ({ pool }) => {
      printRows(await listWork(pool, { all }), COLUMNS, { json });
    });
  }

  @Option({ flags: '--all', description: '包括已完成的 / also what is done' })
  all(): boolean {
    return true;
  }

  @Option({ flags: '--json', description: '每项一个 JSON 对象 / one JSON object an item' })
  json(): boolean {
    return true;
  }
}

@Command({
  name: 'jobs',
  description: '网关的工作清单 / what the gateway has to do',
  subCommands: [JobsListCommand],
})
export class JobsCommand extends CommandRunner {
  /** Only reached without a subcommand. */
  override run(): Promise<void> {
    throw new UsageError('请写明 list');
  }
}
