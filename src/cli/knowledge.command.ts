import { Command, CommandRunner, Option, SubCommand } from 'nest-commander';
import { loadKnowledgeBase } from '../knowledge/knowledge.loader.js';
import type { ImportReport } from '../knowledge/knowledge-import.service.js';
import { type BatchSummary, summariseBatches } from '../knowledge/release.js';
import { UsageError } from './exit-code.js';
import { KnowledgeDiffCommand } from './knowledge-diff.command.js';
import { type Column, print, printJson, printRows, remark } from './output.js';

const BATCH_COLUMNS: readonly Column<BatchSummary>[] = [
  { title: '批次', cell: ({ batch }) => batch },
  { title: '公布日期', cell: ({ publishedOn }) => publishedOn },
  { title: '行数', cell: ({ rows }) => rows, align: 'right' },
  { title: '知识点', cell: ({ points }) => points, align: 'right' },
  { title: '清单', cell: ({ title }) => title },
];

@SubCommand({
  name: 'list',
  description: '知识库各批次的行数 / rows of each batch',
})
export class KnowledgeListCommand extends CommandRunner {
  override async run(_: string[], { json = false }: { json?: boolean }): Promise<void> {
    const base = loadKnowledgeBase();
    printRows(summariseBatches(base.points(), base.batches.values()), BATCH_COLUMNS, { json });
    if (!json) print(`版本 release ${base.release}`);
  }

  @Option({ flags: '--json', description: '每批一个 JSON 对象 / one JSON object a batch' })
  json(): boolean {
    return true;
  }
}

interface ImportOptions {
  readonly json?: boolean;
  readonly dryRun?: boolean;
  readonly into?: string;
}

@SubCommand({
  name: 'import',
  arguments: '<paths...>',
  argsDescription: {
    paths:
      '官方工作簿 .xlsx、JSON 批次 .json/.json.gz，或其所在文件夹 / workbooks, JSON batches, or folders',
  },
  description: '导入官方知识点清单，全部成功才写入 / import official lists, all or nothing',
})
export class KnowledgeImportCommand extends CommandRunner {
  override async run(
    paths: string[],
    { json = false, dryRun = false, into }: ImportOptions,
  ): Promise<void> {
    const { importKnowledge } = await import('../knowledge/knowledge-import.service.js');
    const report = await importKnowledge({
      ...{ paths, dryRun },
      ...(into === undefined ? {} : { into }),
    });
    if (json) printJson(report);
    else printReport(report, dryRun);
  }

  @Option({ flags: '--json', description: '输出 JSON / print JSON' })
  json(): boolean {
    return true;
  }

  @Option({
    flags: '--into <folder>',
    description:
      '把新版本完整写到这个目录作为候选，不改动现行知识库；再用 heyi knowledge diff 比较 / write a candidate release to a folder',
  })
  into(folder: string): string {
    return folder;
  }

  @Option({ flags: '--dry-run', description: '只检查和比较，不写入 / compare without writing' })
  dryRun(): boolean {
    return true;
  }
}

function printReport(
  { files, notes, before, after, changed, written }: ImportReport,
  dryRun: boolean,
): void {
  printRows(files, [
    { title: '文件', cell: ({ file }) => file },
    { title: '知识点', cell: ({ points }) => points, align: 'right' },
    { title: '行数', cell: ({ rows }) => rows, align: 'right' },
    { title: '附注行', cell: ({ remarks }) => remarks, align: 'right' },
    { title: '说明', cell: ({ skipped }) => (skipped === null ? '' : `未用：${skipped}`) },
  ]);
  for (const note of notes) remark(`注意 ${note}`);
  const rowsBefore = new Map(before.map(({ batch, rows }) => [batch, rows]));
  print();
  printRows(after, [
    ...BATCH_COLUMNS,
    { title: '原有行数', cell: ({ batch }) => rowsBefore.get(batch) ?? 0, align: 'right' },
  ]);
  if (!changed && !written) print('知识库没有变化 / nothing new');
  else print(dryRun ? '试运行，未写入 / dry run, nothing written' : '已写入 / written');
}

@Command({
  name: 'knowledge',
  description: '智能审核知识库 / the audit knowledge base',
  subCommands: [KnowledgeListCommand, KnowledgeImportCommand, KnowledgeDiffCommand],
})
export class KnowledgeCommand extends CommandRunner {
  /** Only reached without a subcommand. */
  override run(): Promise<void> {
    throw new UsageError('请写明 list、import 或 diff');
  }
}
