import { Body, Controller, Get, HttpCode, Inject, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { CasesService } from '../review/cases.service.js';
import { Access, Who } from './access.guard.js';
import { API_SETTINGS, type ApiSettings } from './api-settings.js';
import type { Caller } from './caller.js';
import { type PreviewQuery, previewQuery } from './requests.js';
import { bulkOf, said } from './review-answers.js';
import {
  bulkAct,
  bulkTaken,
  opened,
  openQuestion,
  opinions,
  sampled,
  sampleQuestion,
  swept,
} from './review-bulk-schemas.js';

/** What is done to all cases of months, one step each, and what speaks of none. */
@ApiTags('审核处理 reviews')
@Controller('reviews')
export class ReviewBulkController {
  constructor(
    private readonly cases: CasesService,
    @Inject(API_SETTINGS) private readonly settings: ApiSettings,
  ) {}

  /** Reason codes, each with a text that may be used as it stands. */
  @Get('opinions')
  @Access('findings.read', 'institution')
  @ApiOkResponse({ standardSchema: opinions })
  opinions(): z.output<typeof opinions> {
    const known = Object.entries(this.cases.opinions());
    return { items: known.map(([code, { label, text }]) => ({ code, label, text })) };
  }

  /** Opens a case for each finding of the months that has none. The night does the same. */
  @Post('open')
  @Access('findings.decide', 'consortium')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: opened })
  async open(
    @Query({ schema: previewQuery }) query: PreviewQuery,
    @Body({ schema: openQuestion }) { months }: z.output<typeof openQuestion>,
  ): Promise<z.output<typeof opened>> {
    const { consortium } = this.settings;
    const dryRun = query.preview === 'true';
    return { ...(await this.cases.open({ consortium, months, dryRun })), preview: dryRun };
  }

  /** Upholds every clear violation of the months that waits for first review. */
  @Post('first-review')
  @Access('findings.decide', 'consortium')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: bulkTaken })
  async firstReviewHard(
    @Who() caller: Caller,
    @Query({ schema: previewQuery }) query: PreviewQuery,
    @Body({ schema: bulkAct }) body: z.output<typeof bulkAct>,
  ): Promise<z.output<typeof bulkTaken>> {
    return bulkOf(await this.cases.firstReviewHard(this.signed(caller, query, body)), query);
  }

  /** Sends every reviewed case of the months to its members. */
  @Post('feedback')
  @Access('findings.decide', 'consortium')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: bulkTaken })
  async giveFeedbackAll(
    @Who() caller: Caller,
    @Query({ schema: previewQuery }) query: PreviewQuery,
    @Body({ schema: bulkAct }) body: z.output<typeof bulkAct>,
  ): Promise<z.output<typeof bulkTaken>> {
    return bulkOf(await this.cases.giveFeedbackAll(this.signed(caller, query, body)), query);
  }

  /** What time has brought about by today: silence, lateness, postings. The night does the same. */
  @Post('sweep')
  @Access('findings.decide', 'consortium')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: swept })
  async sweep(
    @Query({ schema: previewQuery }) query: PreviewQuery,
  ): Promise<z.output<typeof swept>> {
    const { consortium } = this.settings;
    const dryRun = query.preview === 'true';
    return { ...(await this.cases.sweep({ consortium, dryRun })), preview: dryRun };
  }

  /** Claims that raised nothing, to be looked at again. */
  @Post('sample')
  @Access('findings.decide', 'consortium')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: sampled })
  async sample(
    @Body({ schema: sampleQuestion }) body: z.output<typeof sampleQuestion>,
  ): Promise<z.output<typeof sampled>> {
    const { consortium } = this.settings;
    return { items: [...(await this.cases.sample({ consortium, ...body }))] };
  }

  private signed(
    { username }: Caller,
    { preview }: PreviewQuery,
    { months, ...words }: z.output<typeof bulkAct>,
  ) {
    const { consortium } = this.settings;
    return { consortium, by: username, dryRun: preview === 'true', ...said(words), months };
  }
}
