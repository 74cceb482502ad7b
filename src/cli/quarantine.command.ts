import { Command, CommandRunner, Option, SubCommand } from 'nest-commander';
import type { QuarantineEntry } from '../ingest/landing/quarantine.repository.js';
import { fen, toReadableYuan } from '../kernel/money.js';
import { CliDatabase } from './cli-database.service.js';
import { EXIT, UsageError } from './exit-code.js';
import { type Column, print, printJson, printRows } from './output.js';

interface ListOptions {
  readonly json?: boolean;
  readonly institution?: string;
  readonly limit?: number;
}

const DEFAULT_ROWS = 200;

const COLUMNS: readonly Column<QuarantineEntry>[] = [
  { title: '编号', cell: ({ quarantineId }) => quarantineId, align: 'right' },
  { title: '机构', cell: ({ institution }) => institution },
  { title: '数据流', cell: ({ stream }) => stream },
  { title: '文件', cell: ({ unit }) => unit },
  { title: '行', cell: ({ rawRow }) => rawRow, align: 'right' },
  { title: '规则', cell: ({ rule }) => rule },
  {
    title: '金额（元）',
    cell: ({ amountFen }) => toReadableYuan(fen(BigInt(amountFen))),
    align: 'right',
  },
  { title: '原因', cell: ({ message }) => message },
  { title: '怎么办', cell: ({ remedy }) => remedy },
];

@SubCommand({
  name: 'list',
  description: '未落地的行及原因，金额大的在前 / rows that did not land and why',
})
export class QuarantineListCommand extends CommandRunner {
  constructor(private readonly database: CliDatabase) {
    super();
  }

  override async run(_: string[], options: ListOptions): Promise<void> {
    const { loadConsortium } = await import('../ingest/consortium.loader.js');
    const { listQuarantine } = await import('../ingest/landing/quarantine.repository.js');
    const { consortium } = loadConsortium(this.database.site.siteDir, null);
    const { institution, json, limit = DEFAULT_ROWS } = options;
    await this.database.use(async ({ pool }) => {
      const entries = await listQuarantine(pool, { consortium, institution, limit });
      printRows(entries, COLUMNS, { json });
    });
  }

  @Option({ flags: '--institution <code>', description: '只列一个机构 / of one institution' })
  institution(code: string): string {
    return code;
  }

  @Option({ flags: '--limit <rows>', description: `最多行数，缺省 ${DEFAULT_ROWS} / at most` })
  limit(text: string): number {
    if (!/^[1-9]\d{0,5}$/.test(text)) throw new UsageError(`不是行数：${text}`);
    return Number(text);
  }

  @Option({ flags: '--json', description: '每行一个 JSON 对象 / one JSON object a row' })
  json(): boolean {
    return true;
  }
}

@SubCommand({
  name: 'show',
  arguments: '<entry>',
  argsDescription: { entry: 'list 第一列的编号 / number of the entry' },
  description: '来源原始行（含个人信息，仅在本机查看） / the raw row as the source gave it',
})
export class QuarantineShowCommand extends CommandRunner {
  constructor(private readonly database: CliDatabase) {
    super();
  }

  override async run([entry = '']: string[], { json }: { json?: boolean }): Promise<void> {
    if (!/^\d{1,18}$/.test(entry)) throw new UsageError(`不是编号：${entry}`);
    const { rawRowOfEntry } = await import('../ingest/landing/raw-row.repository.js');
    await this.database.use(async ({ pool }) => {
      const raw = await rawRowOfEntry(pool, entry);
      if (raw === null) {
        print('没有这一条，或原始行已不保存');
        process.exitCode = EXIT.failed;
        return;
      }
      const cells = raw.columns.map((column, index) => ({ column, cell: raw.cells[index] }));
      if (json === true) printJson(raw);
      else {
        printRows(cells, [
          { title: '列', cell: ({ column }) => column },
          { title: '值', cell: ({ cell }) => cell },
        ]);
      }
    });
  }

  @Option({ flags: '--json', description: '输出 JSON / print JSON' })
  json(): boolean {
    return true;
  }
}

@Command({
  name: 'quarantine',
  description: '隔离区 / rows that could not land',
  subCommands: [QuarantineListCommand, QuarantineShowCommand],
})
export class QuarantineCommand extends CommandRunner {
  /** Only reached without a subcommand. */
  override run(): Promise<void> {
    throw new UsageError('请写明 list 或 show');
  }
}
