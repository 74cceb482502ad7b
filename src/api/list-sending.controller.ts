import { Body, Controller, HttpCode, Inject, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { SettlementListService } from '../lists/settlement-list.service.js';
import { Access } from './access.guard.js';
import { API_SETTINGS, type ApiSettings } from './api-settings.js';
import { checkedAnswer } from './list-listing.js';
import {
  countOutcome,
  monthRequest,
  pushOutcome,
  pushRequest,
  submitOutcome,
} from './list-schemas.js';
import { DEFAULT_PAGE_ROWS } from './page.js';
import { type PreviewQuery, previewQuery } from './requests.js';

/** What is to go to the agency. It is written into the outbox; the next dispatch sends it. */
@ApiTags('结算清单 lists')
@Controller('lists')
export class ListSendingController {
  constructor(
    private readonly lists: SettlementListService,
    @Inject(API_SETTINGS) private readonly settings: ApiSettings,
  ) {}

  /** Writes the faultless lists of a month into the outbox (4101A); a list that says what it said before is not sent again. */
  @Post('push')
  @Access('lists.send', 'consortium')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: pushOutcome })
  async push(
    @Query({ schema: previewQuery }) { preview }: PreviewQuery,
    @Body({ schema: pushRequest }) { month, again }: z.output<typeof pushRequest>,
  ) {
    const of = this.of(month);
    if (preview === 'true') {
      const check = checkedAnswer(await this.lists.check(of), DEFAULT_PAGE_ROWS);
      return { ...check, enqueued: null, unchanged: null, waiting: null };
    }
    const { enqueued, unchanged, waiting, ...check } = await this.lists.push({ ...of, again });
    return { ...checkedAnswer(check, DEFAULT_PAGE_ROWS), enqueued, unchanged, waiting };
  }

  /** Submits what the agency has taken (4102). */
  @Post('submission')
  @Access('lists.send', 'consortium')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: submitOutcome })
  async submit(
    @Query({ schema: previewQuery }) { preview }: PreviewQuery,
    @Body({ schema: monthRequest }) { month }: z.output<typeof monthRequest>,
  ) {
    const of = this.of(month);
    if (preview === 'true') return { lists: await this.lists.submittable(of), messages: null };
    return this.lists.submit(of);
  }

  /** Asks the agency how many lists it expects and has (4105); the standing shows the answers after the next dispatch. */
  @Post('count')
  @Access('lists.send', 'consortium')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: countOutcome })
  async count(@Body({ schema: monthRequest }) { month }: z.output<typeof monthRequest>) {
    const askedAt = new Date().toISOString();
    return { messages: await this.lists.count({ ...this.of(month), askedAt }) };
  }

  private of(month: string) {
    return { consortium: this.settings.consortium, month };
  }
}
