import { Injectable } from '@nestjs/common';
import { Command, CommandRunner, Option, SubCommand } from 'nest-commander';
import { loadConsortium } from '../ingest/consortium.loader.js';
import { fen, toReadableYuan, toYuan } from '../kernel/money.js';
import type { Month } from '../kernel/period.js';
import type { ListedFinding } from '../review/review.repository.js';
import type { ReviewService } from '../review/review.service.js';
import { CliDatabase } from './cli-database.service.js';
import { UsageError } from './exit-code.js';
import { print, printJson, printRows } from './output.js';
import {
  ReviewAcceptCommand,
  ReviewAckCommand,
  ReviewAppealCommand,
  ReviewFeedbackAllCommand,
  ReviewFeedbackCommand,
  ReviewFinalCommand,
  ReviewFirstCommand,
  ReviewFirstHardCommand,
  ReviewReverseCommand,
  ReviewSecondCommand,
  ReviewVoteCommand,
} from './review-act.command.js';
import {
  ReviewAssignCommand,
  ReviewCasesCommand,
  ReviewInspectionCommand,
  ReviewOpenCommand,
  ReviewShowCommand,
  ReviewSweepCommand,
} from './review-case.command.js';
import { ReviewOpinionsCommand, ReviewSampleCommand } from './review-sample.command.js';
import { monthsFrom } from './review-work.command.js';

/** What the subcommands share: the service on this site's database. */
@Injectable()
abstract class OnReview extends CommandRunner {
  constructor(private readonly database: CliDatabase) {
    super();
  }

  protected async work<T>(
    task: (review: ReviewService, consortium: string) => Promise<T>,
  ): Promise<T> {
    const { consortium } = loadConsortium(this.database.site.siteDir, null);
    const { ReviewModule } = await import('../review/review.module.js');
    const { ReviewService: service } = await import('../review/review.service.js');
    return this.database.withModules([ReviewModule], (app) => task(app.get(service), consortium));
  }

  @Option({ flags: '--json', description: '每条一个 JSON 对象 / one JSON object a row' })
  json(): boolean {
    return true;
  }
}

const STATES = ['open', 'confirmed', 'dismissed'] as const;
type State = ListedFinding['state'];

@SubCommand({ name: 'list', description: '疑点清单 / findings and what was decided' })
export class ReviewListCommand extends OnReview {
  override async run(
    _: string[],
    options: {
      json?: boolean;
      month?: readonly Month[];
      class?: string;
      state?: State;
    },
  ): Promise<void> {
    const findings = await this.work((review, consortium) =>
      review.list({
        consortium,
        months: options.month ?? null,
        class: options.class ?? null,
        state: options.state ?? null,
      }),
    );
    if (options.json === true) {
      for (const { amountFen, ...finding } of findings) {
        printJson({ ...finding, amount: toYuan(fen(BigInt(amountFen))) });
      }
      return;
    }
    printRows(findings, [
      { title: '月份', cell: ({ month }) => month },
      { title: '疑点', cell: ({ findingId }) => findingId },
      { title: '规则', cell: ({ ruleId }) => ruleId },
      { title: '类别', cell: (finding) => finding.class },
      { title: '主次', cell: ({ role }) => (role === 'primary' ? '主' : '佐证') },
      { title: '金额（元）', cell: amountOf, align: 'right' },
      { title: '机构', cell: ({ institution }) => institution },
      { title: '结算号', cell: ({ claimNo }) => claimNo },
      { title: '状态', cell: ({ state }) => STATE_NAMES[state] },
      { title: '说明', cell: ({ message }) => message },
    ]);
  }

  @Option({ flags: '--month <months>', description: '月份（逗号分隔）或年份 / months or a year' })
  month(text: string): readonly Month[] {
    return monthsFrom(text);
  }

  @Option({ flags: '--class <class>', description: 'HARD SUSP CLUE REMIND RETURN' })
  class(name: string): string {
    return name.toUpperCase();
  }

  @Option({ flags: '--state <state>', description: 'open confirmed dismissed' })
  state(name: string): State {
    const known = STATES.find((state) => state === name);
    if (known === undefined) throw new UsageError(`没有状态 ${name}；可用：${STATES.join(' ')}`);
    return known;
  }
}

const STATE_NAMES = { open: '待定', confirmed: '已确认', dismissed: '已驳回' } as const;

function amountOf({ amountFen }: ListedFinding): string {
  return toReadableYuan(fen(BigInt(amountFen)));
}

/** Who decides and why: part of every decision. */
@Injectable()
abstract class Deciding extends OnReview {
  @Option({ flags: '--by <user>', required: true, description: '决定人（用户名）/ who decides' })
  by(user: string): string {
    return user;
  }

  @Option({ flags: '--reason <text>', required: true, description: '理由 / why' })
  reason(text: string): string {
    return text;
  }
}

@SubCommand({
  name: 'confirm',
  description: '批量确认明确违规，生成扣款 / confirm clear violations and make deductions of them',
})
export class ReviewConfirmCommand extends Deciding {
  override async run(
    _: string[],
    options: {
      json?: boolean;
      month: readonly Month[];
      by: string;
      reason: string;
      dryRun?: boolean;
    },
  ): Promise<void> {
    const { month: months, by: decidedBy, reason, dryRun = false } = options;
    const { amountFen, ...result } = await this.work((review, consortium) =>
      review.confirmHard({ consortium, months, decidedBy, reason, dryRun }),
    );
    if (options.json === true) {
      printJson({ ...result, amount: toYuan(amountFen), dryRun });
      return;
    }
    const done = dryRun ? '将确认' : '已确认';
    print(`${done} ${result.confirmed} 条，扣款 ${toReadableYuan(amountFen)} 元`);
    print(`此前已确认 ${result.alreadyConfirmed} 条`);
  }

  @Option({
    flags: '--class <class>',
    description: '只能是 HARD / only HARD can be confirmed in bulk',
  })
  class(name: string): string {
    if (name.toUpperCase() === 'HARD') return 'HARD';
    throw new UsageError('只有 HARD（明确违规）可以批量确认，疑点须逐条处理');
  }

  @Option({
    flags: '--month <months>',
    required: true,
    description: '月份（逗号分隔）或年份 / months or a year',
  })
  month(text: string): readonly Month[] {
    return monthsFrom(text);
  }

  @Option({ flags: '--dry-run', description: '只看结果，不作决定 / say what would be done' })
  dryRun(): boolean {
    return true;
  }
}

@SubCommand({
  name: 'dismiss',
  arguments: '<finding>',
  argsDescription: { finding: '疑点编号 / finding id' },
  description:
    '驳回一条疑点，同一费用的下一条递补 / decide against a finding; the next takes its place',
})
export class ReviewDismissCommand extends Deciding {
  override async run(
    [findingId = '']: string[],
    { json, by: decidedBy, reason }: { json?: boolean; by: string; reason: string },
  ): Promise<void> {
    const months = await this.work((review, consortium) =>
      review.dismiss({ consortium, findingId, decidedBy, reason }),
    );
    if (json === true) printJson({ findingId, state: 'dismissed', auditedAgain: months });
    else print(`已驳回 ${findingId}，已重新审核 ${months.join('、')}`);
  }
}

/** Every subcommand, as the shell registers them. */
export const REVIEW_SUBCOMMANDS = [
  ReviewListCommand,
  ReviewConfirmCommand,
  ReviewDismissCommand,
  ReviewOpenCommand,
  ReviewCasesCommand,
  ReviewInspectionCommand,
  ReviewShowCommand,
  ReviewAssignCommand,
  ReviewSweepCommand,
  ReviewSampleCommand,
  ReviewOpinionsCommand,
  ReviewFirstCommand,
  ReviewFirstHardCommand,
  ReviewFeedbackCommand,
  ReviewFeedbackAllCommand,
  ReviewAcceptCommand,
  ReviewAppealCommand,
  ReviewSecondCommand,
  ReviewVoteCommand,
  ReviewFinalCommand,
  ReviewAckCommand,
  ReviewReverseCommand,
] as const;

@Command({
  name: 'review',
  description: '审核处理 / decide on findings',
  subCommands: [...REVIEW_SUBCOMMANDS],
})
export class ReviewCommand extends CommandRunner {
  /** Only reached without a subcommand. */
  override run(): Promise<void> {
    throw new UsageError('请写明子命令，见 heyi review --help');
  }
}
