import { CommandRunner, Option, SubCommand } from 'nest-commander';
import { loadSettlementUnits } from '../records/records.loader.js';
import { CliDatabase } from './cli-database.service.js';
import { UsageError } from './exit-code.js';
import { print, printJson } from './output.js';

interface ReverseOptions {
  readonly reason: string;
  readonly json?: boolean;
}

@SubCommand({
  name: 'reverse',
  arguments: '<run>',
  argsDescription: { run: '2024-03、2024、start:2024 或 release:2024-03' },
  description:
    '冲回一次结算：原分录不动，另记反向分录，之后可重新结算 / take a run back by postings of its own',
})
export class SettleReverseCommand extends CommandRunner {
  constructor(private readonly database: CliDatabase) {
    super();
  }

  override async run(
    [run = '']: string[],
    { reason, json = false }: ReverseOptions,
  ): Promise<void> {
    const { consortium } = loadSettlementUnits(this.database.site.siteDir);
    const { runReference } = await import('../settlement/stored-run.repository.js');
    const reference = runReference(run);
    if ('runId' in reference || reference.version !== null)
      throw new UsageError('只能冲回期间的现行结算，例如 heyi settle reverse 2024 --reason …');
    const { SettlementModule } = await import('../settlement/settlement.module.js');
    const { SettlementService } = await import('../settlement/settlement.service.js');
    const { kind, period } = reference;
    await this.database.withModules([SettlementModule], async (app) => {
      const found = await app.get(SettlementService).reverse({ consortium, kind, period, reason });
      if (json) printJson(found);
      else print(`${kind} ${period} 第 ${found.reversed} 版已冲回（记为第 ${found.version} 版）`);
    });
  }

  @Option({ flags: '--reason <text>', required: true, description: '原因，记入日志 / why' })
  reason(text: string): string {
    if (text.trim() === '') throw new UsageError('--reason 不能为空');
    return text;
  }

  @Option({ flags: '--json', description: '输出一个 JSON 对象 / one JSON object' })
  json(): boolean {
    return true;
  }
}
