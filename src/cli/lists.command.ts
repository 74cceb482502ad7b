import { Injectable } from '@nestjs/common';
import { Command, CommandRunner, Option, SubCommand } from 'nest-commander';
import { LIST_SECTIONS, type ListSection } from '../lists/field-table.js';
import type { ListStanding, RefusedList } from '../lists/list.repository.js';
import {
  LIST_DIFFERENCES,
  type ListDifference,
  listDifferences,
} from '../lists/list-differences.js';
import { CLAIM_COLUMN } from '../lists/supplement-sheet.js';
import { EXIT, UsageError } from './exit-code.js';
import { ListsCheckCommand, ListsPushCommand } from './lists-push.command.js';
import { OnLists } from './lists-site.command.js';
import { type Column, print, printJson, printRows, remark } from './output.js';

@SubCommand({
  name: 'submit',
  arguments: '<month>',
  argsDescription: { month: '结算月份 / month of settlement, 2024-03' },
  description: '提交经办机构已受理的清单（4102），写入发件箱 / submit what the agency has taken',
})
export class ListsSubmitCommand extends OnLists {
  override async run([month]: string[], { json }: { json?: boolean }): Promise<void> {
    await this.onLists(month, async (lists, of) => {
      const done = await lists.submit(of);
      if (json === true) printJson({ ...of, ...done });
      else print(`${of.month}：提交 ${done.lists} 份清单，报文 ${done.messages} 条`);
      remark('报文由 heyi agency dispatch 发送');
    });
  }
}

@SubCommand({
  name: 'count',
  arguments: '<month>',
  argsDescription: { month: '结算月份 / month of settlement, 2024-03' },
  description:
    '询问经办机构应收与已收清单数（4105），写入发件箱 / ask how many lists the agency has',
})
export class ListsCountCommand extends OnLists {
  override async run([month]: string[], { json }: { json?: boolean }): Promise<void> {
    await this.onLists(month, async (lists, of) => {
      const messages = await lists.count({ ...of, askedAt: new Date().toISOString() });
      if (json === true) printJson({ ...of, messages });
      else print(`${of.month}：询问 ${messages} 个结算机构`);
      remark('报文由 heyi agency dispatch 发送，结果见 heyi lists status');
    });
  }
}

@SubCommand({
  name: 'status',
  arguments: '<month>',
  argsDescription: { month: '结算月份 / month of settlement, 2024-03' },
  description: '一个月的清单走到哪一步，与经办机构差在哪里 / where the lists of a month stand',
})
export class ListsStatusCommand extends OnLists {
  override async run([month]: string[], { json }: { json?: boolean }): Promise<void> {
    await this.onLists(month, async (lists, of) => {
      const standing = await lists.standing(of);
      const refused = await lists.refused(of);
      const differences = listDifferences(standing);
      if (json === true) printJson({ ...of, standing, refused, differences });
      else {
        printRows(standing, STANDING_COLUMNS, { empty: '还没有写入任何清单' });
        if (refused.length > 0) printRows(refused, REFUSED_COLUMNS);
        if (differences.length > 0) printRows(differences, DIFFERENCE_COLUMNS);
      }
      if (differences.length > 0) process.exitCode = EXIT.failed;
    });
  }
}

@SubCommand({
  name: 'supplement',
  arguments: '<institution> <section> <file>',
  argsDescription: {
    institution: '就诊机构编号 / institution',
    section: LIST_SECTIONS.join(' '),
    file: `.xlsx 或 .csv，列名为接口字段名，${CLAIM_COLUMN} 列指明结算`,
  },
  description: '导入清单中账上没有、由医院补充的字段 / what the hospital adds to its lists',
})
export class ListsSupplementCommand extends OnLists {
  override async run(
    [institution = '', section = '', file = '']: string[],
    options: { by?: string; dryRun?: boolean; json?: boolean },
  ): Promise<void> {
    const { by = '', dryRun = false, json = false } = options;
    if (by === '') throw new UsageError('请写明 --by（补充人工号）');
    const { requireInput } = await import('./input-file.loader.js');
    const { readSheetFile } = await import('../tables/sheet-file.loader.js');
    const { SupplementService } = await import('../lists/supplement.service.js');
    requireInput(file, 'heyi lists supplement <机构> setlinfo 补充.csv --by 工号');
    const sheet = await readSheetFile(file, await this.sheetLimits());
    const of = { institution, section: sectionNamed(section), by, consortium: this.consortium };
    const done = await this.inModule((app) => app.get(SupplementService).import(of, sheet, dryRun));
    if (json) printJson({ ...of, ...done, dryRun });
    else
      print(
        `${dryRun ? '可以导入' : '已导入'} ${done.rows} 行，${done.claims} 笔结算（${section}）`,
      );
  }

  @Option({ flags: '--by <person>', description: '补充人工号 / who brings it' })
  by(text: string): string {
    return text;
  }

  @Option({ flags: '--dry-run', description: '只检查，不写入 / check only' })
  dryRun(): boolean {
    return true;
  }
}

@Injectable()
@Command({
  name: 'lists',
  description: '结算清单（4101A、4102、4105） / settlement lists',
  subCommands: [
    ListsCheckCommand,
    ListsSupplementCommand,
    ListsPushCommand,
    ListsSubmitCommand,
    ListsCountCommand,
    ListsStatusCommand,
  ],
})
export class ListsCommand extends CommandRunner {
  /** Only reached without a subcommand. */
  override run(): Promise<void> {
    throw new UsageError('请写明 check、supplement、push、submit、count 或 status');
  }
}

function sectionNamed(name: string): ListSection {
  const known = LIST_SECTIONS.find((section) => section === name);
  if (known === undefined)
    throw new UsageError(`没有节点 ${name}；可用：${LIST_SECTIONS.join(' ')}`);
  return known;
}

const number = (
  title: string,
  cell: (row: ListStanding) => number | null,
): Column<ListStanding> => ({ title, cell, align: 'right' });

const STANDING_COLUMNS: readonly Column<ListStanding>[] = [
  { title: '结算机构', cell: ({ institution }) => institution },
  number('待受理', ({ waiting }) => waiting),
  number('已受理', ({ taken }) => taken),
  number('已提交', ({ submitted }) => submitted),
  number('被退回', ({ rejected }) => rejected),
  number('结果未知', ({ unknown }) => unknown),
  number('经办应收', ({ needed }) => needed),
  number('经办已收', ({ uploaded }) => uploaded),
];

const REFUSED_COLUMNS: readonly Column<RefusedList>[] = [
  { title: '机构', cell: ({ institution }) => institution },
  { title: '结算', cell: ({ claimNo }) => claimNo },
  { title: '退回原因', cell: ({ text }) => text },
];

const DIFFERENCE_COLUMNS: readonly Column<ListDifference>[] = [
  { title: '结算机构', cell: ({ institution }) => institution },
  { title: '差异', cell: ({ kind }) => LIST_DIFFERENCES[kind] },
  { title: '份数', cell: ({ lists }) => lists, align: 'right' },
];
