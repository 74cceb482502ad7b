import { Command, CommandRunner, Option, SubCommand } from 'nest-commander';
import {
  CASE_ENCODINGS,
  type CaseEncoding,
  readCaseLines,
} from '../grouping/drg/case-lines.loader.js';
import { loadDrgTables } from '../grouping/drg/drg-tables.loader.js';
import { type CaseOutcome, groupCases, type HeaderProblem } from '../grouping/drg/group-cases.js';
import { EXIT, UsageError } from './exit-code.js';
import { requireInput } from './input-file.loader.js';
import { printJson, printRows, remark } from './output.js';

interface GroupedCase {
  readonly case_no: string;
  readonly status: string;
  readonly mdc: string;
  readonly adrg: string;
  readonly drg: string;
}

@SubCommand({
  name: 'drg',
  arguments: '[file]',
  argsDescription: { file: 'cases.csv，缺省读标准输入 / default: standard input' },
  description:
    '按 CHS-DRG 1.1 分组，格式见 docs/formats/cases.md / group cases.csv by CHS-DRG 1.1; ungrouped is 0000',
})
export class GroupDrgCommand extends CommandRunner {
  override async run(
    [file]: string[],
    { json = false, encoding = 'utf-8' }: { json?: boolean; encoding?: CaseEncoding },
  ): Promise<void> {
    requireInput(file, 'heyi group drg < cases.csv');
    const tables = loadDrgTables();
    const rows: GroupedCase[] = [];
    let problems = 0;
    for await (const outcome of groupCases(readCaseLines(file ?? null, encoding), tables)) {
      const row = rowOf(outcome);
      if (row === null) problems += 1;
      else if (json) printJson(row);
      else rows.push(row);
    }
    if (!json) printGroups(rows, tables.names);
    if (problems === 0) return;
    remark(`${problems} 行有误，未分组 / ${problems} bad lines`);
    process.exitCode = EXIT.failed;
  }

  @Option({ flags: '--json', description: '每例一个 JSON 对象 / one JSON object a case' })
  json(): boolean {
    return true;
  }

  @Option({
    flags: '--encoding <name>',
    description: '文件编码 utf-8 或 gb18030，缺省 utf-8 / encoding of the file',
  })
  encoding(name: string): CaseEncoding {
    const known = CASE_ENCODINGS.find((encoding) => encoding === name.toLowerCase());
    if (known === undefined) throw new UsageError(`不支持的编码 ${name}，请用 utf-8 或 gb18030`);
    return known;
  }
}

/** The row to print; null when the line is bad, after saying so. */
function rowOf(outcome: CaseOutcome | HeaderProblem): GroupedCase | null {
  if ('headerProblem' in outcome) throw new UsageError(`第 1 行：${outcome.headerProblem}`);
  if ('result' in outcome) return { case_no: outcome.caseNo, ...outcome.result };
  remark(`第 ${outcome.line} 行 line ${outcome.line}：${outcome.problem}`);
  return null;
}

function printGroups(rows: readonly GroupedCase[], names: ReadonlyMap<string, string>): void {
  printRows(rows, [
    { title: '病例', cell: (row) => row.case_no },
    { title: '状态', cell: (row) => row.status },
    { title: 'MDC', cell: (row) => row.mdc },
    { title: 'ADRG', cell: (row) => row.adrg },
    { title: 'DRG', cell: (row) => row.drg },
    { title: '名称', cell: (row) => names.get(row.drg) ?? '' },
  ]);
}

@Command({
  name: 'group',
  description: '病例分组 / group inpatient cases',
  subCommands: [GroupDrgCommand],
})
export class GroupCommand extends CommandRunner {
  /** Only reached without a subcommand. */
  override run(): Promise<void> {
    throw new UsageError('请写明分组方案，例如 heyi group drg');
  }
}
