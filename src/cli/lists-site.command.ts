import type { INestApplicationContext } from '@nestjs/common';
import { Injectable } from '@nestjs/common';
import { CommandRunner, Option } from 'nest-commander';
import { loadLimits } from '../config/limits.loader.js';
import { loadConsortium } from '../ingest/consortium.loader.js';
import { isMonth, type Month } from '../kernel/period.js';
import type { SettlementListService } from '../lists/settlement-list.service.js';
import { CliDatabase } from './cli-database.service.js';
import { UsageError } from './exit-code.js';

/** What the subcommands of `lists` share: the site's consortium and the services on its database. */
@Injectable()
export abstract class OnLists extends CommandRunner {
  constructor(private readonly database: CliDatabase) {
    super();
  }

  protected get consortium(): string {
    return loadConsortium(this.database.site.siteDir, null).consortium;
  }

  protected async inModule<T>(work: (app: INestApplicationContext) => Promise<T>): Promise<T> {
    const { ListsModule } = await import('../lists/lists.module.js');
    return this.database.withModules([ListsModule], work);
  }

  protected async onLists(
    month: string | undefined,
    work: (
      lists: SettlementListService,
      of: { readonly consortium: string; readonly month: Month },
    ) => Promise<void>,
  ): Promise<void> {
    if (month === undefined || !isMonth(month)) throw new UsageError(`不是月份：${month ?? ''}`);
    const { SettlementListService } = await import('../lists/settlement-list.service.js');
    const of = { consortium: this.consortium, month };
    await this.inModule((app) => work(app.get(SettlementListService), of));
  }

  protected sheetLimits() {
    return loadLimits(this.database.site.configDir).sheets;
  }

  @Option({ flags: '--json', description: '输出 JSON / print JSON' })
  json(): boolean {
    return true;
  }
}
