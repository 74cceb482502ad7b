import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommandRunner, Option } from 'nest-commander';
import { loadRulePage } from '../audit/rule-page.loader.js';
import { loadKnowledgeBase } from '../knowledge/knowledge.loader.js';
import { CliDatabase } from './cli-database.service.js';
import { print } from './output.js';

@Command({
  name: 'rules-doc',
  description:
    '由规则记录生成规则清单 docs/audit-rule-list.md / write the list of audit rules from their records',
})
export class RulesDocCommand extends CommandRunner {
  constructor(private readonly shell: CliDatabase) {
    super();
  }

  override async run(_: string[], { out }: { out?: string }): Promise<void> {
    const { configDir, homeDir } = this.shell.site;
    const path = out ?? join(homeDir, 'docs', 'audit-rule-list.md');
    writeFileSync(path, loadRulePage(configDir, loadKnowledgeBase()));
    print(path);
  }

  @Option({ flags: '--out <file>', description: '写到哪个文件 / which file to write' })
  out(file: string): string {
    return file;
  }
}
