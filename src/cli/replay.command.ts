import { writeFile } from 'node:fs/promises';
import { Command, CommandRunner, Option } from 'nest-commander';
import type { Month } from '../kernel/period.js';
import { loadSettlementUnits } from '../records/records.loader.js';
import { CliDatabase } from './cli-database.service.js';
import { UsageError } from './exit-code.js';
import { monthRange } from './month-range.js';
import { printJson, remark } from './output.js';
import { replayCsv, replayJson, showReplay } from './replay-view.js';

interface ReplayOptions {
  readonly months: readonly Month[];
  readonly params?: Readonly<Record<string, string>>;
  readonly alone?: boolean;
  readonly details?: boolean;
  readonly json?: boolean;
  readonly csv?: string;
}

@Command({
  name: 'replay',
  arguments: '<candidate>',
  argsDescription: {
    candidate:
      '规则编号、规则文件 .yaml，或知识库目录（含 nhsa/release.json）/ a rule id, a rule file, or a knowledge folder',
  },
  description:
    '试算：让候选规则或知识库在过去月份上运行，只比较、不写入 / try a rule or knowledge release on past months, writing nothing',
})
export class ReplayCommand extends CommandRunner {
  constructor(private readonly database: CliDatabase) {
    super();
  }

  override async run([what = '']: string[], options: ReplayOptions): Promise<void> {
    const { months, params, alone = false } = options;
    const { consortium } = loadSettlementUnits(this.database.site.siteDir);
    const { AuditModule } = await import('../audit/audit.module.js');
    const { ReplayService } = await import('../audit/replay/replay.service.js');
    const replayed = await this.database.withModules([AuditModule], (app) =>
      app.get(ReplayService).replay({
        ...{ consortium, months, alone, progress: remark },
        candidate: { what, ...(params === undefined ? {} : { params }) },
      }),
    );
    if (options.csv !== undefined) {
      await writeFile(options.csv, replayCsv(replayed));
      remark(`已写入 ${options.csv}`);
    }
    if (options.json === true) printJson(replayJson(replayed));
    else showReplay(replayed, options.details === true);
  }

  @Option({
    flags: '--months <months>',
    required: true,
    description: '2024-01..2024-03、逗号分隔的月份或年份 / a range, a list or a year',
  })
  months(text: string): readonly Month[] {
    return monthRange(text);
  }

  @Option({
    flags: '--params <list>',
    description: '改用这些参数，如 coreDays=10,watchDays=20 / parameters to try instead',
  })
  params(text: string): Readonly<Record<string, string>> {
    const pairs = text.split(',').map((each) => each.split('=').map((part) => part.trim()));
    if (pairs.some((pair) => pair.length !== 2 || pair.includes('')))
      throw new UsageError(`参数写作 名称=值，以逗号分隔：${text}`);
    return Object.fromEntries(pairs) as Record<string, string>;
  }

  @Option({
    flags: '--alone',
    description:
      '只运行这一条规则，较快，但看不到与其他规则的消长 / only the candidate rule, on both sides',
  })
  alone(): boolean {
    return true;
  }

  @Option({ flags: '--details', description: '逐条列出差异 / list every difference' })
  details(): boolean {
    return true;
  }

  @Option({
    flags: '--csv <file>',
    description: '差异明细写入 CSV 文件 / write the differences to a file',
  })
  csv(path: string): string {
    return path;
  }

  @Option({ flags: '--json', description: '输出一个 JSON 对象 / one JSON object' })
  json(): boolean {
    return true;
  }
}
