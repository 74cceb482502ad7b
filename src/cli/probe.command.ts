import { Command, CommandRunner, Option } from 'nest-commander';
import type { ProbeFinding } from '../connectors/connector.js';
import type { ProbeReport } from '../ingest/probe.service.js';
import { CliDatabase } from './cli-database.service.js';
import { EXIT } from './exit-code.js';
import { print, printJson, printRows } from './output.js';

/** A remedy for something that passed means that it could be better. */
function stateOf({ ok, remedy }: ProbeFinding): string {
  if (!ok) return '不通过';
  return remedy === undefined ? '通过' : '注意';
}

/** The first rows as they would land. */
function printSample({ stream, rows }: ProbeReport['samples'][number], json = false): void {
  if (!json && rows.length > 0) {
    print(`\n${stream}：最近一天的前 ${rows.length} 行（已脱敏，金额以分计）`);
  }
  for (const row of rows) {
    if (json) printJson({ sample: stream, row });
    else print(`  ${textOf(row)}`);
  }
}

function textOf(row: Readonly<Record<string, string>>): string {
  return Object.entries(row)
    .map(([name, text]) => `${name}=${text}`)
    .join(' ');
}

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
    const { findings, samples } = await probeSource(this.database.site, { institution });
    printRows<ProbeFinding>(
      findings,
      [
        { title: '检查', cell: ({ check }) => check },
        { title: '结果', cell: stateOf },
        { title: '说明', cell: ({ detail }) => detail },
        { title: '怎么办', cell: ({ remedy }) => remedy },
      ],
      { json },
    );
    for (const sample of samples) printSample(sample, json);
    if (findings.some(({ ok }) => !ok)) process.exitCode = EXIT.failed;
  }

  @Option({ flags: '--json', description: '每项一个 JSON 对象 / one JSON object a check' })
  json(): boolean {
    return true;
  }
}
