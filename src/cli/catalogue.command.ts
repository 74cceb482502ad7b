import { Command, CommandRunner, Option, SubCommand } from 'nest-commander';
import type { CodeKind, UnmappedCode } from '../catalogue/catalogue.repository.js';
import { fen, toReadableYuan } from '../kernel/money.js';
import { CliDatabase } from './cli-database.service.js';
import { UsageError } from './exit-code.js';
import { type Column, printRows } from './output.js';

const KINDS: Readonly<Record<CodeKind, string>> = {
  item: '项目',
  diagnosis: '诊断',
  procedure: '手术操作',
};
const MOST_ROWS = 10_000;

const COLUMNS: readonly Column<UnmappedCode>[] = [
  { title: '机构', cell: ({ institution }) => institution },
  { title: '类别', cell: ({ kind }) => KINDS[kind] },
  { title: '本地编码', cell: ({ localCode }) => localCode },
  { title: '名称', cell: ({ name }) => name },
  { title: '行数', cell: ({ rows }) => rows, align: 'right' },
  {
    title: '涉及金额（元）',
    cell: ({ amountFen }) => toReadableYuan(fen(BigInt(amountFen))),
    align: 'right',
  },
  { title: '首次', cell: ({ firstOn }) => firstOn },
  { title: '末次', cell: ({ lastOn }) => lastOn },
];

@SubCommand({
  name: 'unmapped',
  description:
    '没有国家编码的本地编码，金额大的在前 / local codes without a national one, by money',
})
export class CatalogueUnmappedCommand extends CommandRunner {
  constructor(private readonly database: CliDatabase) {
    super();
  }

  override async run(_: string[], { json }: { json?: boolean }): Promise<void> {
    const { loadConsortium } = await import('../ingest/consortium.loader.js');
    const { listUnmapped } = await import('../catalogue/catalogue.repository.js');
    const { consortium } = loadConsortium(this.database.site.siteDir, null);
    await this.database.use(async ({ pool }) => {
      printRows(await listUnmapped(pool, consortium, MOST_ROWS), COLUMNS, { json });
    });
  }

  @Option({ flags: '--json', description: '每个编码一个 JSON 对象 / one JSON object a code' })
  json(): boolean {
    return true;
  }
}

@Command({
  name: 'catalogue',
  description: '本地编码与国家编码 / local and national codes',
  subCommands: [CatalogueUnmappedCommand],
})
export class CatalogueCommand extends CommandRunner {
  /** Only reached without a subcommand. */
  override run(): Promise<void> {
    throw new UsageError('请写明 unmapped');
  }
}
