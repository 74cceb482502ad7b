import { Command, CommandRunner, Option } from 'nest-commander';
import type { ProbeFinding } from '../connectors/connector.js';
import { CliDatabase } from './cli-database.service.js';
import { EXIT } from './exit-code.js';
import { printRows } from './output.js';

@Command({
  name: 'probe',
  arguments: '<institution>',
  argsDescription: { institution: '机构编号 / institution code' },
  description: '检查来源：能否连接、是否只读、列是否齐全 / can the source be read, and only read',
})
export class ProbeCommand extends CommandRunner {
  constructor(private readonly database: CliDatabase) {
    super();
  }

  override async run([institution = '']: string[], { json }: { json?: boolean }): Promise<void> {
    const { probeSource } = await import('../ingest/probe.service.js');
    const findings = await probeSource(this.database.site, institution);
    printRows<ProbeFinding>(
      findings,
      [
        { title: '检查', cell: ({ check }) => check },
        { title: '结果', cell: ({ ok }) => (ok ? '通过' : '不通过') },
        { title: '说明', cell: ({ detail }) => detail },
        { title: '怎么办', cell: ({ remedy }) => remedy },
      ],
      { json },
    );
    if (findings.some(({ ok }) => !ok)) process.exitCode = EXIT.failed;
  }

  @Option({ flags: '--json', description: '每项一个 JSON 对象 / one JSON object a check' })
  json(): boolean {
    return true;
  }
}
