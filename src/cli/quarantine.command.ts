import { Command, CommandRunner, Option, SubCommand } from 'nest-commander';
import { fen, toYuan } from '../kernel/money.js';
import {
  ENTRY_SORTS,
  type EntryGroup,
  type EntrySort,
  type EntrySummary,
} from '../quarantine/entry.js';
import { UsageError } from './exit-code.js';
import { type Column, print, printJson, printRows, remark } from './output.js';
import {
  QuarantineApproveCommand,
  QuarantineCorrectCommand,
  QuarantineDismissCommand,
  QuarantineRejectCommand,
  QuarantineWithdrawCommand,
} from './quarantine-decide.command.js';
import {
  entryNumber,
  type FilterOptions,
  OnQuarantine,
  wholeNumber,
} from './quarantine-filter.command.js';
import { ACCOUNT_COLUMNS, printDetail, STATE_NAMES, yuanOf } from './quarantine-view.js';

const DEFAULT_ROWS = 200;

const amount = <Row extends { readonly amountFen: string }>(): Column<Row> => ({
  title: '金额（元）',
  cell: ({ amountFen }) => yuanOf(amountFen),
  align: 'right',
});

const COLUMNS: readonly Column<EntrySummary>[] = [
  { title: '编号', cell: ({ quarantineId }) => quarantineId, align: 'right' },
  { title: '状态', cell: ({ state }) => STATE_NAMES[state] },
  { title: '机构', cell: ({ institution }) => institution },
  { title: '数据流', cell: ({ stream }) => stream },
  { title: '文件', cell: ({ unit }) => unit },
  { title: '行', cell: ({ rawRow }) => rawRow + 1, align: 'right' },
  { title: '规则', cell: ({ rule }) => rule },
  amount(),
  { title: '天', cell: ({ ageDays }) => ageDays, align: 'right' },
  { title: '原因', cell: ({ message }) => message },
  { title: '怎么办', cell: ({ remedy }) => remedy },
];

const GROUP_COLUMNS: readonly Column<EntryGroup>[] = [
  { title: '机构', cell: ({ institution }) => institution },
  { title: '数据流', cell: ({ stream }) => stream },
  { title: '规则', cell: ({ rule }) => rule },
  { title: '字段', cell: ({ field }) => field },
  { title: '条数', cell: ({ entries }) => entries, align: 'right' },
  amount(),
  { title: '最早', cell: ({ oldestAt }) => oldestAt.slice(0, 10) },
  { title: '例', cell: ({ message }) => message },
];

interface ListOptions extends FilterOptions {
  readonly groups?: boolean;
  readonly sort?: EntrySort;
  readonly limit?: number;
  readonly after?: string;
  readonly export?: string;
}

@SubCommand({
  name: 'list',
  description: '未落地的行及原因，金额大的在前 / rows that did not land and why',
})
export class QuarantineListCommand extends OnQuarantine {
  override async run(_: string[], options: ListOptions): Promise<void> {
    const { entryPage, entryGroups } = await import('../quarantine/entry.repository.js');
    const filter = this.filterOf(options);
    const { json = false, groups = false, sort, after, limit = DEFAULT_ROWS } = options;
    await this.database.use(async ({ pool }) => {
      if (options.export !== undefined) {
        const { exportEntries } = await import('../quarantine/entry-export.client.js');
        const saved = await exportEntries(pool, { ...filter, sort }, options.export);
        print(`已导出 ${saved} 条到 ${options.export}`);
        return;
      }
      if (groups) {
        printMoney(await entryGroups(pool, filter), GROUP_COLUMNS, json);
        return;
      }
      const { items, next } = await entryPage(pool, { ...filter, sort, after, limit }).catch(
        notACursor,
      );
      printMoney(items, COLUMNS, json);
      if (next !== null) remark(`还有更多 / more: --after ${next}`);
    });
  }

  @Option({
    flags: '--groups',
    description: '同机构、同原因、同字段的归为一组 / one row a kind of fault',
  })
  groups(): boolean {
    return true;
  }

  @Option({ flags: '--sort <order>', description: 'amount（缺省）age newest' })
  sort(name: string): EntrySort {
    const known = ENTRY_SORTS.find((sort) => sort === name);
    if (known === undefined)
      throw new UsageError(`不能按 ${name} 排序；可用：${ENTRY_SORTS.join(' ')}`);
    return known;
  }

  @Option({ flags: '--limit <rows>', description: `最多行数，缺省 ${DEFAULT_ROWS} / at most` })
  limit(text: string): number {
    const rows = wholeNumber(text, '行数');
    if (rows === 0) throw new UsageError(`不是行数：${text}`);
    return rows;
  }

  @Option({
    flags: '--after <cursor>',
    description: '从上一页末尾继续 / go on after the page before',
  })
  after(cursor: string): string {
    return cursor;
  }

  @Option({
    flags: '--export <file>',
    description: '全部导出为 .xlsx 或 .csv / write all of them to a file',
  })
  export(file: string): string {
    if (!/\.(xlsx|csv)$/i.test(file)) throw new UsageError('导出文件应以 .xlsx 或 .csv 结尾');
    return file;
  }
}

@SubCommand({
  name: 'show',
  arguments: '<entry>',
  argsDescription: { entry: 'list 第一列的编号 / number of the entry' },
  description: '一条隔离记录：原始行（个人信息已遮盖）与处理经过 / one entry, people masked',
})
export class QuarantineShowCommand extends OnQuarantine {
  override async run(
    [entry = '']: string[],
    options: { json?: boolean; unmask?: boolean; as?: string; reason?: string },
  ): Promise<void> {
    const { json = false, unmask = false, as: by = '', reason = '' } = options;
    const key = {
      consortium: this.consortium,
      institutions: 'all',
      entry: entryNumber(entry),
    } as const;
    const { QuarantineModule } = await import('../quarantine/quarantine.module.js');
    const { QuarantineService } = await import('../quarantine/quarantine.service.js');
    const detail = await this.database.withModules([QuarantineModule], (app) =>
      app.get(QuarantineService).show({ ...key, ...(unmask ? { unmask: { by, reason } } : {}) }),
    );
    if (json) printJson({ ...detail, entry: inYuan(detail.entry) });
    else printDetail(detail);
  }

  @Option({ flags: '--unmask', description: '显示个人信息，须写 --as 和 --reason，记入存证日志' })
  unmask(): boolean {
    return true;
  }

  @Option({ flags: '--as <user>', description: '查看人 / who looks' })
  as(user: string): string {
    return user;
  }

  @Option({ flags: '--reason <text>', description: '理由 / why' })
  reason(text: string): string {
    return text;
  }
}

@SubCommand({
  name: 'account',
  description: '来源 = 落地 + 隔离，隔离的行后来怎样 / what became of everything set aside',
})
export class QuarantineAccountCommand extends OnQuarantine {
  override async run(_: string[], { json = false }: { json?: boolean }): Promise<void> {
    const { QuarantineModule } = await import('../quarantine/quarantine.module.js');
    const { QuarantineService } = await import('../quarantine/quarantine.service.js');
    const request = { consortium: this.consortium, institutions: 'all' } as const;
    const rows = await this.database.withModules([QuarantineModule], (app) =>
      app.get(QuarantineService).account(request),
    );
    printRows(rows, ACCOUNT_COLUMNS, { json });
  }
}

@Command({
  name: 'quarantine',
  description: '隔离区 / rows that could not land',
  subCommands: [
    QuarantineListCommand,
    QuarantineShowCommand,
    QuarantineAccountCommand,
    QuarantineCorrectCommand,
    QuarantineDismissCommand,
    QuarantineApproveCommand,
    QuarantineRejectCommand,
    QuarantineWithdrawCommand,
  ],
})
export class QuarantineCommand extends CommandRunner {
  /** Only reached without a subcommand. */
  override run(): Promise<void> {
    throw new UsageError(
      '请写明 list、show、account、correct、dismiss、approve、reject 或 withdraw',
    );
  }
}

function inYuan<Row extends { readonly amountFen: string }>({ amountFen, ...row }: Row) {
  return { ...row, amount: toYuan(fen(BigInt(amountFen))) };
}

function printMoney<Row extends { readonly amountFen: string }>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  json: boolean,
): void {
  if (json) for (const row of rows) printJson(inYuan(row));
  else printRows(rows, columns);
}

function notACursor(error: unknown): never {
  throw error instanceof RangeError ? new UsageError('--after 应为上一页给出的位置') : error;
}
