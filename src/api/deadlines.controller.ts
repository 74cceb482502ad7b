import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { DeadlineService } from '../calendar/deadline.service.js';
import { isIsoDate } from '../kernel/dates.js';
import { Access } from './access.guard.js';
import { API_SETTINGS, type ApiSettings } from './api-settings.js';

const deadlineQuery = z.strictObject({
  on: z
    .string()
    .refine(isIsoDate, '日期不存在或格式不是 YYYY-MM-DD')
    .describe('截至哪天 / the day on which one looks'),
  year: z
    .string()
    .regex(/^\d{4}$/)
    .optional()
    .describe('结算年度，缺省该日所在年及上一年 / default: the day’s year and the one before'),
});

const deadline = z
  .object({
    duty: z.string(),
    label: z.string(),
    owedBy: z.string(),
    period: z.string(),
    state: z.enum(['breached', 'late', 'met', 'no-calendar', 'open', 'unspecified', 'waiting']),
    term: z.string(),
    inPrinciple: z.boolean().describe('原则上 / in principle only'),
    clause: z.string(),
    overlay: z.string().nullable(),
    sample: z.boolean(),
    startedOn: z.string().nullable(),
    startedBy: z.string().nullable(),
    due: z.string().nullable(),
    doneOn: z.string().nullable(),
    workingDays: z
      .number()
      .nullable()
      .describe('余下或超出的工作日 / working days left or overdue'),
    note: z.string().nullable(),
  })
  .meta({
    example: {
      ...{ duty: 'year-clearing', label: '年度清算', owedBy: '经办机构', period: '2024' },
      ...{ state: 'breached', term: '次年 6 月 30 日前', inPrinciple: true },
      ...{ clause: 'sanya-2024-6 §三(三)1', overlay: null, sample: false },
      ...{ startedOn: null, startedBy: null, due: '2025-06-30', doneOn: null },
      ...{ workingDays: 2, note: null },
    },
  });

const dueRun = z
  .object({
    kind: z.enum(['start', 'release']),
    period: z.string(),
    label: z.string(),
    state: z.enum(['due', 'waiting']),
    since: z.string().nullable().describe('自何日起可办 / the first day on which it could be made'),
    duty: z.string().describe('items 中由此起算的期限 / the term of `items` that follows from it'),
    command: z.string(),
    note: z.string().nullable(),
  })
  .meta({
    example: {
      ...{ kind: 'release', period: '2025-03', label: '月度考核金发放', state: 'due' },
      ...{ since: '2025-04-10', duty: 'release-pass-on', note: null },
      command: 'npx heyi run release 2025-03',
    },
  });

@ApiTags('期限 deadlines')
@Controller('deadlines')
export class DeadlinesController {
  constructor(
    private readonly deadlines: DeadlineService,
    @Inject(API_SETTINGS) private readonly settings: ApiSettings,
  ) {}

  /** The terms of the region's text on a day: what runs, what was kept, what was broken; and the settlements that are to be made (待办结算). */
  @Get()
  @Access('figures.read', 'consortium')
  @ApiOkResponse({ standardSchema: z.object({ items: z.array(deadline), due: z.array(dueRun) }) })
  async list(@Query({ schema: deadlineQuery }) { on, year }: z.output<typeof deadlineQuery>) {
    const { consortium } = this.settings;
    const asked = { consortium, on, ...(year === undefined ? {} : { year }) };
    const due = await this.deadlines.dueRuns({ consortium, on });
    return { items: await this.deadlines.list(asked), due };
  }
}
