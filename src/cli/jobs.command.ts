import { Command, CommandRunner, Option, SubCommand } from 'nest-commander';
import type { ImpactItem, RunImpact } from '../jobs/run-impact.js';
import { listWork, showWork, type WorkDetail, type WorkRow } from '../jobs/status.repository.js';
import { CliDatabase } from './cli-database.service.js';
import { EXIT, UsageError } from './exit-code.js';
import { type Column, print, printJson, printRows } from './output.js';

const STATES: Readonly<Record<string, string>> = {
  pending: '等待',
  running: '进行中',
  done: '完成',
  failed: '失败',
};
const stateOf = (state: string | null): string => (state === null ? '' : (STATES[state] ?? state));

const COLUMNS: readonly Column<WorkRow>[] = [
  { title: '编号', cell: ({ item }) => item, align: 'right' },
  { title: '运行', cell: ({ run }) => run },
  { title: '作业', cell: ({ kind }) => kind },
  { title: '状态', cell: ({ state }) => stateOf(state) },
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

@SubCommand({
  name: 'show',
  arguments: '<item>',
  argsDescription: { item: '编号，见 jobs list / number, see jobs list' },
  description: '一项工作的全部情况 / all there is to know of one piece of work',
})
export class JobsShowCommand extends CommandRunner {
  constructor(private readonly database: CliDatabase) {
    super();
  }

  override run([item = '']: string[], { json = false }: { json?: boolean }): Promise<void> {
    assertNumber(item);
    return this.database.use(async ({ pool }) => {
      const work = await showWork(pool, item);
      if (work === null) throw new UsageError(`没有编号为 ${item} 的工作`);
      if (json) printJson(work);
      else for (const [title, text] of linesOf(work)) print(`${title}  ${text}`);
    });
  }

  @Option({ flags: '--json', description: '输出 JSON / print JSON' })
  json(): boolean {
    return true;
  }
}

function linesOf(work: WorkDetail): readonly (readonly [string, string])[] {
  const { error, result } = work;
  const lines: readonly (readonly [string, string | null])[] = [
    ['编号', work.item],
    ['运行', `${work.run}（编号 ${work.runId}，第 ${work.stage} 阶段）`],
    ['作业', `${work.kind}（队列 ${work.queue}）`],
    ['内容', JSON.stringify(work.payload)],
    ['状态', stateOf(work.state)],
    ['执行', `${work.attempts} 次尝试，开始 ${work.starts} 次，入队 ${work.epoch} 次`],
    ['到期', work.dueAt],
    ['开始', work.startedAt],
    ['结束', work.finishedAt],
    ['进程', work.worker],
    ['等待', work.waitsFor === null ? null : `来源 ${work.waitsFor}，自 ${work.parkedAt}`],
    ['交付', work.handedOver ? null : '尚未交到 Redis'],
    ['原因', error === null ? null : error.message],
    ['办法', error === null ? null : error.remedy],
    ['结果', result === null ? null : JSON.stringify(result)],
  ];
  return lines.flatMap(([title, text]) => (text === null ? [] : [[title, text] as const]));
}

interface RetryOptions {
  readonly by: string;
  readonly reason: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

@SubCommand({
  name: 'retry',
  arguments: '<item>',
  argsDescription: { item: '失败工作的编号 / number of work that failed' },
  description: '重做一项失败的工作和它之后的阶段 / do failed work once more, and what follows it',
})
export class JobsRetryCommand extends CommandRunner {
  constructor(private readonly database: CliDatabase) {
    super();
  }

  override async run([item = '']: string[], options: RetryOptions): Promise<void> {
    assertNumber(item);
    const { startProcess } = await import('../app/process.launcher.js');
    const { RunControl } = await import('../jobs/run-control.service.js');
    await this.database.use(async ({ pool }) => {
      const { app } = await startProcess('scheduler', { pool, site: this.database.site, port: 0 });
      try {
        const control = app.get(RunControl, { strict: false });
        if (options.dryRun === true) reportImpact(await control.previewRetry(item), options);
        else reportImpact(await control.retry(item, grounds(options)), options);
      } finally {
        await app.close();
      }
    });
  }

  @Option({
    flags: '--by <user>',
    required: true,
    description: '操作人（用户名）/ who asks for it',
  })
  by(text: string): string {
    return text;
  }

  @Option({
    flags: '--reason <text>',
    required: true,
    description: '理由，记入存证日志 / why; goes into the journal',
  })
  reason(text: string): string {
    return text;
  }

  @Option({ flags: '--dry-run', description: '只看影响，不重做 / say what it would redo' })
  dryRun(): boolean {
    return true;
  }

  @Option({ flags: '--json', description: '输出 JSON / print JSON' })
  json(): boolean {
    return true;
  }
}

const EFFECTS = { create: '新建', resume: '继续', redo: '重做', keep: '不动' } as const;

const IMPACT: readonly Column<ImpactItem>[] = [
  { title: '编号', cell: ({ item }) => item, align: 'right' },
  { title: '阶段', cell: ({ stage }) => stage, align: 'right' },
  { title: '作业', cell: ({ kind }) => kind },
  { title: '状态', cell: ({ state }) => stateOf(state) },
  { title: '影响', cell: ({ effect }) => EFFECTS[effect] },
  { title: '已关账月份', cell: ({ closedMonths }) => closedMonths.join(' ') },
];

function reportImpact(impact: RunImpact, { json, dryRun }: RetryOptions): void {
  if (json === true) printJson(impact);
  else {
    printRows(
      impact.items.filter(({ effect }) => effect !== 'keep'),
      IMPACT,
    );
    for (const remark of impact.remarks) print(remark);
    if (dryRun === true) print('以上仅为预览，未改动任何数据');
    else print('已重新排入队列，由正在运行的进程完成；进度见 npx heyi status');
  }
  if (!impact.allowed) process.exitCode = EXIT.failed;
}

function grounds({ by, reason }: RetryOptions): { by: string; reason: string } {
  if (by.trim() === '' || reason.trim() === '') throw new UsageError('--by 和 --reason 不能为空');
  return { by: by.trim(), reason: reason.trim() };
}

function assertNumber(item: string): void {
  if (!/^[1-9]\d{0,17}$/.test(item)) throw new UsageError(`编号应为数字：${item}`);
}

@Command({
  name: 'jobs',
  description: '网关的工作清单 / what the gateway has to do',
  subCommands: [JobsListCommand, JobsShowCommand, JobsRetryCommand],
})
export class JobsCommand extends CommandRunner {
  /** Only reached without a subcommand. */
  override run(): Promise<void> {
    throw new UsageError('请写明 list、show 或 retry');
  }
}
