import { Injectable } from '@nestjs/common';
import { Command, CommandRunner, Option, SubCommand } from 'nest-commander';
import { isMonth } from '../kernel/period.js';
import { loadSettlementUnits } from '../records/records.loader.js';
import { MONTHLY } from '../settlement/facts-schema.js';
import type { RunKind } from '../settlement/run-key.js';
import type { SettlementOutcome } from '../settlement/settlement.service.js';
import { CliDatabase } from './cli-database.service.js';
import { UsageError } from './exit-code.js';
import { printResult } from './figures-table.js';
import { print, printJson } from './output.js';
import { SettleDiffCommand, SettleWhatIfCommand } from './settle-compare.command.js';
import { SettleReverseCommand } from './settle-reverse.command.js';

interface SettleOptions {
  readonly close?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** What the four kinds of run share: the site's consortium, the options, the way results are shown. */
@Injectable()
abstract class SettlePeriodCommand extends CommandRunner {
  protected abstract readonly kind: RunKind;

  constructor(private readonly database: CliDatabase) {
    super();
  }

  override async run(
    [period = '']: string[],
    { json = false, ...options }: SettleOptions,
  ): Promise<void> {
    const { kind } = this;
    if (MONTHLY.includes(kind) && !isMonth(period))
      throw new UsageError(`月份应写 YYYY-MM：${period}`);
    if (!MONTHLY.includes(kind) && !/^\d{4}$/.test(period))
      throw new UsageError(`年份应写 YYYY：${period}`);
    const { consortium } = loadSettlementUnits(this.database.site.siteDir);
    const { SettlementModule } = await import('../settlement/settlement.module.js');
    const { SettlementService } = await import('../settlement/settlement.service.js');
    await this.database.withModules([SettlementModule], async (app) => {
      const service = app.get(SettlementService);
      report(period, await service.settle({ consortium, kind, period, ...options }), json);
    });
  }

  @Option({ flags: '--close', description: '结算后关账 / close the period' })
  close(): boolean {
    return true;
  }

  @Option({ flags: '--dry-run', description: '只计算，不写入 / compute, write nothing' })
  dryRun(): boolean {
    return true;
  }

  @Option({ flags: '--json', description: '输出一个 JSON 对象 / one JSON object' })
  json(): boolean {
    return true;
  }
}

function report(period: string, outcome: SettlementOutcome, json: boolean): void {
  const { result, digests, version, changed, closed, runId } = outcome;
  if (json) {
    printJson({ ...result, digests, version, changed, closed, runId });
    return;
  }
  printResult(result, false);
  const state = changed ? `第 ${version} 版` : `与第 ${version} 版相同，没有改动 / no change`;
  print(`${period} ${state}${closed ? '，已关账' : ''}`);
}

@SubCommand({
  name: 'month',
  arguments: '<month>',
  argsDescription: { month: 'YYYY-MM' },
  description: '月度结算：申报记账金额和次月预付 / settle a month',
})
export class SettleMonthCommand extends SettlePeriodCommand {
  protected readonly kind = 'month';
}

@SubCommand({
  name: 'year',
  arguments: '<year>',
  argsDescription: { year: 'YYYY' },
  description: '年度清算 / clear a year',
})
export class SettleYearCommand extends SettlePeriodCommand {
  protected readonly kind = 'year';
}

@SubCommand({
  name: 'start',
  arguments: '<year>',
  argsDescription: { year: 'YYYY' },
  description: '年初预付 / the start-of-year prepayment',
})
export class SettleStartCommand extends SettlePeriodCommand {
  protected readonly kind = 'start';
}

@SubCommand({
  name: 'release',
  arguments: '<month>',
  argsDescription: { month: 'YYYY-MM' },
  description: '发放某月的月度考核金 / release the money held back of a month',
})
export class SettleReleaseCommand extends SettlePeriodCommand {
  protected readonly kind = 'release';
}

@Command({
  name: 'settle',
  description: '在账上结算 / settlement on the books',
  subCommands: [
    SettleStartCommand,
    SettleMonthCommand,
    SettleReleaseCommand,
    SettleYearCommand,
    SettleReverseCommand,
    SettleDiffCommand,
    SettleWhatIfCommand,
  ],
})
export class SettleCommand extends CommandRunner {
  /** Only reached without a subcommand. */
  override run(): Promise<void> {
    throw new UsageError(
      '请写明 start、month、release、year、reverse、diff 或 what-if，例如 heyi settle month 2024-03',
    );
  }
}
