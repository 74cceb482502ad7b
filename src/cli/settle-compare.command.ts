import { writeFileSync } from 'node:fs';
import { CommandRunner, Option, SubCommand } from 'nest-commander';
import { parseYaml } from '../config/yaml-text.js';
import { toReadableYuan, yuan } from '../kernel/money.js';
import { loadSettlementUnits } from '../records/records.loader.js';
import type { ComparisonService, RunComparison, WhatIf } from '../settlement/comparison.service.js';
import { CAUSES, type Cause, type FigureChange } from '../settlement/run-diff.js';
import { type PartyDifference, type Setting, settingSchema } from '../settlement/what-if.js';
import type { SheetColumn } from '../tables/spreadsheet.js';
import { CliDatabase } from './cli-database.service.js';
import { UsageError } from './exit-code.js';
import { type Column, print, printJson, printRows } from './output.js';

const money = (text: string): string => toReadableYuan(yuan(text));

async function compare<Found>(
  database: CliDatabase,
  work: (service: ComparisonService, consortium: string) => Promise<Found>,
): Promise<Found> {
  const { consortium } = loadSettlementUnits(database.site.siteDir);
  const { SettlementModule } = await import('../settlement/settlement.module.js');
  const { ComparisonService: Service } = await import('../settlement/comparison.service.js');
  return database.withModules([SettlementModule], (app) => work(app.get(Service), consortium));
}

const CAUSE_LABELS: Readonly<Record<Cause, string>> = {
  'late-data': '迟到或更正的数据',
  decision: '人的决定',
  parameter: '政策参数',
  rule: '规则和步骤',
};

const CHANGES: readonly Column<FigureChange>[] = [
  { title: '数字', cell: ({ key }) => key },
  { title: '项目', cell: ({ label }) => label },
  { title: '原来', cell: ({ before, unit }) => shown(before, unit), align: 'right' },
  { title: '现在', cell: ({ after, unit }) => shown(after, unit), align: 'right' },
  ...CAUSES.map((cause): Column<FigureChange> => {
    const title = CAUSE_LABELS[cause];
    const cell = ({ causes }: FigureChange) => (causes === null ? '' : money(causes[cause]));
    return { title, cell, align: 'right' };
  }),
];

function shown(amount: string | null, unit: FigureChange['unit']): string {
  if (amount === null) return '（无）';
  return unit === 'yuan' ? money(amount) : amount;
}

@SubCommand({
  name: 'diff',
  arguments: '<run> <run>',
  argsDescription: { run: '结算编号，或 2024-03@1、2024@2、start:2024、release:2024-03' },
  description: '比较同一期间的两次结算，每一分变化归因 / compare two runs, every fen attributed',
})
export class SettleDiffCommand extends CommandRunner {
  constructor(private readonly database: CliDatabase) {
    super();
  }

  override async run([first, second]: string[], { json = false }: Flags): Promise<void> {
    if (first === undefined || second === undefined)
      throw new UsageError('请写明两次结算，例如 heyi settle diff 2024@1 2024@2');
    const found = await compare(this.database, (service, consortium) =>
      service.diff(consortium, [first, second]),
    );
    if (json) printJson(found);
    else printDiff(found);
  }

  @Option({ flags: '--json', description: '输出一个 JSON 对象 / one JSON object' })
  json(): boolean {
    return true;
  }
}

interface Flags {
  readonly json?: boolean;
}

function printDiff({ before, after, changes }: RunComparison): void {
  print(`${before.kind} ${before.period}：第 ${before.version} 版 → 第 ${after.version} 版`);
  printRows(changes, CHANGES, { empty: '没有变化' });
}

interface WhatIfOptions {
  readonly policy?: string;
  readonly set?: readonly Setting[];
  readonly overlay?: readonly string[];
  readonly records?: string;
  readonly xlsx?: string;
  readonly json?: boolean;
}

const PARTIES: readonly Column<PartyDifference>[] = [
  { title: '险种', cell: ({ pool }) => pool },
  { title: '账户', cell: ({ account }) => account },
  { title: '已结算', cell: ({ settled }) => money(settled), align: 'right' },
  { title: '试算', cell: ({ wouldBe }) => money(wouldBe), align: 'right' },
  { title: '差额', cell: ({ difference }) => money(difference), align: 'right' },
];

@SubCommand({
  name: 'what-if',
  arguments: '<run>',
  argsDescription: { run: '2024、2024-03，或结算编号' },
  description:
    '按另一政策或参数试算已结算的期间，逐单位列差额，不动账 / re-settle under another policy, books untouched',
})
export class SettleWhatIfCommand extends CommandRunner {
  constructor(private readonly database: CliDatabase) {
    super();
  }

  override async run([run = '']: string[], options: WhatIfOptions): Promise<void> {
    const { policy, set: settings = [], overlay: overlays = [], records, xlsx } = options;
    const found = await compare(this.database, (service, consortium) =>
      service.whatIf({
        ...{ consortium, run, settings, overlays },
        ...(policy === undefined ? {} : { region: policy }),
        ...(records === undefined ? {} : { records }),
      }),
    );
    if (xlsx !== undefined) await writeWorkbook(xlsx, found);
    if (options.json === true) printJson(found);
    else printWhatIf(found);
  }

  @Option({
    flags: '--policy <region>',
    description: '另一地区的政策，例如 hunan / another region',
  })
  policy(region: string): string {
    return region;
  }

  @Option({
    flags: '--set <parameter=value>',
    description:
      '改一个参数，可写多次：deposit.rate=0.08、overspend.fund_share={good: 0.6}、budget.growth_average=geometric / set a parameter',
  })
  set(text: string, before: readonly Setting[] = []): readonly Setting[] {
    const at = text.indexOf('=');
    if (at < 1) throw new UsageError(`--set 应写 参数=值：${text}`);
    const value = parseYaml({
      ...{ text: `value: ${text.slice(at + 1)}`, path: `--set ${text.slice(0, at)}` },
      schema: settingSchema,
      environment: null,
    });
    return [...before, { parameter: text.slice(0, at), ...value }];
  }

  @Option({
    flags: '--overlay <file>',
    description: '另加的本地补充文件，可写多次 / policy overlay, repeatable',
  })
  overlay(path: string, before: readonly string[] = []): readonly string[] {
    return [...before, path];
  }

  @Option({
    flags: '--records <file>',
    description: '用另一个 records.yaml / another records file',
  })
  records(path: string): string {
    return path;
  }

  @Option({ flags: '--xlsx <file>', description: '差额表写入 xlsx / write the table as xlsx' })
  xlsx(path: string): string {
    return path;
  }

  @Option({ flags: '--json', description: '输出一个 JSON 对象 / one JSON object' })
  json(): boolean {
    return true;
  }
}

function printWhatIf({ run, facts, result, differences }: WhatIf): void {
  printRows(differences, PARTIES);
  const source = facts === 'stored' ? '结算时的事实' : '按试算政策重新读取的账上记录';
  print(
    `${run.kind} ${run.period} 第 ${run.version} 版，按 ${result.region} 试算；依据：${source}。账上没有任何改动`,
  );
}

async function writeWorkbook(path: string, { differences }: WhatIf): Promise<void> {
  const { workbookBytes } = await import('../tables/workbook.client.js');
  writeFileSync(path, await workbookBytes('试算差额', SHEET, differences));
}

const SHEET: readonly SheetColumn<PartyDifference>[] = [
  { title: '险种', kind: 'text', cell: ({ pool }) => pool },
  { title: '账户', kind: 'text', cell: ({ account }) => account },
  { title: '已结算（元）', kind: 'number', cell: ({ settled }) => settled },
  { title: '试算（元）', kind: 'number', cell: ({ wouldBe }) => wouldBe },
  { title: '差额（元）', kind: 'number', cell: ({ difference }) => difference },
];
