import { Command, CommandRunner, Option } from 'nest-commander';
import { CliDatabase } from './cli-database.service.js';
import { EXIT, UsageError } from './exit-code.js';
import { print, printJson, remark } from './output.js';

interface Options {
  readonly digest?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

const progress = ({ table, rows }: { readonly table: string; readonly rows: string }): void =>
  remark(`  ${table}  ${rows} 行`);

@Command({
  name: 'backup',
  arguments: '<folder>',
  description: '备份数据库与站点配置到一个新文件夹 / back up the database and the site folder',
})
export class BackupCommand extends CommandRunner {
  constructor(private readonly database: CliDatabase) {
    super();
  }

  override async run([folder = '']: string[], { json = false }: Options): Promise<void> {
    const { backUp } = await import('../operations/backup/backup.service.js');
    const { noteOperation } = await import('../operations/operation-note.repository.js');
    const { loadConsortium } = await import('../ingest/consortium.loader.js');
    const { site } = this.database;
    const { consortium } = loadConsortium(site.siteDir, null);
    await this.database.use(async ({ pool }) => {
      const { digest, manifest, ...done } = await backUp({ pool, site, folder, progress });
      const { takenAt, tables } = manifest;
      await noteOperation(pool, {
        consortium,
        subject: `backup:${digest.slice(0, 16)}`,
        content: { action: 'backup', digest, takenAt, tables: tables.length },
      });
      if (json) {
        printJson({ ...done, digest, takenAt, tables: tables.length });
        return;
      }
      print(`备份完成：${done.folder}，${tables.length} 张表，截至 ${takenAt}`);
      print(`摘要 ${digest}（请另处记下，恢复时用 --digest 核对）`);
      remark('备份含个人信息，不含主密钥：请存放在加密且限制访问的位置，主密钥另行备份');
    });
  }

  @Option({ flags: '--json', description: '输出 JSON / print JSON' })
  json(): boolean {
    return true;
  }
}

@Command({
  name: 'restore',
  arguments: '<folder>',
  description: '把备份恢复到一个空数据库，并逐表核对 / restore a backup into an empty database',
})
export class RestoreCommand extends CommandRunner {
  constructor(private readonly database: CliDatabase) {
    super();
  }

  override async run(
    [folder = '']: string[],
    { digest: noted, dryRun = false, json = false }: Options,
  ): Promise<void> {
    const { assertEmpty, checkBackup, restore } = await import(
      '../operations/backup/restore.service.js'
    );
    const { site } = this.database;
    const digest = noted ?? null;
    await checkBackup(folder, digest); // before a database is even started
    const database = await this.database.open();
    try {
      const { pool } = database;
      if (dryRun) {
        await assertEmpty(pool);
        const { manifest } = await checkBackup(folder, digest);
        const rows = manifest.tables.reduce((sum, table) => sum + BigInt(table.rows), 0n);
        print(
          `可以恢复：${manifest.tables.length} 张表，${rows} 行，截至 ${manifest.takenAt}；未写入任何数据`,
        );
        return;
      }
      const outcome = await restore({ pool, site, folder, digest, progress });
      report(outcome, json);
    } finally {
      await database.close();
    }
  }

  @Option({
    flags: '--digest <digest>',
    description: '备份时记下的摘要 / the digest noted when the backup was made',
  })
  digest(text: string): string {
    if (!/^[0-9a-f]{64}$/.test(text)) throw new UsageError('摘要应为 64 位十六进制');
    return text;
  }

  @Option({ flags: '--dry-run', description: '只核对备份与目标库，不写入 / check only' })
  dryRun(): boolean {
    return true;
  }

  @Option({ flags: '--json', description: '输出 JSON / print JSON' })
  json(): boolean {
    return true;
  }
}

type Outcome = Awaited<
  ReturnType<typeof import('../operations/backup/restore.service.js')['restore']>
>;

function report({ manifest, journal, digest, siteRestored }: Outcome, json: boolean): void {
  const broken = journal.filter(({ fault }) => fault !== null);
  if (broken.length > 0) process.exitCode = EXIT.failed;
  if (json) {
    printJson({ digest, tables: manifest.tables.length, takenAt: manifest.takenAt, journal });
    return;
  }
  print(`恢复完成：${manifest.tables.length} 张表逐一核对一致，数据截至 ${manifest.takenAt}`);
  for (const { consortium, head, fault } of journal) {
    print(
      fault === null
        ? `${consortium}：存证链完整，链头 ${head.seq}:${head.hash}`
        : `${consortium}：存证链在第 ${fault.seq} 条有问题（备份时已如此）`,
    );
  }
  print(siteRestored ? '站点配置已放回' : '站点配置文件夹已存在，未改动（备份中的副本在 site/）');
  remark('请把主密钥文件放回原处，再启动各进程；未完成的工作会自动重新排队');
}
