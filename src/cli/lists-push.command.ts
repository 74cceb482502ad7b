import { writeFileSync } from 'node:fs';
import { Option, SubCommand } from 'nest-commander';
import type { FaultCount } from '../lists/list-differences.js';
import type { FaultyList, ListCheck, ListPush } from '../lists/settlement-list.service.js';
import { CLAIM_COLUMN } from '../lists/supplement-sheet.js';
import { csvText, type SheetColumn } from '../tables/spreadsheet.js';
import { EXIT, UsageError } from './exit-code.js';
import { OnLists } from './lists-site.command.js';
import { type Column, print, printJson, printRows, remark } from './output.js';

interface CheckOptions {
  readonly institution?: string;
  readonly claim?: string;
  readonly export?: string;
  readonly json?: boolean;
}

/** One fault of one list, as people go through them. */
interface FaultLine {
  readonly institution: string;
  readonly claimNo: string;
  readonly section: string;
  readonly row: number;
  readonly field: string;
  readonly message: string;
}

@SubCommand({
  name: 'check',
  arguments: '<month>',
  argsDescription: { month: '结算月份 / month of settlement, 2024-03' },
  description: '生成一个月的清单并逐字段检查，不写入 / make and check the lists of a month',
})
export class ListsCheckCommand extends OnLists {
  override async run([month]: string[], options: CheckOptions): Promise<void> {
    const { institution, claim, json = false } = options;
    await this.onLists(month, async (lists, of) => {
      const check = await lists.check(of, progress);
      const lines = faultLines(check.faulty).filter(
        (line) =>
          (institution === undefined || line.institution === institution) &&
          (claim === undefined || line.claimNo === claim),
      );
      if (check.faulty.length > 0) process.exitCode = EXIT.failed;
      if (options.export !== undefined) await exportLines(lines, options.export);
      else if (institution !== undefined || claim !== undefined)
        printRows(lines, LINE_COLUMNS, { json, empty: '没有问题' });
      else if (json) printJson(check);
      else printCheck(check);
    });
  }

  @Option({
    flags: '--institution <code>',
    description: '逐份列出一个机构的问题 / one institution',
  })
  institution(code: string): string {
    return code;
  }

  @Option({ flags: '--claim <number>', description: '逐项列出一笔结算的问题 / one settlement' })
  claim(number: string): string {
    return number;
  }

  @Option({ flags: '--export <file>', description: '全部问题导出为 .xlsx 或 .csv / to a file' })
  export(file: string): string {
    if (!/\.(xlsx|csv)$/i.test(file)) throw new UsageError('导出文件应以 .xlsx 或 .csv 结尾');
    return file;
  }
}

@SubCommand({
  name: 'push',
  arguments: '<month>',
  argsDescription: { month: '结算月份 / month of settlement, 2024-03' },
  description: '检查无误的清单写入发件箱（4101A） / write the faultless lists into the outbox',
})
export class ListsPushCommand extends OnLists {
  override async run(
    [month]: string[],
    { dryRun = false, again = false, json = false }: PushOptions,
  ): Promise<void> {
    await this.onLists(month, async (lists, of) => {
      const pushed = dryRun ? null : await lists.push({ ...of, again }, progress);
      const done = pushed ?? (await lists.check(of, progress));
      if (done.faulty.length > 0) process.exitCode = EXIT.failed;
      if (json) printJson(done);
      else {
        printCheck(done);
        if (pushed !== null) printPush(pushed);
      }
    });
  }

  @Option({ flags: '--dry-run', description: '只检查，同 check / check only' })
  dryRun(): boolean {
    return true;
  }

  @Option({ flags: '--again', description: '被退回的清单内容不变也重发 / repeat what was refused' })
  again(): boolean {
    return true;
  }
}

interface PushOptions {
  readonly dryRun?: boolean;
  readonly again?: boolean;
  readonly json?: boolean;
}

function progress(lists: number): void {
  remark(`已检查 ${lists} 份`);
}

function printCheck({ month, lists, sendable, faulty, ranked }: ListCheck): void {
  print(`${month}：清单 ${lists} 份，可上传 ${sendable} 份，有问题 ${faulty.length} 份`);
  if (ranked.length > 0) printRows(ranked, RANKED_COLUMNS);
}

function printPush({ enqueued, unchanged, waiting }: ListPush): void {
  print(`新写入 ${enqueued}，未变 ${unchanged}，等前一报文结束 ${waiting}`);
  remark('报文由 heyi agency dispatch 发送');
}

function faultLines(faulty: readonly FaultyList[]): readonly FaultLine[] {
  return faulty.flatMap(({ institution, claimNo, faults }) =>
    faults.map((fault) => ({ institution, claimNo, ...fault })),
  );
}

async function exportLines(lines: readonly FaultLine[], file: string): Promise<void> {
  const { workbookBytes } = await import('../tables/workbook.client.js');
  const content = /\.csv$/i.test(file)
    ? csvText(SHEET, lines)
    : await workbookBytes('清单问题', SHEET, lines);
  writeFileSync(file, content);
  print(`已导出 ${lines.length} 条到 ${file}`);
}

const RANKED_COLUMNS: readonly Column<FaultCount>[] = [
  { title: '节点', cell: ({ section }) => section },
  { title: '字段', cell: ({ field }) => field },
  { title: '问题', cell: ({ message }) => message },
  { title: '份数', cell: ({ lists }) => lists, align: 'right' },
  { title: '来源', cell: ({ supplemented }) => (supplemented ? '医院补充' : '账上') },
];

const LINE_COLUMNS: readonly Column<FaultLine>[] = [
  { title: '机构', cell: ({ institution }) => institution },
  { title: '结算', cell: ({ claimNo }) => claimNo },
  { title: '节点', cell: ({ section }) => section },
  { title: '行', cell: ({ row }) => row, align: 'right' },
  { title: '字段', cell: ({ field }) => field },
  { title: '问题', cell: ({ message }) => message },
];

const SHEET: readonly SheetColumn<FaultLine>[] = [
  { title: '机构', kind: 'text', cell: ({ institution }) => institution },
  { title: CLAIM_COLUMN, kind: 'text', cell: ({ claimNo }) => claimNo },
  { title: '节点', kind: 'text', cell: ({ section }) => section },
  { title: '行', kind: 'number', cell: ({ row }) => row },
  { title: '字段', kind: 'text', cell: ({ field }) => field },
  { title: '问题', kind: 'text', cell: ({ message }) => message },
];
