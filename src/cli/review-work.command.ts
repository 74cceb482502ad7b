import { Injectable } from '@nestjs/common';
import { CommandRunner, Option } from 'nest-commander';
import { loadConsortium } from '../ingest/consortium.loader.js';
import { type Fen, fen, parseYuan, toReadableYuan, toYuan } from '../kernel/money.js';
import { isMonth, type Month, monthsOf } from '../kernel/period.js';
import type { CaseStep } from '../review/case-step.repository.js';
import type { CasesService } from '../review/cases.service.js';
import { OUTCOME_NAMES, OUTCOMES, type Outcome, STATE_NAMES } from '../review/review-states.js';
import { CliDatabase } from './cli-database.service.js';
import { UsageError } from './exit-code.js';
import { print, printJson } from './output.js';

/** A month, several separated by commas, or a whole year. */
export function monthsFrom(text: string): readonly Month[] {
  const months = /^\d{4}$/.test(text) ? monthsOf(text) : text.split(',').map((each) => each.trim());
  const wrong = months.filter((month) => !isMonth(month));
  if (wrong.length > 0) throw new UsageError(`不是月份：${wrong.join('、')}（写作 2024-03）`);
  return months;
}

/** Fen as the books print them, in yuan; nothing where there is none. */
export function yuanOf(amountFen: string | Fen | null): string {
  return amountFen === null ? '' : toReadableYuan(fen(BigInt(amountFen)));
}

/** What every subcommand on cases shares. */
@Injectable()
export abstract class OnCases extends CommandRunner {
  constructor(protected readonly database: CliDatabase) {
    super();
  }

  protected async cases<T>(
    task: (cases: CasesService, consortium: string) => Promise<T>,
  ): Promise<T> {
    const { consortium } = loadConsortium(this.database.site.siteDir, null);
    const { ReviewModule } = await import('../review/review.module.js');
    const { CasesService: service } = await import('../review/cases.service.js');
    return this.database.withModules([ReviewModule], (app) => task(app.get(service), consortium));
  }

  @Option({ flags: '--json', description: '每条一个 JSON 对象 / one JSON object a row' })
  json(): boolean {
    return true;
  }
}

export interface CaseOptions {
  readonly json?: boolean;
  readonly month?: readonly Month[];
  readonly dryRun?: boolean;
}

/** Subcommands that ask for months. */
@Injectable()
export abstract class OfMonths extends OnCases {
  @Option({ flags: '--month <months>', description: '月份（逗号分隔）或年份 / months or a year' })
  month(text: string): readonly Month[] {
    return monthsFrom(text);
  }

  protected monthsOf({ month }: CaseOptions): readonly Month[] {
    if (month === undefined) throw new UsageError('请写明 --month');
    return month;
  }
}

export interface ActOptions {
  readonly by: string;
  readonly code: string;
  readonly opinion?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Who acts, why, and whether it is only a trial. */
@Injectable()
export abstract class Acting extends OnCases {
  /** What a request to the service begins with. */
  protected signed(consortium: string, { by, code, opinion, dryRun = false }: ActOptions) {
    return {
      consortium,
      by,
      reasonCode: code,
      dryRun,
      ...(opinion === undefined ? {} : { opinion }),
    };
  }

  protected report(step: CaseStep, { json, dryRun = false }: ActOptions): void {
    const { amountFen, ...rest } = step;
    if (json === true) {
      printJson({ ...rest, amount: amountFen === null ? null : toYuan(amountFen), dryRun });
      return;
    }
    const money = amountFen === null ? '' : `，金额 ${yuanOf(amountFen)} 元`;
    const due = step.dueOn === null ? '' : `，下一步期限 ${step.dueOn}`;
    const will = dryRun ? '（试算，未保存）' : '';
    print(
      `${step.findingId}：${STATE_NAMES[step.from]} → ${STATE_NAMES[step.to]}${money}${due}${will}`,
    );
  }

  @Option({ flags: '--by <user>', required: true, description: '经办人（用户名）/ who acts' })
  by(user: string): string {
    return user;
  }

  @Option({
    flags: '--code <code>',
    required: true,
    description: '理由代码，见 heyi review opinions / reason code',
  })
  code(code: string): string {
    return code.toUpperCase();
  }

  @Option({ flags: '--opinion <text>', description: '意见；缺省用代码的文字 / opinion' })
  opinion(text: string): string {
    return text;
  }

  @Option({ flags: '--dry-run', description: '只看结果，不保存 / say what would be done' })
  dryRun(): boolean {
    return true;
  }
}

export interface SayingOptions extends ActOptions {
  readonly outcome: Outcome | 'panel';
  readonly amount?: Fen;
}

/** A conclusion, with an amount where it is partial. */
@Injectable()
export abstract class Saying extends Acting {
  protected said({ outcome, amount }: SayingOptions) {
    if (outcome === 'panel') throw new UsageError('只有复审可以提交合议（--outcome panel）');
    return { outcome, ...(amount === undefined ? {} : { amountFen: amount }) };
  }

  @Option({
    flags: '--outcome <outcome>',
    required: true,
    description: `结论 / conclusion: ${Object.entries(OUTCOME_NAMES)
      .map(([name, label]) => `${name} ${label}`)
      .join('，')}`,
  })
  outcome(text: string): Outcome | 'panel' {
    const known = [...OUTCOMES, 'panel' as const].find((each) => each === text);
    if (known === undefined)
      throw new UsageError(`没有结论 ${text}；可用：${OUTCOMES.join(' ')} panel`);
    return known;
  }

  @Option({
    flags: '--amount <yuan>',
    description: '部分维持的金额（元）/ amount of a partial one',
  })
  amount(text: string): Fen {
    return amountFrom(text);
  }
}

export function amountFrom(text: string): Fen {
  const amount = parseYuan(text);
  if (amount === null) throw new UsageError(`不是金额：${text}（写作 86.40）`);
  return amount;
}
