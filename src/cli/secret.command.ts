import { Command, CommandRunner, Option, SubCommand } from 'nest-commander';
import { isSecretName } from '../secrets/reference.js';
import {
  finishKeyChange,
  listSecrets,
  prepareKey,
  removeSecret,
  type SecretSummary,
  storeSecret,
} from '../secrets/secret-vault.loader.js';
import { CliDatabase } from './cli-database.service.js';
import { UsageError } from './exit-code.js';
import { type Column, print, printRows, remark } from './output.js';
import { readSecret } from './secret-input.loader.js';

const COLUMNS: readonly Column<SecretSummary>[] = [
  { title: '名称', cell: ({ name }) => name },
  { title: '版本', cell: ({ version }) => version, align: 'right' },
  { title: '主密钥', cell: ({ kekId }) => kekId },
  { title: '存入时间', cell: ({ setAt }) => setAt },
];

/** Who touched which secret goes into the journal before the file changes: a change that cannot be noted does not happen. */
async function noted(
  database: CliDatabase,
  { subject, action }: { readonly subject: string; readonly action: string },
): Promise<void> {
  const { loadConsortium } = await import('../ingest/consortium.loader.js');
  const { noteOperation } = await import('../operations/operation-note.repository.js');
  const { consortium } = loadConsortium(database.site.siteDir, null);
  await database.use(({ pool }) =>
    noteOperation(pool, { consortium, subject, content: { action } }),
  );
}

@SubCommand({
  name: 'set',
  arguments: '<name>',
  description: '从标准输入存入一项机密 / store a secret read from standard input',
})
export class SecretSetCommand extends CommandRunner {
  constructor(private readonly database: CliDatabase) {
    super();
  }

  override async run([name = '']: string[]): Promise<void> {
    if (!isSecretName(name)) throw new UsageError('名称只能用小写字母、数字和短横');
    const text = await readSecret(`请输入 ${name} 的内容（不显示），回车结束：`);
    await noted(this.database, { subject: `secret:${name}`, action: 'set' });
    const stored = storeSecret(this.database.site, { name, text, at: new Date() });
    print(`已存入 ${name}（第 ${stored.version} 版）；配置中写 \${secret:${name}}`);
    if (stored.madeKey) {
      remark(
        `已生成主密钥 ${stored.keyPath}：请立即另行备份，丢失后机密无法解开，数据库备份也不含它`,
      );
    }
  }
}

@SubCommand({ name: 'list', description: '有哪些机密，不显示内容 / which secrets there are' })
export class SecretListCommand extends CommandRunner {
  constructor(private readonly database: CliDatabase) {
    super();
  }

  override async run(_: string[], { json = false }: { json?: boolean }): Promise<void> {
    printRows(listSecrets(this.database.site), COLUMNS, { json });
  }

  @Option({ flags: '--json', description: '每项一个 JSON 对象 / one JSON object an item' })
  json(): boolean {
    return true;
  }
}

@SubCommand({ name: 'remove', arguments: '<name>', description: '删除一项机密 / remove a secret' })
export class SecretRemoveCommand extends CommandRunner {
  constructor(private readonly database: CliDatabase) {
    super();
  }

  override async run([name = '']: string[]): Promise<void> {
    const { site } = this.database;
    if (listSecrets(site).some((each) => each.name === name)) {
      await noted(this.database, { subject: `secret:${name}`, action: 'remove' });
    }
    removeSecret(site, name);
    print(`已删除 ${name}`);
  }
}

@SubCommand({
  name: 'rotate-kek',
  description: '更换主密钥并重新封装全部机密 / change the key that wraps the secrets',
})
export class SecretRotateCommand extends CommandRunner {
  constructor(private readonly database: CliDatabase) {
    super();
  }

  override async run(_: string[], { prepare, finish }: RotateOptions): Promise<void> {
    const { site } = this.database;
    if (prepare === true && finish === true)
      throw new UsageError('--prepare 与 --finish 只能选一个');
    await noted(this.database, { subject: 'secret:kek', action: actionOf(prepare, finish) });
    if (finish !== true) {
      const { current, path } = prepareKey(site);
      if (prepare === true) {
        print(`新主密钥 ${current.id} 已写入 ${path}；请把该文件复制到每台主机，再运行 --finish`);
        return;
      }
    }
    const { kekId, rewrapped } = finishKeyChange(site);
    print(`主密钥已更换为 ${kekId}，重新封装 ${rewrapped} 项；请重新备份主密钥文件`);
    remark('多台主机：把 secrets.json 与主密钥文件一并复制过去');
  }

  @Option({
    flags: '--prepare',
    description: '只加入新密钥，旧密钥仍可解 / only add the new key, for several hosts',
  })
  prepare(): boolean {
    return true;
  }

  @Option({
    flags: '--finish',
    description: '每台主机都有新密钥后：重新封装，去掉旧密钥 / rewrap and drop the old key',
  })
  finish(): boolean {
    return true;
  }
}

interface RotateOptions {
  readonly prepare?: boolean;
  readonly finish?: boolean;
}

function actionOf(prepare = false, finish = false): string {
  if (prepare) return 'prepare-kek';
  return finish ? 'finish-kek' : 'rotate-kek';
}

@Command({
  name: 'secret',
  description: '连接机密：存入、列出、更换主密钥 / secrets of connections',
  subCommands: [SecretSetCommand, SecretListCommand, SecretRemoveCommand, SecretRotateCommand],
})
export class SecretCommand extends CommandRunner {
  /** Only reached without a subcommand. */
  override run(): Promise<void> {
    throw new UsageError('请写明 set、list、remove 或 rotate-kek');
  }
}
