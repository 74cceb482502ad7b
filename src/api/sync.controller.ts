import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { STREAMS } from '../ingest/fields.js';
import { SyncService } from '../ingest/sync.service.js';
import { Access, Who } from './access.guard.js';
import type { Caller } from './caller.js';
import type { Listing } from './listing.js';
import { type Page, pageQuery, pageSchema } from './page.js';
import { ReadRepository, type Row } from './read.repository.js';
import { type PreviewQuery, previewQuery, reason } from './requests.js';
import { inYuan } from './yuan-json.js';

const institutionCode = z.string().regex(/^[\w.-]{1,64}$/);
const stream = z.enum(STREAMS);

export const impact = z
  .object({
    institution: z.string(),
    stream: z.string(),
    from: z.string(),
    to: z.string(),
    windows: z.number(),
    rows: z.number(),
    yuan: z.string(),
    unreadDays: z.number(),
    closedMonths: z.array(z.string()),
    estimatedSeconds: z.number().nullable(),
    bookmark: z.string().optional().describe('现在的书签 / where the bookmark stands'),
  })
  .meta({
    example: {
      institution: 'H46029900002',
      stream: 'claims',
      from: '2024-02-27',
      to: '2024-03-01',
      windows: 3,
      rows: 812,
      yuan: '402118.20',
      unreadDays: 0,
      closedMonths: ['2024-02'],
      estimatedSeconds: 12,
    },
  });

const impactQuery = z.strictObject({
  from: z.iso.date(),
  to: z.iso.date().describe('不含 / exclusive'),
  stream: stream.optional(),
});

const rewind = z
  .strictObject({ stream, day: z.iso.date(), reason })
  .meta({ example: { stream: 'claims', day: '2024-03-01', reason: '医院补录三月初的门诊' } });

const withdrawn = z
  .object({
    institution: z.string(),
    stream: z.string(),
    key: z.string(),
    settledOn: z.string(),
    period: z.string().nullable(),
    amountYuan: z.string(),
    batchId: z.string(),
    withdrawnAt: z.string(),
  })
  .meta({
    example: {
      institution: 'H46029900002',
      stream: 'claims',
      key: 'JS20240311000123',
      settledOn: '2024-03-11',
      period: '2024-03',
      amountYuan: '84.00',
      batchId: '990',
      withdrawnAt: '2024-03-20 18:02:44+00',
    },
  });

const withdrawnQuery = pageQuery.extend({
  period: z
    .string()
    .regex(/^\d{4}-\d{2}$/)
    .optional(),
  institution: institutionCode.optional(),
  stream: stream.optional(),
});

/** Without the rows themselves: they hold persons. */
const WITHDRAWN: Listing = {
  select: `institution, stream, replace(natural_key, chr(31), ' / ') AS key, settled_on AS "settledOn", period,
    round(amount_fen / 100.0, 2) AS "amountYuan", batch_id AS "batchId", withdrawn_at AS "withdrawnAt"`,
  from: 'withdrawn_row',
  consortium: 'consortium',
  institution: 'institution',
  key: [
    { by: 'withdrawn_at', type: 'timestamptz' },
    ...['institution', 'stream', 'natural_key'].map((by) => ({ by, type: 'text' }) as const),
    { by: 'batch_id', type: 'bigint' },
  ],
  filters: { period: 'period = ?', institution: 'institution = ?', stream: 'stream = ?' },
};

/** Looking again at what was read. Reading itself is work for the queue, not for a request. */
@ApiTags('采集 sync')
@Controller()
export class SyncController {
  constructor(
    private readonly sync: SyncService,
    private readonly read: ReadRepository,
  ) {}

  /** Rows that their source deleted while the month was open. */
  @Get('withdrawals')
  @Access('sync.read', 'institution')
  @ApiOkResponse({ standardSchema: pageSchema(withdrawn) })
  withdrawals(
    @Who() caller: Caller,
    @Query({ schema: withdrawnQuery }) query: z.output<typeof withdrawnQuery>,
  ): Promise<Page<Row>> {
    return this.read.page(WITHDRAWN, query, caller);
  }

  /** What reading some days again would concern; asks nothing of the source. */
  @Get('sync/:institution/impact')
  @Access('sync.read', 'institution')
  @ApiOkResponse({ standardSchema: z.array(impact) })
  async impact(
    @Param('institution', { schema: institutionCode }) institution: string,
    @Query({ schema: impactQuery }) { stream: only, ...days }: z.output<typeof impactQuery>,
  ): Promise<unknown> {
    const streams = only === undefined ? {} : { streams: [only] };
    return inYuan(await this.sync.impact({ institution, ...days, ...streams }));
  }

  /** Sets a bookmark back: the next nights read from there again. */
  @Post('sync/:institution/rewinds')
  @Access('sync.change', 'institution')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: impact })
  async rewind(
    @Who() caller: Caller,
    @Param('institution', { schema: institutionCode }) institution: string,
    @Query({ schema: previewQuery }) { preview }: PreviewQuery,
    @Body({ schema: rewind }) body: z.output<typeof rewind>,
  ): Promise<unknown> {
    const request = { institution, ...body, by: caller.username };
    return inYuan(
      preview === 'true' ? await this.sync.rewindImpact(request) : await this.sync.rewind(request),
    );
  }
}
