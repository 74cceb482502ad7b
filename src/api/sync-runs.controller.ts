import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { STREAMS } from '../ingest/fields.js';
import { SyncService } from '../ingest/sync.service.js';
import type { StretchRequest, Word } from '../jobs/sync-plan.js';
import { SyncRuns } from '../jobs/sync-runs.service.js';
import { Access, Who } from './access.guard.js';
import type { Caller } from './caller.js';
import type { Listing } from './listing.js';
import { type Page, pageQuery, pageSchema } from './page.js';
import { ReadRepository, type Row } from './read.repository.js';
import { type PreviewQuery, previewQuery, reason } from './requests.js';
import { impact } from './sync.controller.js';
import { inYuan } from './yuan-json.js';

const institutionCode = z.string().regex(/^[\w.-]{1,64}$/);

const stretch = z.strictObject({
  from: z.iso.date(),
  to: z.iso.date().describe('不含 / exclusive'),
  stream: z.enum(STREAMS).optional(),
  now: z
    .boolean()
    .default(false)
    .describe('true：不等允许读取的时段，记入存证 / whatever hour it is; kept in the journal'),
  reason,
});
const days = { from: '2024-03-01', to: '2024-03-08', reason: '月末对账' };
const backfill = stretch.meta({ example: days });
const comparison = stretch
  .extend({
    repair: z
      .boolean()
      .default(false)
      .describe('true：有差异的日子随即重读 / read anew what differs; false：只比对 / look only'),
    withdraw: z
      .boolean()
      .default(false)
      .describe('true：来源已删的行不论多少都撤销 / withdraw deleted rows however many'),
  })
  .meta({ example: { ...days, repair: true } });

const outcome = z
  .object({
    runId: z.string().nullable().describe('null：只看影响 / only looked at'),
    impact: z.array(impact),
  })
  .meta({ example: { runId: '57', impact: [] } });

const work = z
  .object({
    item: z.string(),
    runId: z.string(),
    kind: z.enum(['sync-compare', 'sync-backfill']),
    from: z.string(),
    to: z.string().describe('不含 / exclusive'),
    state: z.enum(['pending', 'running', 'done', 'failed']),
    startedAt: z.string().nullable(),
    finishedAt: z.string().nullable(),
    error: z.unknown(),
    result: z.unknown().describe('各时间窗的差异、重读的批次 / what differs, what was read'),
  })
  .meta({
    example: {
      ...{ item: '911', runId: '57', kind: 'sync-compare', from: '2024-03-01', to: '2024-03-08' },
      ...{ state: 'done', startedAt: '2024-03-20 18:00:01+00' },
      ...{ finishedAt: '2024-03-20 18:00:09+00', error: null },
      result: { windows: 7, differing: 0, incomplete: false, compared: [] },
    },
  });

const WORK: Listing = {
  select: `id AS item, run_id AS "runId", kind, payload #>> '{part,from}' AS "from", payload #>> '{part,to}' AS "to", state,
    started_at AS "startedAt", finished_at AS "finishedAt", last_error AS error, result`,
  from: `(SELECT * FROM work_item WHERE kind IN ('sync-compare', 'sync-backfill')) AS again`,
  consortium: 'consortium',
  institution: `(payload ->> 'institution')`,
  key: [{ by: 'id', type: 'bigint' }],
  filters: { institution: `payload ->> 'institution' = ?`, run: 'run_id = ?' },
};

const workQuery = pageQuery.extend({
  run: z
    .string()
    .regex(/^\d{1,18}$/)
    .optional(),
});

/** Looking again at what was read, as runs that whoever works carries out; their progress is that of every run. */
@ApiTags('采集 sync')
@Controller('sync/:institution')
export class SyncRunsController {
  constructor(
    private readonly sync: SyncService,
    private readonly runs: SyncRuns,
    private readonly read: ReadRepository,
  ) {}

  /** Comparisons and backfills of one member, piece by piece, with what came of each. */
  @Get('work')
  @Access('sync.read', 'institution')
  @ApiOkResponse({ standardSchema: pageSchema(work) })
  work(
    @Who() caller: Caller,
    @Param('institution', { schema: institutionCode }) institution: string,
    @Query({ schema: workQuery }) query: z.output<typeof workQuery>,
  ): Promise<Page<Row>> {
    return this.read.page(WORK, { ...query, institution }, caller);
  }

  /** Compares days with their source key by key (全量比对); with `repair` what differs is read anew. */
  @Post('comparisons')
  @Access('sync.change', 'institution')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: outcome })
  async compare(
    @Who() caller: Caller,
    @Param('institution', { schema: institutionCode }) institution: string,
    @Query({ schema: previewQuery }) { preview }: PreviewQuery,
    @Body({ schema: comparison }) body: z.output<typeof comparison>,
  ) {
    const word = { by: caller.username, reason: body.reason };
    const request = {
      ...stretchOf(institution, body, word),
      repair: body.repair,
      ...(body.withdraw ? { withdrawal: word } : {}),
    };
    return this.asked(request, preview, () => this.runs.compare(request, word));
  }

  /** Reads days anew, in the windows they were read in. */
  @Post('backfills')
  @Access('sync.change', 'institution')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: outcome })
  async backfill(
    @Who() caller: Caller,
    @Param('institution', { schema: institutionCode }) institution: string,
    @Query({ schema: previewQuery }) { preview }: PreviewQuery,
    @Body({ schema: backfill }) body: z.output<typeof backfill>,
  ) {
    const word = { by: caller.username, reason: body.reason };
    const request = stretchOf(institution, body, word);
    return this.asked(request, preview, () => this.runs.backfill(request, word));
  }

  private async asked(
    request: StretchRequest,
    preview: PreviewQuery['preview'],
    start: () => Promise<string>,
  ) {
    const foreseen = inYuan(await this.sync.impact(request));
    return { runId: preview === 'true' ? null : await start(), impact: foreseen };
  }
}

function stretchOf(
  institution: string,
  { from, to, stream, now }: z.output<typeof stretch>,
  word: Word,
): StretchRequest {
  return {
    ...{ institution, from, to },
    ...(stream === undefined ? {} : { streams: [stream] }),
    ...(now ? { outsideHours: word } : {}),
  };
}
