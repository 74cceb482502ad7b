import { z } from 'zod';
import { whole } from '../config/values.js';
import { addDays, type IsoDate, isIsoDate } from '../kernel/dates.js';
import { clauseRef, documentSchema, documentsSchema } from '../policy/policy-schema.js';
import { isWeekend } from './weekday.js';

/**
 * The working-day calendar: one file a year as the State Council's notice has it (`config/calendar/<year>.yaml`), and what a site
 * adds for its own place (`<site>/calendar.yaml`), such as a provincial holiday.
 */

const isoDate = z.string().refine(isIsoDate, '日期不存在或格式不是 YYYY-MM-DD');
const name = z.string().trim().min(1).max(40);
const ordered = ({ from, to }: { readonly from: IsoDate; readonly to: IsoDate }) => from <= to;

const holiday = z.strictObject({ name, from: isoDate, to: isoDate }).refine(ordered, {
  path: ['to'],
  message: 'to 早于 from',
});

export const calendarYearSchema = z
  .strictObject({
    year: whole(2000, 2999),
    document: documentSchema,
    /** Days off, weekends within them too. */
    holidays: z.array(holiday).min(1).max(40),
    /** Weekend days on which people work in exchange (调休). */
    workdays: z.array(isoDate).max(40),
  })
  .superRefine(({ year, holidays, workdays }, context) => {
    const fault = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    const off = new Set(holidays.flatMap(daysOf));
    holidays.forEach(({ from, to }, index) => {
      if (Number(from.slice(0, 4)) !== year || Number(to.slice(0, 4)) !== year)
        fault(['holidays', index], `不在 ${year} 年内`);
    });
    workdays.forEach((day, index) => {
      if (Number(day.slice(0, 4)) !== year) fault(['workdays', index], `不在 ${year} 年内`);
      if (!isWeekend(day)) fault(['workdays', index], '调休上班日应是周六或周日');
      if (off.has(day)) fault(['workdays', index], '同一天又写在 holidays 中');
    });
    if (off.size !== holidays.flatMap(daysOf).length) fault(['holidays'], '有一天写了两次');
  });
export type CalendarYear = Readonly<z.output<typeof calendarYearSchema>>;

export const siteCalendarSchema = z
  .strictObject({
    documents: documentsSchema,
    days: z
      .array(
        z
          .strictObject({
            name,
            from: isoDate,
            to: isoDate,
            kind: z.enum(['holiday', 'workday']),
            clause: clauseRef,
          })
          .refine(ordered, { path: ['to'], message: 'to 早于 from' }),
      )
      .max(400),
  })
  .superRefine(({ documents, days }, context) => {
    days.forEach(({ clause }, index) => {
      const document = clause.split(' ')[0] ?? '';
      if (!Object.hasOwn(documents, document))
        context.addIssue({
          code: 'custom',
          path: ['days', index, 'clause'],
          message: `documents 中没有列出文件 ${document}`,
        });
    });
  });
export type SiteCalendar = Readonly<z.output<typeof siteCalendarSchema>>;

/** Every day from the first to the last, both included. */
export function daysOf({
  from,
  to,
}: {
  readonly from: IsoDate;
  readonly to: IsoDate;
}): readonly IsoDate[] {
  const days: IsoDate[] = [];
  for (let day = from; day <= to; day = addDays(day, 1)) days.push(day);
  return days;
}
