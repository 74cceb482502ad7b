import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Command, CommandRunner, Option } from 'nest-commander';
import { loadRulePages } from '../audit/rule-page.loader.js';
import { loadKnowledgeBase } from '../knowledge/knowledge.loader.js';
import { CliDatabase } from './cli-database.service.js';
import { print } from './output.js';

@Command({
  name: 'rules-doc',
  description:
    '由规则记录生成规则、本地表、登记的说明 / write the pages on audit rules, tables and registers from their records',
})
export class RulesDocCommand extends CommandRunner {
  constructor(private readonly shell: CliDatabase) {
    super();
  }

  override async run(_: string[], { out }: { out?: string }): Promise<void> {
    const { configDir, homeDir } = this.shell.site;
    for (const [path, page] of loadRulePages(configDir, loadKnowledgeBase())) {
      const file = join(out ?? join(homeDir, 'docs'), path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, page);
      print(file);
    }
  }

  @Option({ flags: '--out <folder>', description: '写到哪个文件夹，缺省 docs / which folder' })
  out(folder: string): string {
    return folder;
  }
}
