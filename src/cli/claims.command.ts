import { once } from 'node:events';
import { Command, CommandRunner, Option, SubCommand } from 'nest-commander';
import { claimJson } from '../claims/claim-json.js';
import { isMonth } from '../kernel/period.js';
import { CliDatabase } from './cli-database.service.js';
import { UsageError } from './exit-code.js';

@SubCommand({
  name: 'export',
  description: '导出结算记录为 claims.ndjson / write landed claims, one JSON object a line',
})
export class ClaimsExportCommand extends CommandRunner {
  constructor(private readonly database: CliDatabase) {
    super();
  }

  override async run(_: string[], { months }: { months?: readonly string[] }): Promise<void> {
    if (months === undefined)
      throw new UsageError('请写明 --months，例如 --months 2024-01,2024-02');
    const { loadConsortium } = await import('../ingest/consortium.loader.js');
    const { readClaimsInPersonOrder } = await import('../claims/claim.repository.js');
    const { consortium } = loadConsortium(this.database.site.siteDir, null);
    await this.database.use(async ({ pool }) => {
      for await (const batch of readClaimsInPersonOrder(pool, { consortium, months })) {
        const text = batch.map((claim) => `${JSON.stringify(claimJson(claim))}\n`).join('');
        if (!process.stdout.write(text)) await once(process.stdout, 'drain');
      }
    });
  }

  @Option({ flags: '--months <months>', description: '核算月份，逗号分隔 / accounting months' })
  months(text: string): readonly string[] {
    const months = text.split(',').map((each) => each.trim());
    const bad = months.find((month) => !isMonth(month));
    if (bad !== undefined) throw new UsageError(`不是月份：${bad}`);
    return months;
  }

  @Option({ flags: '--json', description: '输出总是 JSON / the output is always JSON' })
  json(): boolean {
    return true;
  }
}

@Command({
  name: 'claims',
  description: '结算记录 / landed claims',
  subCommands: [ClaimsExportCommand],
})
export class ClaimsCommand extends CommandRunner {
  /** Only reached without a subcommand. */
  override run(): Promise<void> {
    throw new UsageError('请写明 export');
  }
}
