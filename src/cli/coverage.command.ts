import { writeFileSync } from 'node:fs';
import { Command, CommandRunner, Option } from 'nest-commander';
import type { CoverageOf } from '../audit/coverage.service.js';
import {
  COVERAGE_WORDS,
  type CoverageGap,
  type RuleCoverage,
  reasonsText,
  type StoredCoverage,
  timesOf,
} from '../audit/coverage-report.js';
import { isMonth } from '../kernel/period.js';
import { csvText, type SheetColumn } from '../tables/spreadsheet.js';
import { CliDatabase } from './cli-database.service.js';
import { UsageError } from './exit-code.js';
import { type Column, print, printJson, printRows, remark } from './output.js';

interface CoverageOptions {
  readonly export?: string;
  readonly json?: boolean;
}

@Command({
  name: 'coverage',
  arguments: '<month>',
  argsDescription: { month: '月份，例如 2024-03 / month' },
  description:
    '审核覆盖情况：每条规则检查了多少，哪些没有数据、缺什么 / what each rule examined, and what it had no data for',
})
export class CoverageCommand extends CommandRunner {
  constructor(private readonly database: CliDatabase) {
    super();
  }

  override async run([month = '']: string[], options: CoverageOptions): Promise<void> {
    if (!isMonth(month)) throw new UsageError(`不是月份：${month}（写作 2024-03）`);
    const { AuditModule } = await import('../audit/audit.module.js');
    const { CoverageService } = await import('../audit/coverage.service.js');
    await this.database.withModules([AuditModule], async (app) => {
      const coverage = await app.get(CoverageService).of([month]);
      if (options.export !== undefined) await exportRows(coverage, options.export);
      else if (options.json === true) printJson(coverage.report);
      else printCoverage(coverage);
    });
  }

  @Option({
    flags: '--export <file>',
    description: '逐规则、逐机构写到 .csv 或 .xlsx / by rule and institution to a file',
  })
  export(file: string): string {
    if (!/\.(csv|xlsx)$/.test(file)) throw new UsageError('文件名应以 .csv 或 .xlsx 结尾');
    return file;
  }

  @Option({ flags: '--json', description: '输出 JSON / print JSON' })
  json(): boolean {
    return true;
  }
}

const RULE_COLUMNS: readonly Column<RuleCoverage>[] = [
  { title: '规则', cell: ({ ruleId }) => ruleId },
  { title: '名称', cell: ({ title, trial }) => (trial ? `${title}（试运行）` : title) },
  { title: '情况', cell: ({ state }) => COVERAGE_WORDS[state] },
  { title: '机构', cell: ({ institutions }) => institutions, align: 'right' },
  { title: '检查', cell: ({ examined }) => examined, align: 'right' },
  { title: '疑点', cell: ({ hits }) => hits, align: 'right' },
  { title: '豁免', cell: ({ exempted }) => exempted, align: 'right' },
  { title: '低于最低金额', cell: ({ belowMinimum }) => belowMinimum, align: 'right' },
  { title: '不适用', cell: ({ notApplicable }) => notApplicable, align: 'right' },
];

const GAP_COLUMNS: readonly Column<CoverageGap>[] = [
  { title: '缺什么', cell: ({ words }) => words },
  { title: '次数', cell: ({ times }) => times, align: 'right' },
  { title: '机构', cell: ({ institutions }) => institutions, align: 'right' },
  { title: '受影响的规则', cell: ({ rules }) => rules.join(' ') },
];

function printCoverage({ report, rows }: CoverageOf): void {
  if (rows.length === 0) {
    print(
      '这个月没有整月审核的记录；请先运行 npx heyi run year 或夜间流程 / no whole audit of it yet',
    );
    return;
  }
  printRows(report.rules, RULE_COLUMNS);
  for (const kind of [...new Set(report.gaps.map((gap) => gap.kindWords))]) {
    print();
    print(kind);
    printRows(
      report.gaps.filter((gap) => gap.kindWords === kind),
      GAP_COLUMNS,
    );
  }
  const without = report.rules.filter(({ state }) => state === 'unchecked');
  print();
  print(
    `${report.rules.length} 条规则：${without.length} 条没有数据可检查，${
      report.rules.filter(({ state }) => state === 'partly').length
    } 条部分未能检查`,
  );
}

async function exportRows({ rows, titles, tableTitles }: CoverageOf, file: string): Promise<void> {
  const text = (
    title: string,
    cell: (row: StoredCoverage) => string,
  ): SheetColumn<StoredCoverage> => ({
    ...{ title, kind: 'text', cell },
  });
  const count = (
    title: string,
    cell: (row: StoredCoverage) => number,
  ): SheetColumn<StoredCoverage> => ({
    ...{ title, kind: 'number', cell },
  });
  const columns = [
    text('月份', ({ month }) => month),
    text('规则', ({ ruleId }) => ruleId),
    text('名称', ({ ruleId }) => titles.get(ruleId) ?? ''),
    text('机构', ({ institution }) => institution),
    count('检查', ({ examined }) => examined),
    count('疑点', ({ hits }) => hits),
    count('豁免', ({ exempted }) => exempted),
    count('低于最低金额', ({ belowMinimum }) => belowMinimum),
    count('不适用', timesOf),
    text('原因', ({ notApplicable }) => reasonsText(notApplicable, tableTitles)),
  ];
  const { workbookBytes } = await import('../tables/workbook.client.js');
  const bytes = file.endsWith('.csv')
    ? csvText(columns, rows)
    : await workbookBytes('覆盖情况', columns, rows);
  writeFileSync(file, bytes);
  remark(`${rows.length} 行：${file}`);
}
