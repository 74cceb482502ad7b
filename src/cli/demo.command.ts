import { join, resolve } from 'node:path';
import { Command, CommandRunner, Option, SubCommand } from 'nest-commander';
import { UsageError } from './exit-code.js';
import { print, printJson } from './output.js';

interface GenerateOptions {
  readonly seed?: number;
  readonly claims?: number;
  readonly out?: string;
  readonly server?: string;
  readonly json?: boolean;
}

const SEED = 20_240_101;
const CLAIMS = 30_000;
const MAX_CLAIMS = 1_000_000;

@SubCommand({
  name: 'generate',
  description: '生成示范县数据与真值 / make the demo county: sources, drop files, truth.json',
})
export class DemoGenerateCommand extends CommandRunner {
  override async run(_: string[], options: GenerateOptions): Promise<void> {
    const { seed = SEED, claims = CLAIMS, out = 'demo-county', json } = options;
    const adminUrl = options.server ?? process.env['DATABASE_URL'];
    const sourcePassword = process.env['HEYI_DEMO_SOURCE_PASSWORD'];
    if (adminUrl === undefined || sourcePassword === undefined) {
      throw new UsageError(
        '须给出 --server（PostgreSQL 管理连接）与环境变量 HEYI_DEMO_SOURCE_PASSWORD；整套演示请用 npm run demo',
      );
    }
    const { generateDemo } = await import('../demo/generate-demo.service.js');
    const folder = resolve(out);
    const result = await generateDemo({
      ...{ seed, claims, adminUrl, sourcePassword },
      dropsDir: join(folder, 'drops'),
      truthFile: join(folder, 'truth.json'),
      ledgerFile: join(folder, 'agency-ledger.ndjson'),
    });
    if (json === true) printJson({ ...result, folder });
    else {
      const verb = result.generated ? '已生成' : '已存在，未改动';
      print(`示范县${verb}：${result.claims} 笔结算、${result.lines} 条明细，真值在 ${folder}`);
    }
  }

  @Option({ flags: '--seed <number>', description: `种子，缺省 ${SEED} / seed` })
  seed(text: string): number {
    return wholeNumber(text, 2 ** 31 - 1);
  }

  @Option({ flags: '--claims <number>', description: `结算笔数，缺省 ${CLAIMS} / claims` })
  claims(text: string): number {
    return wholeNumber(text, MAX_CLAIMS);
  }

  @Option({ flags: '--out <folder>', description: '投放文件与真值所在的文件夹 / folder to write' })
  out(text: string): string {
    return text;
  }

  @Option({
    flags: '--server <url>',
    description: '建来源库的 PostgreSQL，缺省 DATABASE_URL / server for the source databases',
  })
  server(text: string): string {
    return text;
  }

  @Option({ flags: '--json', description: '输出 JSON / print JSON' })
  json(): boolean {
    return true;
  }
}

@SubCommand({
  name: 'site',
  description: '重写 config/demo 中由生成器得出的表 / rewrite the generated tables of config/demo',
})
export class DemoSiteCommand extends CommandRunner {
  override async run(): Promise<void> {
    const { writeSiteFiles } = await import('../demo/site/site-files.loader.js');
    for (const path of writeSiteFiles(join(import.meta.dirname, '../../config/demo'))) print(path);
  }
}

@Command({
  name: 'demo',
  description: '示范县 / the demo county',
  subCommands: [DemoGenerateCommand, DemoSiteCommand],
})
export class DemoCommand extends CommandRunner {
  /** Only reached without a subcommand. */
  override run(): Promise<void> {
    throw new UsageError('请写明子命令，例如 heyi demo generate；整套演示用 npm run demo');
  }
}

function wholeNumber(text: string, most: number): number {
  const number = Number(text);
  if (!/^\d{1,10}$/.test(text) || number < 1 || number > most) {
    throw new UsageError(`应为 1 到 ${most} 的整数：${text}`);
  }
  return number;
}
