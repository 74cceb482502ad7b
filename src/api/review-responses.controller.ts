import {
  Body,
  Controller,
  HttpCode,
  Inject,
  NotFoundException,
  Param,
  Post,
  Query,
} from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { CasesService } from '../review/cases.service.js';
import { Access, Who } from './access.guard.js';
import { API_SETTINGS, type ApiSettings } from './api-settings.js';
import type { Caller } from './caller.js';
import { ReadRepository } from './read.repository.js';
import { type PreviewQuery, previewQuery } from './requests.js';
import { amountOf, said, takenOf } from './review-answers.js';
import { REVIEWS } from './review-listings.js';
import { appealAct, findingId, memberAct, taken } from './review-schemas.js';

type Taken = Promise<z.output<typeof taken>>;
type MemberAct = z.output<typeof memberAct>;
type AppealAct = z.output<typeof appealAct>;

/** What members say to findings about them, each for an institution of its own that the body names. */
@ApiTags('审核处理 reviews')
@Controller('reviews')
export class ReviewResponsesController {
  constructor(
    private readonly cases: CasesService,
    private readonly read: ReadRepository,
    @Inject(API_SETTINGS) private readonly settings: ApiSettings,
  ) {}

  /** The member accepts what was proposed. */
  @Post(':findingId/accept')
  @Access('findings.respond', 'institution')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: taken })
  async accept(
    @Who() caller: Caller,
    @Param('findingId', { schema: findingId }) id: string,
    @Query({ schema: previewQuery }) query: PreviewQuery,
    @Body({ schema: memberAct }) body: MemberAct,
  ): Taken {
    const isWhole = await this.seesWhole(caller, id);
    const step = await this.cases.accept(this.act(caller, { id, query, body }));
    return shown(takenOf(step, query), isWhole);
  }

  /** The member contests all of it, or an amount, with files as base64: pdf, png, jpg, docx, xlsx. */
  @Post(':findingId/appeal')
  @Access('findings.respond', 'institution')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: taken })
  async appeal(
    @Who() caller: Caller,
    @Param('findingId', { schema: findingId }) id: string,
    @Query({ schema: previewQuery }) query: PreviewQuery,
    @Body({ schema: appealAct }) body: AppealAct,
  ): Taken {
    const isWhole = await this.seesWhole(caller, id);
    const act = { ...this.act(caller, { id, query, body }), ...amountOf(body) };
    const step = await this.cases.appeal({ ...act, attachments: body.attachments });
    return shown(takenOf(step, query), isWhole);
  }

  /** The member's second feedback; when every party has given it the deductions are made. */
  @Post(':findingId/acknowledge')
  @Access('findings.respond', 'institution')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: taken })
  async acknowledge(
    @Who() caller: Caller,
    @Param('findingId', { schema: findingId }) id: string,
    @Query({ schema: previewQuery }) query: PreviewQuery,
    @Body({ schema: memberAct }) body: MemberAct,
  ): Taken {
    const isWhole = await this.seesWhole(caller, id);
    const step = await this.cases.acknowledge(this.act(caller, { id, query, body }));
    return shown(takenOf(step, query), isWhole);
  }

  /** Whether nobody else answers to the case. @throws NotFoundException when it is not the caller's to see */
  private async seesWhole(caller: Caller, id: string): Promise<boolean> {
    const found = await this.read.one(REVIEWS, { id }, caller);
    if (found === null) throw new NotFoundException('没有这条疑点，或尚未进入审核');
    return found['ownPartOnly'] === false;
  }

  private act(
    { username }: Caller,
    {
      id,
      query,
      body,
    }: { readonly id: string; readonly query: PreviewQuery; readonly body: MemberAct },
  ) {
    const { consortium } = this.settings;
    const signed = { consortium, by: username, dryRun: query.preview === 'true' };
    return { ...signed, ...said(body), findingId: id, institution: body.institution };
  }
}

/** A step's amount is that of all parties. */
function shown(step: Awaited<Taken>, isWhole: boolean): Awaited<Taken> {
  return isWhole ? step : { ...step, amountYuan: null };
}
