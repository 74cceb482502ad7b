import { Body, Controller, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { toYuan } from '../kernel/money.js';
import { ReviewService } from '../review/review.service.js';
import { Access, Who } from './access.guard.js';
import { API_SETTINGS, type ApiSettings } from './api-settings.js';
import type { Caller } from './caller.js';
import { type PreviewQuery, previewQuery, reason, reasoned } from './requests.js';

const findingId = z.string().regex(/^[\w.-]{1,100}$/);

const bulk = z
  .strictObject({
    months: z
      .array(z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/))
      .min(1)
      .max(12),
    reason,
  })
  .meta({ example: { months: ['2024-03'], reason: '月度例会确认刚性疑点' } });

const confirmed = z
  .object({ findingId: z.string(), amountYuan: z.string() })
  .meta({ example: { findingId: '7d0f3c1a', amountYuan: '86.40' } });

const dismissed = z
  .object({ findingId: z.string(), auditedAgain: z.array(z.string()) })
  .meta({ example: { findingId: '7d0f3c1a', auditedAgain: ['2024-03'] } });

const bulkDone = z
  .object({
    confirmed: z.number(),
    alreadyConfirmed: z.number(),
    amountYuan: z.string(),
    preview: z.boolean(),
  })
  .meta({ example: { confirmed: 12, alreadyConfirmed: 0, amountYuan: '1536.20', preview: true } });

/** What people decide on findings. A finding may span members: only who sees all of them decides. */
@ApiTags('疑点 findings')
@Controller('findings')
export class FindingDecisionsController {
  constructor(
    private readonly review: ReviewService,
    @Inject(API_SETTINGS) private readonly settings: ApiSettings,
  ) {}

  /** Confirms all clear violations of the months; `?preview=true` says how many and how much. */
  @Post('confirmations')
  @Access('findings.decide', 'consortium')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: bulkDone })
  async confirmHard(
    @Who() caller: Caller,
    @Query({ schema: previewQuery }) { preview }: PreviewQuery,
    @Body({ schema: bulk }) body: z.output<typeof bulk>,
  ): Promise<z.output<typeof bulkDone>> {
    const dryRun = preview === 'true';
    const decision = { ...this.signed(caller), ...body, dryRun };
    const { amountFen, ...counts } = await this.review.confirmHard(decision);
    return { ...counts, amountYuan: toYuan(amountFen), preview: dryRun };
  }

  /** Confirms one finding; its money becomes a deduction. */
  @Post(':id/confirmation')
  @Access('findings.decide', 'consortium')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: confirmed })
  async confirm(
    @Who() caller: Caller,
    @Param('id', { schema: findingId }) id: string,
    @Body({ schema: reasoned }) { reason: why }: z.output<typeof reasoned>,
  ): Promise<z.output<typeof confirmed>> {
    const decision = { ...this.signed(caller), findingId: id, reason: why };
    return { findingId: id, amountYuan: toYuan(await this.review.confirm(decision)) };
  }

  /** Decides against one finding; the next on the same money takes its place. */
  @Post(':id/dismissal')
  @Access('findings.decide', 'consortium')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: dismissed })
  async dismiss(
    @Who() caller: Caller,
    @Param('id', { schema: findingId }) id: string,
    @Body({ schema: reasoned }) { reason: why }: z.output<typeof reasoned>,
  ): Promise<z.output<typeof dismissed>> {
    const decision = { ...this.signed(caller), findingId: id, reason: why };
    return { findingId: id, auditedAgain: [...(await this.review.dismiss(decision))] };
  }

  private signed({ username }: Caller) {
    return { consortium: this.settings.consortium, decidedBy: username };
  }
}
