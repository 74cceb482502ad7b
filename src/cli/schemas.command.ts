import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommandRunner, Option } from 'nest-commander';
import { CliDatabase } from './cli-database.service.js';
import { CONFIG_KINDS } from './config-registry.js';
import { jsonSchemaOf } from './json-schema.js';
import { print } from './output.js';

@Command({
  name: 'schemas',
  description: '为编辑器生成配置文件的 JSON Schema / write JSON Schemas of the configuration files',
})
export class SchemasCommand extends CommandRunner {
  constructor(private readonly database: CliDatabase) {
    super();
  }

  override async run(_: string[], { out }: { out?: string }): Promise<void> {
    const folder = out ?? join(this.database.site.homeDir, 'schemas');
    if (!existsSync(folder)) mkdirSync(folder);
    for (const kind of CONFIG_KINDS) {
      const path = join(folder, `${kind.name}.schema.json`);
      writeFileSync(path, `${JSON.stringify(jsonSchemaOf(kind), null, 2)}\n`);
      print(path);
    }
  }

  @Option({ flags: '--out <dir>', description: '输出文件夹，默认 schemas/ / output folder' })
  out(folder: string): string {
    return folder;
  }
}
