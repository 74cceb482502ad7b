import { writeFile } from 'node:fs/promises';
import { Command, CommandRunner, Option } from 'nest-commander';
import type { Difference, DifferenceSummary } from '../audit/replay/compare.js';
import type { Replayed } from '../audit/replay/replay.service.js';
import { type Fen, subtract, toReadableYuan, toYuan } from '../kernel/money.js';
import type { Month } from '../kernel/period.js';
import { loadSettlementUnits } from '../records/records.loader.js';
import { csvText } from '../tables/spreadsheet.js';
import { CliDatabase } from './cli-database.service.js';
import { UsageError } from './exit-code.js';
import { monthRange } from './month-range.js';
import { type Column, print, printJson, printRows, remark } from './output.js';

interface ReplayOptions {
  readonly months: readonly Month[];
  readonly params?: Readonly<Record<string, string>>;
  readonly alone?: boolean;
  readonly details?: boolean;
  readonly json?: boolean;
  readonly csv?: string;
}

const KINDS = { new: '新增', lost: '消失', changed: '变化' } as const;

const SUMMARY: readonly Column<DifferenceSummary>[] = [
  { title: '规则', cell: ({ ruleId }) => ruleId },
  { title: '机构', cell: ({ institution }) => institution },
  { title: '新增', cell: ({ added }) => added, align: 'right' },
  { title: '消失', cell: ({ lost }) => lost, align: 'right' },
  { title: '变化', cell: ({ changed }) => changed, align: 'right' },
  { title: '原金额（元）', cell: ({ beforeFen }) => toReadableYuan(beforeFen), align: 'right' },
  { title: '现金额（元）', cell: ({ afterFen }) => toReadableYuan(afterFen), align: 'right' },
  { title: '增减（元）', cell: (row) => toReadableYuan(changeOf(row)), align: 'right' },
];

const DETAILS: readonly Column<Difference>[] = [
  { title: '差异', cell: ({ kind }) => KINDS[kind] },
  { title: '规则', cell: ({ ruleId }) => ruleId },
  { title: '月份', cell: ({ month }) => month },
  { title: '机构', cell: ({ institution }) => institution },
  { title: '结算号', cell: ({ claimNo }) => claimNo },
  { title: '原金额（元）', cell: ({ before }) => amountOf(before), align: 'right' },
  { title: '现金额（元）', cell: ({ after }) => amountOf(after), align: 'right' },
  { title: '说明', cell: ({ before, after }) => (after ?? before)?.message },
];

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
    if (options.csv !== undefined) await writeCsv(options.csv, replayed);
    if (options.json === true) printJson(plain(replayed));
    else show(replayed, options.details === true);
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

function show(
  { before, after, summary, differences, claims, months }: Replayed,
  details: boolean,
): void {
  printRows(summary, SUMMARY, { json: false });
  if (details) {
    print();
    printRows(differences, DETAILS, { json: false });
  }
  print();
  const total = (side: Replayed['before']): string =>
    `${side.findings} 条 ${toReadableYuan(side.amountFen)} 元`;
  print(`${months.join('、')}，${claims} 笔结算：现行 ${total(before)}，候选 ${total(after)}`);
  print('只作比较，没有写入 / compared only, nothing written');
}

function plain({ before, after, summary, differences, ...rest }: Replayed) {
  const side = ({ findings, amountFen }: Replayed['before']) => ({
    findings,
    amount: toYuan(amountFen),
  });
  return {
    ...rest,
    before: side(before),
    after: side(after),
    summary: summary.map(({ beforeFen, afterFen, ...row }) => ({
      ...row,
      before: toYuan(beforeFen),
      after: toYuan(afterFen),
    })),
    differences: differences.map((each) => ({
      ...each,
      before: briefly(each.before),
      after: briefly(each.after),
    })),
  };
}

function briefly(finding: Difference['before']) {
  if (finding === null) return null;
  const { findingId, role, amountFen, money, message } = finding;
  return { findingId, class: finding.class, role, amount: toYuan(amountFen), money, message };
}

async function writeCsv(path: string, { differences }: Replayed): Promise<void> {
  const columns = DETAILS.map(({ title, cell }) => ({
    ...{ title, kind: 'text' as const },
    cell: (each: Difference) => String(cell(each) ?? ''),
  }));
  await writeFile(path, csvText(columns, differences));
  remark(`已写入 ${path}`);
}

function amountOf(finding: Difference['before']): string {
  return finding === null ? '' : toYuan(finding.amountFen);
}

function changeOf({ beforeFen, afterFen }: DifferenceSummary): Fen {
  return subtract(afterFen, beforeFen);
}
