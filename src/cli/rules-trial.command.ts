import { Command, CommandRunner, Option, SubCommand } from 'nest-commander';
import { UsageError } from './exit-code.js';
import { print } from './output.js';
import {
  OnRules,
  RulesApproveCommand,
  RulesCheckCommand,
  RulesListCommand,
  RulesPromoteCommand,
  RulesRetireCommand,
  RulesReviewCommand,
  RulesStatsCommand,
  RulesSuspendCommand,
  RulesTrialCommand,
} from './rules.command.js';

interface JudgeOptions {
  readonly by: string;
  readonly reason: string;
  readonly right?: boolean;
  readonly wrong?: boolean;
}

@SubCommand({
  name: 'judge',
  arguments: '<finding>',
  argsDescription: { finding: '试运行疑点编号 / id of a trial finding' },
  description: '规则管理人判断一条试运行疑点对不对 / say whether a trial finding is right',
})
export class RulesJudgeCommand extends OnRules {
  override async run([findingId = '']: string[], options: JudgeOptions): Promise<void> {
    const { by, reason: note, right = false, wrong = false } = options;
    if (right === wrong) throw new UsageError('请写 --right 或 --wrong 之一');
    await this.work((lifecycle, consortium) =>
      lifecycle.judge({ consortium, findingId, isRight: right, by, note }),
    );
    print(`已记录 ${findingId}：${right ? '正确' : '错误'}`);
  }

  @Option({ flags: '--right', description: '判断正确 / it is right' })
  right(): boolean {
    return true;
  }

  @Option({ flags: '--wrong', description: '判断错误 / it is wrong' })
  wrong(): boolean {
    return true;
  }

  @Option({ flags: '--by <user>', required: true, description: '判断人 / who judges' })
  by(user: string): string {
    return user;
  }

  @Option({ flags: '--reason <text>', required: true, description: '理由 / why' })
  reason(text: string): string {
    return text;
  }
}

@SubCommand({
  name: 'close-review',
  arguments: '<rule>',
  argsDescription: { rule: '规则编号 / rule id' },
  description: '结束重新评审 / end a review that was opened again',
})
export class RulesCloseReviewCommand extends OnRules {
  override async run(
    [ruleId = '']: string[],
    { by, outcome }: { readonly by: string; readonly outcome: string },
  ): Promise<void> {
    await this.work((lifecycle, consortium) =>
      lifecycle.closeReview({ consortium, ruleId, by, outcome }),
    );
    print(`${ruleId} 的重新评审已结束`);
  }

  @Option({ flags: '--by <user>', required: true, description: '决定人 / who decides' })
  by(user: string): string {
    return user;
  }

  @Option({ flags: '--outcome <text>', required: true, description: '结论 / outcome' })
  outcome(text: string): string {
    return text;
  }
}

@Command({
  name: 'rules',
  description: '审核规则的生命周期：评审、试运行、启用、停用 / the life of audit rules',
  subCommands: [
    RulesListCommand,
    RulesStatsCommand,
    RulesApproveCommand,
    RulesReviewCommand,
    RulesTrialCommand,
    RulesJudgeCommand,
    RulesPromoteCommand,
    RulesSuspendCommand,
    RulesRetireCommand,
    RulesCheckCommand,
    RulesCloseReviewCommand,
  ],
})
export class RulesCommand extends CommandRunner {
  /** Only reached without a subcommand. */
  override run(): Promise<void> {
    throw new UsageError(
      '请写明 list、stats、approve、review、trial、judge、promote、suspend、retire、check 或 close-review',
    );
  }
}
