import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Command, CommandRunner, Option } from 'nest-commander';
import { loadSettlementUnits } from '../records/records.loader.js';
import type { StatementFormat } from '../statements/printed.js';
import type { RunChoice } from '../statements/run-choice.js';
import { CliDatabase } from './cli-database.service.js';
import { UsageError } from './exit-code.js';
import { print, printJson } from './output.js';
import { runChoice, statementFormat } from './statement-choice.js';
import {
  StatementAckCommand,
  StatementAnswerCommand,
  StatementDisputeCommand,
  StatementResponsesCommand,
} from './statement-response.command.js';

interface StatementOptions {
  readonly for?: string;
  readonly format?: StatementFormat;
  readonly out?: string;
  readonly json?: boolean;
}

@Command({
  name: 'statement',
  arguments: '[period]',
  argsDescription: {
    period: '2024-03、2024、start:2025、release:2025-03 或 run:<编号> / period, or one run',
  },
  description: '结算单：经办机构、牵头医院、各成员单位 / statements as PDF or xlsx',
  subCommands: [
    StatementAckCommand,
    StatementAnswerCommand,
    StatementDisputeCommand,
    StatementResponsesCommand,
  ],
})
export class StatementCommand extends CommandRunner {
  constructor(private readonly database: CliDatabase) {
    super();
  }

  override async run([period]: string[], options: StatementOptions): Promise<void> {
    if (period === undefined)
      throw new UsageError('请写期间，例如 heyi statement 2024-03 --for lead --out statements');
    const choice = runChoice(period);
    const { format = 'pdf', out = '.', json = false, for: whose } = options;
    const { consortium } = loadSettlementUnits(this.database.site.siteDir);
    const { StatementsModule } = await import('../statements/statements.module.js');
    const { StatementService } = await import('../statements/statement.service.js');
    await this.database.withModules([StatementsModule], async (app) => {
      const service = app.get(StatementService);
      const all = service
        .parties(consortium)
        .filter(({ role }) => role !== 'clinic' || books(choice));
      const codes = whose === undefined ? all.map(({ code }) => code) : [whose];
      await mkdir(out, { recursive: true });
      for (const code of codes) {
        const printed = await service.print({ consortium, choice, for: code }, format);
        const path = resolve(join(out, printed.name));
        await writeFile(path, printed.bytes);
        const { party, digest } = printed.statement;
        if (json) printJson({ path, party, digest });
        else print(`${party.name}（${party.code}）：${path}`);
      }
    });
  }

  @Option({
    flags: '--for <party>',
    description: 'agency、lead 或机构代码，缺省全部 / agency, lead or an institution; default: all',
  })
  for(code: string): string {
    return code;
  }

  @Option({ flags: '--format <format>', description: 'pdf（缺省）或 xlsx / pdf (default) or xlsx' })
  format(text: string): StatementFormat {
    return statementFormat(text);
  }

  @Option({ flags: '--out <folder>', description: '写到哪个目录，缺省当前 / folder, default here' })
  out(folder: string): string {
    return folder;
  }

  @Option({ flags: '--json', description: '每份一个 JSON 对象 / one JSON object a statement' })
  json(): boolean {
    return true;
  }
}

/** Whether a run is of a period in which clinics book anything: a month or a year, not a prepayment or a release. */
function books(choice: RunChoice): boolean {
  return !('kind' in choice) || choice.kind === 'month' || choice.kind === 'year';
}
