import { Command, CommandRunner, Option } from 'nest-commander';
import { CliDatabase } from './cli-database.service.js';
import { print, printJson } from './output.js';

@Command({
  name: 'migrate',
  description: '建立或升级数据库结构 / create or upgrade the database schema',
})
export class MigrateCommand extends CommandRunner {
  constructor(private readonly database: CliDatabase) {
    super();
  }

  override async run(_: string[], { json }: { json?: boolean }): Promise<void> {
    const { migrateDatabase } = await import('../database/migrate.service.js');
    const database = await this.database.open();
    try {
      const { applied } = await migrateDatabase(database.pool);
      if (json === true) printJson({ origin: database.origin, applied });
      else print(applied.length === 0 ? '数据库结构已是最新' : `已执行迁移：${applied.join('、')}`);
    } finally {
      await database.close();
    }
  }

  @Option({ flags: '--json', description: '输出 JSON / print JSON' })
  json(): boolean {
    return true;
  }
}
