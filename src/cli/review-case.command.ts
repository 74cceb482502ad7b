import { Option, SubCommand } from 'nest-commander';
import { type IsoDate, isIsoDate } from '../kernel/dates.js';
import type { ListedCase, StepRow } from '../review/case-list.repository.js';
import { UnknownFindingError } from '../review/errors.js';
import {
  CASE_STATES,
  type CaseState,
  OUTCOME_NAMES,
  STATE_NAMES,
} from '../review/review-states.js';
import { UsageError } from './exit-code.js';
import { type Column, print, printJson, printRows } from './output.js';
import { type CaseOptions, OfMonths, OnCases, yuanOf } from './review-work.command.js';

@SubCommand({
  name: 'open',
  description: '疑点进入审核，可重复执行 / open a case for each finding',
})
export class ReviewOpenCommand extends OfMonths {
  override async run(_: string[], options: CaseOptions): Promise<void> {
    const { json, dryRun = false } = options;
    const months = this.monthsOf(options);
    const done = await this.cases((cases, consortium) =>
      cases.open({ consortium, months, dryRun }),
    );
    if (json === true) printJson({ ...done, dryRun });
    else
      print(
        `${dryRun ? '将进入' : '已进入'}审核 ${done.opened} 条，撤销不再成立的 ${done.withdrawn} 条`,
      );
  }

  @Option({ flags: '--dry-run', description: '只看结果，不保存 / say what would be done' })
  dryRun(): boolean {
    return true;
  }
}

const COLUMNS: readonly Column<ListedCase>[] = [
  { title: '月份', cell: ({ month }) => month },
  { title: '疑点', cell: ({ findingId }) => findingId },
  { title: '规则', cell: ({ ruleId }) => ruleId },
  { title: '类别', cell: (each) => each.class },
  { title: '机构', cell: ({ institution }) => institution },
  { title: '结算号', cell: ({ claimNo }) => claimNo },
  { title: '状态', cell: ({ state }) => STATE_NAMES[state] },
  { title: '疑点金额', cell: ({ flaggedFen }) => yuanOf(flaggedFen), align: 'right' },
  { title: '拟扣', cell: ({ proposedFen }) => yuanOf(proposedFen), align: 'right' },
  { title: '申诉', cell: ({ appealedFen }) => yuanOf(appealedFen), align: 'right' },
  { title: '确认', cell: ({ confirmedFen }) => yuanOf(confirmedFen), align: 'right' },
  { title: '已扣', cell: ({ deductedFen }) => yuanOf(deductedFen), align: 'right' },
  { title: '冲正', cell: ({ compensatedFen }) => yuanOf(compensatedFen), align: 'right' },
  { title: '期限', cell: ({ dueOn, escalated }) => `${dueOn ?? ''}${escalated ? ' 督办' : ''}` },
  { title: '承办', cell: ({ assignee }) => assignee },
];

interface ListOptions extends CaseOptions {
  readonly state?: CaseState;
  readonly for?: string;
  readonly overdue?: IsoDate;
}

@SubCommand({ name: 'cases', description: '审核办理清单 / where each case stands' })
export class ReviewCasesCommand extends OfMonths {
  override async run(_: string[], options: ListOptions): Promise<void> {
    const rows = await this.cases((cases, consortium) =>
      cases.list({
        ...{ consortium, months: options.month ?? null, overdueOn: options.overdue ?? null },
        states: options.state === undefined ? null : [options.state],
        institution: options.for === undefined ? null : [options.for],
      }),
    );
    printRows(rows, COLUMNS, { json: options.json ?? false, empty: '没有符合条件的疑点' });
  }

  @Option({ flags: '--state <state>', description: CASE_STATES.join(' ') })
  state(text: string): CaseState {
    const known = CASE_STATES.find((state) => state === text.toUpperCase());
    if (known === undefined)
      throw new UsageError(`没有状态 ${text}；可用：${CASE_STATES.join(' ')}`);
    return known;
  }

  @Option({ flags: '--for <institution>', description: '只看一个机构 / one institution' })
  for(code: string): string {
    return code;
  }

  @Option({ flags: '--overdue <date>', description: '该日已逾期的 / overdue on that day' })
  overdue(text: string): IsoDate {
    return dayFrom(text);
  }
}

function dayFrom(text: string): IsoDate {
  if (!isIsoDate(text)) throw new UsageError(`不是日期：${text}（写作 2024-03-05）`);
  return text;
}

@SubCommand({ name: 'inspection', description: '移交稽核清单 / handed over to inspection' })
export class ReviewInspectionCommand extends OfMonths {
  override async run(_: string[], { json = false, month }: CaseOptions): Promise<void> {
    const rows = await this.cases((cases, consortium) =>
      cases.inspectionList({ consortium, months: month ?? null }),
    );
    printRows(rows, COLUMNS, { json, empty: '没有移交稽核的疑点' });
  }
}

const STEPS: readonly Column<StepRow>[] = [
  { title: '时间', cell: ({ at }) => at },
  { title: '步骤', cell: ({ to }) => STATE_NAMES[to] },
  {
    title: '经办',
    cell: ({ actor, institution }) => `${actor}${institution === null ? '' : `（${institution}）`}`,
  },
  { title: '结论', cell: ({ outcome }) => (outcome === null ? '' : OUTCOME_NAMES[outcome]) },
  { title: '金额（元）', cell: ({ amountFen }) => yuanOf(amountFen), align: 'right' },
  { title: '理由', cell: ({ reasonCode }) => reasonCode },
  { title: '意见', cell: ({ opinion }) => opinion },
  { title: '附件', cell: ({ attachments }) => attachments.map(({ name }) => name).join('、') },
];

@SubCommand({
  name: 'show',
  arguments: '<finding>',
  description: '一条疑点的办理过程 / every step of one finding',
})
export class ReviewShowCommand extends OnCases {
  override async run([findingId = '']: string[], { json = false }: CaseOptions): Promise<void> {
    const detail = await this.cases((cases, consortium) => cases.detail({ consortium, findingId }));
    if (detail === null) throw new UnknownFindingError(`疑点 ${findingId} 尚未进入审核`);
    if (json) {
      printJson(detail);
      return;
    }
    printRows([detail], COLUMNS, { json, empty: '' });
    printRows(detail.steps, STEPS, { json, empty: '' });
  }
}

@SubCommand({
  name: 'assign',
  arguments: '<finding> <user>',
  description: '指派承办人 / hand a case to a reviewer',
})
export class ReviewAssignCommand extends OnCases {
  override async run(
    [findingId = '', to = '']: string[],
    { by, dryRun = false }: { readonly by: string; readonly dryRun?: boolean },
  ): Promise<void> {
    await this.cases((cases, consortium) =>
      cases.assign({ consortium, findingId, by, to, dryRun }),
    );
    print(`${findingId} ${dryRun ? '将' : '已'}指派 ${to}`);
  }

  @Option({ flags: '--by <user>', required: true, description: '经办人（用户名）/ who assigns' })
  by(user: string): string {
    return user;
  }

  @Option({ flags: '--dry-run', description: '只看结果，不保存 / say what would be done' })
  dryRun(): boolean {
    return true;
  }
}

@SubCommand({
  name: 'sweep',
  description: '逾期处理：成员单位未答复视为无异议，审核人未办理则督办 / what time brings about',
})
export class ReviewSweepCommand extends OnCases {
  override async run(
    _: string[],
    { json, on, dryRun = false }: CaseOptions & { readonly on?: IsoDate },
  ): Promise<void> {
    const swept = await this.cases((cases, consortium) =>
      cases.sweep({ consortium, dryRun, ...(on === undefined ? {} : { on }) }),
    );
    if (json === true) {
      printJson({ ...swept, dryRun });
      return;
    }
    const { lapsed, confirmed, escalated, posted, withdrawn } = swept;
    print(`逾期视为无异议 ${lapsed} 条（其中生成扣款 ${confirmed} 条），督办 ${escalated} 条`);
    print(`结算已扣款 ${posted} 条，撤销 ${withdrawn} 条${dryRun ? '（试算，未保存）' : ''}`);
  }

  @Option({ flags: '--on <date>', description: '按哪一天算，缺省今天 / the day' })
  on(text: string): IsoDate {
    return dayFrom(text);
  }

  @Option({ flags: '--dry-run', description: '只看结果，不保存 / say what would be done' })
  dryRun(): boolean {
    return true;
  }
}
