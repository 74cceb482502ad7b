import { Command, CommandRunner, Option } from 'nest-commander';
import { loadWorkingDays } from '../calendar/calendar.loader.js';
import type { DayKind } from '../calendar/working-days.js';
import { type IsoDate, isIsoDate } from '../kernel/dates.js';
import { CliDatabase } from './cli-database.service.js';
import { UsageError } from './exit-code.js';
import { print, printJson } from './output.js';

interface CalendarOptions {
  readonly add?: number;
  readonly json?: boolean;
}

@Command({
  name: 'calendar',
  arguments: '<date>',
  argsDescription: { date: 'YYYY-MM-DD' },
  description: '某天是否工作日；加若干工作日是哪天 / is it a working day; a term’s last day',
})
export class CalendarCommand extends CommandRunner {
  constructor(private readonly database: CliDatabase) {
    super();
  }

  override run([date = '']: string[], { add, json = false }: CalendarOptions): Promise<void> {
    if (!isIsoDate(date)) throw new UsageError(`日期应写 YYYY-MM-DD：${date}`);
    const calendar = loadWorkingDays(this.database.site);
    const day = calendar.day(date);
    const due = add === undefined ? null : calendar.addWorkingDays(date, add);
    if (json) printJson({ date, ...day, ...(due === null ? {} : { add, due }) });
    else print([dayText(date, day), ...(due === null ? [] : [dueText(add, due)])].join('\n'));
    return Promise.resolve();
  }

  @Option({ flags: '--add <days>', description: '加多少个工作日 / working days to add, 1–1000' })
  add(text: string): number {
    if (!/^[1-9]\d{0,2}$|^1000$/.test(text)) throw new UsageError(`--add 应为 1–1000：${text}`);
    return Number(text);
  }

  @Option({ flags: '--json', description: '输出 JSON / print JSON' })
  json(): boolean {
    return true;
  }
}

function dayText(date: IsoDate, { working, name, basis }: DayKind): string {
  const why = name === null ? '' : `（${name}，${basis ?? ''}）`;
  return `${date} ${working ? '工作日' : '非工作日'}${why}`;
}

function dueText(add: number | undefined, due: IsoDate): string {
  return `其后第 ${add} 个工作日：${due}（自次日起算）`;
}
