import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { Injectable } from '@nestjs/common';
import { Option, SubCommand } from 'nest-commander';
import type { Fen } from '../kernel/money.js';
import type { Month } from '../kernel/period.js';
import type { Upload } from '../review/attachment.js';
import { UsageError } from './exit-code.js';
import { print, printJson } from './output.js';
import {
  Acting,
  type ActOptions,
  amountFrom,
  monthsFrom,
  Saying,
  type SayingOptions,
  yuanOf,
} from './review-work.command.js';

const FINDING = {
  arguments: '<finding>',
  argsDescription: { finding: '疑点编号 / finding id' },
};

@SubCommand({ name: 'first', ...FINDING, description: '初审 / first review' })
export class ReviewFirstCommand extends Saying {
  override async run([findingId = '']: string[], options: SayingOptions): Promise<void> {
    const said = this.said(options);
    const step = await this.cases((cases, consortium) =>
      cases.firstReview({ ...this.signed(consortium, options), findingId, ...said }),
    );
    this.report(step, options);
  }
}

interface BulkOptions extends ActOptions {
  readonly month: readonly Month[];
}

@Injectable()
abstract class Bulk extends Acting {
  protected tell(
    { cases, amountFen }: { readonly cases: number; readonly amountFen: Fen },
    { json, dryRun = false }: ActOptions,
  ): void {
    if (json === true) printJson({ cases, amountFen: amountFen.toString(), dryRun });
    else print(`${dryRun ? '将办理' : '已办理'} ${cases} 条，金额 ${yuanOf(amountFen)} 元`);
  }

  @Option({
    flags: '--month <months>',
    required: true,
    description: '月份（逗号分隔）或年份 / months',
  })
  month(text: string): readonly Month[] {
    return monthsFrom(text);
  }
}

@SubCommand({
  name: 'first-hard',
  description:
    '批量初审明确违规，一条一记录 / uphold clear violations at first review, one record each',
})
export class ReviewFirstHardCommand extends Bulk {
  override async run(_: string[], options: BulkOptions): Promise<void> {
    const done = await this.cases((cases, consortium) =>
      cases.firstReviewHard({ ...this.signed(consortium, options), months: options.month }),
    );
    this.tell(done, options);
  }
}

@SubCommand({ name: 'feedback', ...FINDING, description: '反馈成员单位 / send to the member' })
export class ReviewFeedbackCommand extends Acting {
  override async run([findingId = '']: string[], options: ActOptions): Promise<void> {
    const step = await this.cases((cases, consortium) =>
      cases.giveFeedback({ ...this.signed(consortium, options), findingId }),
    );
    this.report(step, options);
  }
}

@SubCommand({ name: 'feedback-all', description: '批量反馈已初审的疑点 / send all reviewed ones' })
export class ReviewFeedbackAllCommand extends Bulk {
  override async run(_: string[], options: BulkOptions): Promise<void> {
    const done = await this.cases((cases, consortium) =>
      cases.giveFeedbackAll({ ...this.signed(consortium, options), months: options.month }),
    );
    this.tell(done, options);
  }
}

interface MemberOptions extends ActOptions {
  readonly for: string;
}

@Injectable()
abstract class ForMember extends Acting {
  @Option({ flags: '--for <institution>', required: true, description: '结算单位 / who answers' })
  for(code: string): string {
    return code;
  }
}

@SubCommand({ name: 'accept', ...FINDING, description: '成员单位认可 / the member accepts' })
export class ReviewAcceptCommand extends ForMember {
  override async run([findingId = '']: string[], options: MemberOptions): Promise<void> {
    const step = await this.cases((cases, consortium) =>
      cases.accept({ ...this.signed(consortium, options), findingId, institution: options.for }),
    );
    this.report(step, options);
  }
}

interface AppealOptions extends MemberOptions {
  readonly amount?: Fen;
  readonly file?: readonly string[];
}

@SubCommand({ name: 'appeal', ...FINDING, description: '成员单位申诉 / the member appeals' })
export class ReviewAppealCommand extends ForMember {
  override async run([findingId = '']: string[], options: AppealOptions): Promise<void> {
    const { amount, file = [], for: institution } = options;
    const attachments = file.map(uploadFrom);
    const step = await this.cases((cases, consortium) =>
      cases.appeal({
        ...{ ...this.signed(consortium, options), findingId, institution, attachments },
        ...(amount === undefined ? {} : { amountFen: amount }),
      }),
    );
    this.report(step, options);
  }

  @Option({
    flags: '--amount <yuan>',
    description: '申诉金额（元），缺省为全部 / amount contested',
  })
  amount(text: string): Fen {
    return amountFrom(text);
  }

  @Option({ flags: '--file <path...>', description: '附件 / files to send in' })
  file(path: string, before: readonly string[] = []): readonly string[] {
    return [...before, path];
  }
}

function uploadFrom(path: string): Upload {
  try {
    return { name: basename(path), content: readFileSync(path) };
  } catch {
    throw new UsageError(`读不到附件 ${path}`);
  }
}

@SubCommand({ name: 'second', ...FINDING, description: '复审，须另一人 / second review' })
export class ReviewSecondCommand extends Saying {
  override async run([findingId = '']: string[], options: SayingOptions): Promise<void> {
    const said = options.outcome === 'panel' ? { outcome: options.outcome } : this.said(options);
    const step = await this.cases((cases, consortium) =>
      cases.secondReview({ ...this.signed(consortium, options), findingId, ...said }),
    );
    this.report(step, options);
  }
}

@SubCommand({ name: 'vote', ...FINDING, description: '合议投票 / a vote of the panel' })
export class ReviewVoteCommand extends Saying {
  override async run([findingId = '']: string[], options: SayingOptions): Promise<void> {
    const said = this.said(options);
    const step = await this.cases((cases, consortium) =>
      cases.vote({ ...this.signed(consortium, options), findingId, ...said }),
    );
    this.report(step, options);
  }
}

@SubCommand({ name: 'final', ...FINDING, description: '终审 / the last word' })
export class ReviewFinalCommand extends Saying {
  override async run([findingId = '']: string[], options: SayingOptions): Promise<void> {
    const said = this.said(options);
    const step = await this.cases((cases, consortium) =>
      cases.final({ ...this.signed(consortium, options), findingId, ...said }),
    );
    this.report(step, options);
  }
}

@SubCommand({
  name: 'ack',
  ...FINDING,
  description: '二次反馈，完成后生成扣款 / second feedback, then the deduction',
})
export class ReviewAckCommand extends ForMember {
  override async run([findingId = '']: string[], options: MemberOptions): Promise<void> {
    const step = await this.cases((cases, consortium) =>
      cases.acknowledge({
        ...{ ...this.signed(consortium, options), findingId, institution: options.for },
      }),
    );
    this.report(step, options);
  }
}

@SubCommand({
  name: 'reverse',
  ...FINDING,
  description: '冲正，已扣款项在下一个未关账月退回 / take a deduction back',
})
export class ReviewReverseCommand extends Acting {
  override async run([findingId = '']: string[], options: ActOptions): Promise<void> {
    const step = await this.cases((cases, consortium) =>
      cases.reverse({ ...this.signed(consortium, options), findingId }),
    );
    this.report(step, options);
  }
}
