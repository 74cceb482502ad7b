import { Injectable } from '@nestjs/common';
import { Command, CommandRunner, Option, SubCommand } from 'nest-commander';
import type { PlanInput, RunPlan } from '../jobs/plan.js';
import type { RunSummary } from '../jobs/run.service.js';
import { isIsoDate } from '../kernel/dates.js';
import { isMonth } from '../kernel/period.js';
import { CliDatabase } from './cli-database.service.js';
import { EXIT, UsageError } from './exit-code.js';
import { print, printJson } from './output.js';

interface RunOptions {
  readonly again?: boolean;
  readonly queueOnly?: boolean;
  readonly json?: boolean;
}

/** One kind of run from the command line: planned from the site's files, carried out here unless other processes shall. */
@Injectable()
abstract class RunOneCommand extends CommandRunner {
  constructor(private readonly database: CliDatabase) {
    super();
  }

  protected abstract plan(input: PlanInput, subject: string): Promise<RunPlan>;

  override async run([subject = '']: string[], options: RunOptions): Promise<void> {
    const { startProcess } = await import('../app/process.launcher.js');
    const { RunService } = await import('../jobs/run.service.js');
    const { SitePlan } = await import('../jobs/site-plan.service.js');
    await this.database.use(
      async ({ pool }) => {
        const role = options.queueOnly === true ? 'scheduler' : 'worker';
        const { app } = await startProcess(role, { pool, site: this.database.site, port: 0 });
        try {
          const runs = app.get(RunService, { strict: false });
          const input = app.get(SitePlan, { strict: false }).input();
          const plan = await this.plan(input, subject);
          const runId = await runs.start(plan, options.again === true ? 'next' : 'same');
          if (options.queueOnly === true) print(`已排入队列，运行编号 ${runId}`);
          else report(await runs.ended(runId, new AbortController().signal), options);
        } finally {
          await app.close();
        }
      },
      { connections: 20 },
    );
  }

  @Option({
    flags: '--again',
    description: '全部重做一遍（对方重传、修正之后）/ do all of it anew',
  })
  again(): boolean {
    return true;
  }

  @Option({
    flags: '--queue-only',
    description: '只排入队列，由正在运行的进程完成 / leave it to running processes',
  })
  queueOnly(): boolean {
    return true;
  }

  @Option({ flags: '--json', description: '输出 JSON / print JSON' })
  json(): boolean {
    return true;
  }
}

const STATES = {
  complete: '完整',
  incomplete: '不完整',
  failed: '失败',
  running: '进行中',
} as const;

function report(summary: RunSummary, { json }: RunOptions): void {
  if (json === true) printJson(summary);
  else {
    const { kind, subject, state, done, items, failed } = summary;
    print(`${kind} ${subject}：${STATES[state]}，完成 ${done}/${items}，失败 ${failed}`);
    if (failed > 0) print('失败的工作和处理办法：npx heyi jobs list');
  }
  if (summary.state !== 'complete') process.exitCode = EXIT.failed;
}

@SubCommand({
  name: 'night',
  arguments: '<day>',
  argsDescription: { day: '业务日 / business day, 2024-12-05' },
  description: '采集并审核一个业务日；月末日按站点设置结算 / read and audit one business day',
})
export class RunNightCommand extends RunOneCommand {
  protected override async plan(input: PlanInput, day: string): Promise<RunPlan> {
    if (!isIsoDate(day)) throw new UsageError(`不是日期：${day}`);
    return (await import('../jobs/plan.js')).planNight(input, day);
  }
}

@SubCommand({
  name: 'backfill',
  arguments: '<month>',
  argsDescription: { month: '月份 / month, 2024-03' },
  description: '一次采集整月 / read a whole month at once',
})
export class RunBackfillCommand extends RunOneCommand {
  protected override async plan(input: PlanInput, month: string): Promise<RunPlan> {
    if (!isMonth(month)) throw new UsageError(`不是月份：${month}`);
    return (await import('../jobs/plan.js')).planBackfill(input, month);
  }
}

@SubCommand({
  name: 'year',
  arguments: '<year>',
  argsDescription: { year: '年度 / year, 2024' },
  description: '年度清算并核对存证 / annual clearing and journal check',
})
export class RunYearCommand extends RunOneCommand {
  protected override async plan({ consortium }: PlanInput, year: string): Promise<RunPlan> {
    if (!/^\d{4}$/.test(year)) throw new UsageError(`不是年度：${year}`);
    return (await import('../jobs/plan.js')).planYear(consortium, year);
  }
}

@SubCommand({
  name: 'start',
  arguments: '<year>',
  argsDescription: { year: '年度 / year, 2025' },
  description: '年初预付（政策有此规定的地区）/ start-of-year prepayment',
})
export class RunStartCommand extends RunOneCommand {
  protected override async plan({ consortium }: PlanInput, year: string): Promise<RunPlan> {
    if (!/^\d{4}$/.test(year)) throw new UsageError(`不是年度：${year}`);
    return (await import('../jobs/plan.js')).planStart(consortium, year);
  }
}

@SubCommand({
  name: 'release',
  arguments: '<month>',
  argsDescription: { month: '月份 / month, 2025-03' },
  description: '发放某月留存的月度考核金 / release what a month held back',
})
export class RunReleaseCommand extends RunOneCommand {
  protected override async plan({ consortium }: PlanInput, month: string): Promise<RunPlan> {
    if (!isMonth(month)) throw new UsageError(`不是月份：${month}`);
    return (await import('../jobs/plan.js')).planRelease(consortium, month);
  }
}

@Command({
  name: 'run',
  description:
    '运行一晚、一个月、一年，或年初预付、考核金发放 / run a night, a month, a year, a prepayment or a release',
  subCommands: [
    RunNightCommand,
    RunBackfillCommand,
    RunStartCommand,
    RunReleaseCommand,
    RunYearCommand,
  ],
})
export class RunCommand extends CommandRunner {
  /** Only reached without a subcommand. */
  override run(): Promise<void> {
    throw new UsageError('请写明 night、backfill、start、release 或 year');
  }
}
