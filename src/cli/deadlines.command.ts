import { Command, CommandRunner, Option } from 'nest-commander';
import type { Deadline, DeadlineState } from '../calendar/deadlines.js';
import type { DueRun } from '../calendar/due-runs.js';
import { isIsoDate } from '../kernel/dates.js';
import { loadSettlementUnits } from '../records/records.loader.js';
import { CliDatabase } from './cli-database.service.js';
import { UsageError } from './exit-code.js';
import { type Column, print, printRows } from './output.js';

interface DeadlinesOptions {
  readonly on?: string;
  readonly year?: string;
  readonly state?: DeadlineState;
  readonly json?: boolean;
}

const STATES: Readonly<Record<DeadlineState, string>> = {
  open: '进行中',
  met: '按期完成',
  late: '逾期完成',
  breached: '已逾期',
  waiting: '未起算',
  unspecified: '未规定',
  'no-calendar': '缺日历',
};

const COLUMNS: readonly Column<Deadline>[] = [
  { title: '期间', cell: ({ period }) => period },
  { title: '事项', cell: ({ label }) => label },
  { title: '责任方', cell: ({ owedBy }) => owedBy },
  { title: '期限', cell: ({ term, inPrinciple }) => (inPrinciple ? `原则上 ${term}` : term) },
  {
    title: '起算',
    cell: ({ startedOn, startedBy }) =>
      [startedOn, startedBy].filter((part) => part !== null).join(' '),
  },
  { title: '最迟', cell: ({ due }) => due ?? '' },
  { title: '完成', cell: ({ doneOn }) => doneOn ?? '' },
  { title: '状态', cell: stateText },
  { title: '条款', cell: ({ clause, sample }) => (sample ? `${clause}〔样例〕` : clause) },
  {
    title: '说明',
    cell: ({ note, overlay }) => note ?? (overlay === null ? '' : `补充文件 ${overlay}`),
  },
];

/** The business day where the consortium is. */
function today(timezone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: timezone }).format(new Date());
}

function stateText({ state, workingDays }: Deadline): string {
  if (workingDays === null) return STATES[state];
  return `${STATES[state]}，${state === 'open' ? '余' : '超'} ${workingDays} 个工作日`;
}

@Command({
  name: 'deadlines',
  description: '政策期限：进行中、按期、逾期 / terms of the text: open, met, breached',
})
export class DeadlinesCommand extends CommandRunner {
  constructor(private readonly database: CliDatabase) {
    super();
  }

  override async run(_: string[], options: DeadlinesOptions): Promise<void> {
    const { consortium, timezone } = loadSettlementUnits(this.database.site.siteDir);
    const { on = today(timezone), state, json = false, ...rest } = options;
    const { CalendarModule } = await import('../calendar/calendar.module.js');
    const { DeadlineService } = await import('../calendar/deadline.service.js');
    await this.database.withModules([CalendarModule], async (app) => {
      const all = await app.get(DeadlineService).list({ consortium, on, ...rest });
      const shown = all.filter((each) => state === undefined || each.state === state);
      printRows(shown, COLUMNS, { json, empty: '没有这样的期限 / none' });
      if (json) return;
      print(`截至 ${on}：${countsText(all)}`);
      const due = await app.get(DeadlineService).dueRuns({ consortium, on });
      for (const line of dueLines(due, all)) print(line);
    });
  }

  @Option({ flags: '--on <date>', description: '截至哪天，缺省今天 / as of, default today' })
  on(text: string): string {
    if (!isIsoDate(text)) throw new UsageError(`--on 应写 YYYY-MM-DD：${text}`);
    return text;
  }

  @Option({ flags: '--year <year>', description: '只看一个结算年度 / one settlement year' })
  year(text: string): string {
    if (!/^\d{4}$/.test(text)) throw new UsageError(`--year 应写 YYYY：${text}`);
    return text;
  }

  @Option({
    flags: '--state <state>',
    description: `只看一种状态 / one of ${Object.keys(STATES).join(', ')}`,
  })
  state(text: string): DeadlineState {
    const found = Object.keys(STATES).find((each): each is DeadlineState => each === text);
    if (found === undefined) throw new UsageError(`--state 应为 ${Object.keys(STATES).join('、')}`);
    return found;
  }

  @Option({ flags: '--json', description: '每条一个 JSON 对象 / one JSON object a term' })
  json(): boolean {
    return true;
  }
}

function countsText(deadlines: readonly Deadline[]): string {
  const counts = Object.entries(STATES).flatMap(([state, words]) => {
    const count = deadlines.filter((each) => each.state === state).length;
    return count === 0 ? [] : [`${words} ${count}`];
  });
  return counts.length === 0 ? '没有期限' : counts.join('，');
}

/** What is to be settled, with the command that does it and the term that follows from it. */
function dueLines(due: readonly DueRun[], terms: readonly Deadline[]): readonly string[] {
  if (due.length === 0) return [];
  const lines = due.map(({ period, label, state, since, duty, command, note }) => {
    const term = terms.find((each) => each.duty === duty && each.period === period);
    const until = typeof term?.due === 'string' ? `，最迟 ${term.due}` : '';
    const how = state === 'due' ? `自 ${since} 起可办${until}：${command}` : (note ?? '');
    return `  ${period.padEnd(8)}${label}  ${how}`;
  });
  return ['待办结算 / to be settled', ...lines];
}
