import { Injectable } from '@nestjs/common';
import { CommandRunner, Option, SubCommand } from 'nest-commander';
import { ASPECTS, type Aspect, percent, precisionOf } from '../audit/governance/lifecycle.js';
import type { RuleLifecycle, RuleStanding } from '../audit/governance/rule-lifecycle.service.js';
import type { Month } from '../kernel/period.js';
import { loadSettlementUnits } from '../records/records.loader.js';
import { CliDatabase } from './cli-database.service.js';
import { EXIT, UsageError } from './exit-code.js';
import { monthRange } from './month-range.js';
import { type Column, print, printRows } from './output.js';

/** What the subcommands share: the rules of this site's database. */
@Injectable()
export abstract class OnRules extends CommandRunner {
  constructor(private readonly database: CliDatabase) {
    super();
  }

  protected async work<T>(
    task: (rules: RuleLifecycle, consortium: string) => Promise<T>,
  ): Promise<T> {
    const { consortium } = loadSettlementUnits(this.database.site.siteDir);
    const { GovernanceModule } = await import('../audit/governance/governance.module.js');
    const { RuleLifecycle: service } = await import(
      '../audit/governance/rule-lifecycle.service.js'
    );
    return this.database.withModules([GovernanceModule], (app) =>
      task(app.get(service), consortium),
    );
  }
}

const STANDING: readonly Column<RuleStanding>[] = [
  { title: '规则', cell: ({ ruleId }) => ruleId },
  { title: '版本', cell: ({ version }) => version },
  { title: '名称', cell: ({ title }) => title },
  { title: '类别', cell: (rule) => rule.class },
  { title: '状态', cell: ({ status }) => status },
  { title: '重新评审', cell: ({ reopened }) => reopened ?? '' },
  { title: '已同意', cell: ({ approvals }) => approvals.map(({ aspect }) => aspect).join(' ') },
];

const RECORD: readonly Column<RuleStanding>[] = [
  ...STANDING.slice(0, 6),
  { title: '疑点', cell: ({ record }) => record.hits, align: 'right' },
  { title: '已复核', cell: ({ record }) => record.reviewed, align: 'right' },
  { title: '确认', cell: ({ record }) => record.confirmed, align: 'right' },
  { title: '驳回', cell: ({ record }) => record.dismissed, align: 'right' },
  { title: '准确率', cell: ({ record }) => percent(precisionOf(record)), align: 'right' },
  { title: '申诉成立', cell: ({ record }) => record.appealsUpheld, align: 'right' },
];

@SubCommand({ name: 'list', description: '各规则在本站点的状态 / where each rule stands here' })
export class RulesListCommand extends OnRules {
  override async run(_: string[], { json = false }: { json?: boolean }): Promise<void> {
    const rules = await this.work((lifecycle, consortium) => lifecycle.standings(consortium, null));
    printRows(rules, STANDING, { json });
  }

  @Option({ flags: '--json', description: '每条一个 JSON 对象 / one JSON object a row' })
  json(): boolean {
    return true;
  }
}

@SubCommand({
  name: 'stats',
  description:
    '各规则的疑点、复核、准确率与申诉成立 / hits, reviews, precision and appeals of each rule',
})
export class RulesStatsCommand extends OnRules {
  override async run(
    _: string[],
    { json = false, months = null }: { json?: boolean; months?: readonly Month[] | null },
  ): Promise<void> {
    const rules = await this.work((lifecycle, consortium) =>
      lifecycle.standings(consortium, months),
    );
    printRows(
      json ? rules : rules.filter(({ record }) => record.hits + record.appealsUpheld > 0),
      RECORD,
      { json, empty: '没有疑点 / no findings' },
    );
  }

  @Option({
    flags: '--months <months>',
    description: '2024-01..2024-03、逗号分隔或年份；缺省全部 / default: all',
  })
  months(text: string): readonly Month[] {
    return monthRange(text);
  }

  @Option({ flags: '--json', description: '每条一个 JSON 对象 / one JSON object a row' })
  json(): boolean {
    return true;
  }
}

@SubCommand({
  name: 'check',
  arguments: '<month>',
  argsDescription: { month: '月份 / month' },
  description:
    '申诉成立较多的规则重新评审 / open the review of rules against which enough appeals were upheld',
})
export class RulesCheckCommand extends OnRules {
  override async run([month = '']: string[]): Promise<void> {
    const [only, ...others] = monthRange(month);
    if (only === undefined || others.length > 0) throw new UsageError(`请写一个月份：${month}`);
    const opened = await this.work((lifecycle, consortium) =>
      lifecycle.reopenDue(consortium, only),
    );
    print(opened.length === 0 ? '没有规则需要重新评审 / none' : `重新评审：${opened.join('、')}`);
  }
}

/** Who decides, and why. */
@Injectable()
abstract class DecidingOnRules extends OnRules {
  @Option({ flags: '--by <user>', required: true, description: '决定人 / who decides' })
  by(user: string): string {
    return user;
  }

  @Option({ flags: '--reason <text>', required: true, description: '理由 / why' })
  reason(text: string): string {
    return text;
  }
}

interface Deciding {
  readonly by: string;
  readonly reason: string;
}

@SubCommand({
  name: 'approve',
  arguments: '<rule> <aspect>',
  argsDescription: { rule: '规则编号', aspect: ASPECTS.join(' | ') },
  description: '某一方面同意规则的当前版本 / one side agrees to a rule’s version',
})
export class RulesApproveCommand extends DecidingOnRules {
  override async run([ruleId = '', given = '']: string[], { by, reason }: Deciding): Promise<void> {
    const aspect: Aspect | undefined = ASPECTS.find((each) => each === given);
    if (aspect === undefined) throw new UsageError(`没有方面 ${given}；可用：${ASPECTS.join(' ')}`);
    await this.work((lifecycle, consortium) =>
      lifecycle.approve({ consortium, ruleId, aspect, by, note: reason }),
    );
    print(`已记录：${ruleId} ${aspect} 同意`);
  }
}

const MOVES = {
  review: 'REVIEW',
  trial: 'SHADOW',
  promote: 'ACTIVE',
  suspend: 'SUSPENDED',
  retire: 'RETIRED',
} as const;

/** One command for each step, with the same words. */
@Injectable()
abstract class Moving extends DecidingOnRules {
  protected abstract readonly step: keyof typeof MOVES;

  override async run(
    [ruleId = '']: string[],
    { by, reason, dryRun = false }: Deciding & { readonly dryRun?: boolean },
  ): Promise<void> {
    const to = MOVES[this.step];
    const missing = await this.work((lifecycle, consortium) =>
      lifecycle.move({ ...{ consortium, ruleId, to, by, reason, dryRun } }),
    );
    if (missing.length === 0) {
      print(dryRun ? `${ruleId} 可以转为 ${to}` : `${ruleId} 已转为 ${to}，下次审核起生效`);
      return;
    }
    print(`${ruleId} 还不能转为 ${to}：`);
    for (const each of missing) print(`  ${each}`);
    process.exitCode = EXIT.failed;
  }

  @Option({ flags: '--dry-run', description: '只说还缺什么 / only say what is missing' })
  dryRun(): boolean {
    return true;
  }
}

const RULE = { arguments: '<rule>', argsDescription: { rule: '规则编号 / rule id' } };

@SubCommand({ ...RULE, name: 'review', description: '提交评审 / hand in for review' })
export class RulesReviewCommand extends Moving {
  protected readonly step = 'review';
}

@SubCommand({ ...RULE, name: 'trial', description: '评审通过，开始试运行 / begin a trial' })
export class RulesTrialCommand extends Moving {
  protected readonly step = 'trial';
}

@SubCommand({ ...RULE, name: 'promote', description: '试运行转为启用 / from trial to money' })
export class RulesPromoteCommand extends Moving {
  protected readonly step = 'promote';
}

@SubCommand({ ...RULE, name: 'suspend', description: '停用 / suspend' })
export class RulesSuspendCommand extends Moving {
  protected readonly step = 'suspend';
}

@SubCommand({ ...RULE, name: 'retire', description: '废止 / retire' })
export class RulesRetireCommand extends Moving {
  protected readonly step = 'retire';
}
