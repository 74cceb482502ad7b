import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { ResponseService } from '../statements/response.service.js';
import { Access, Who } from './access.guard.js';
import { API_SETTINGS, type ApiSettings } from './api-settings.js';
import type { Caller } from './caller.js';
import {
  acknowledgement,
  answer,
  dispute,
  institutionCode,
  recorded,
  runPath,
} from './statement-schemas.js';

type Recorded = z.output<typeof recorded>;

/** What members say to their statements, and what the lead answers. */
@ApiTags('结算单 statements')
@Controller('statements')
export class StatementResponsesController {
  constructor(
    private readonly responses: ResponseService,
    @Inject(API_SETTINGS) private readonly settings: ApiSettings,
  ) {}

  /** A member acknowledges its statement; not while a dispute of its stands unanswered. */
  @Post(':run/members/:institution/acknowledgement')
  @Access('statements.respond', 'institution')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: recorded })
  async acknowledge(
    @Who() caller: Caller,
    @Param('run', { schema: runPath }) choice: z.output<typeof runPath>,
    @Param('institution', { schema: institutionCode }) institution: string,
    @Body({ schema: acknowledgement }) { remark }: z.output<typeof acknowledgement>,
  ): Promise<Recorded> {
    const said = remark === undefined ? {} : { remark };
    const request = { ...this.signed(caller), choice, institution, ...said };
    return { responseId: await this.responses.acknowledge(request) };
  }

  /** A member disputes a line of its statement. */
  @Post(':run/members/:institution/disputes')
  @Access('statements.respond', 'institution')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: recorded })
  async dispute(
    @Who() caller: Caller,
    @Param('run', { schema: runPath }) choice: z.output<typeof runPath>,
    @Param('institution', { schema: institutionCode }) institution: string,
    @Body({ schema: dispute }) body: z.output<typeof dispute>,
  ): Promise<Recorded> {
    const request = { ...this.signed(caller), choice, institution, ...body };
    return { responseId: await this.responses.dispute(request) };
  }

  /** The lead answers a dispute; one accepted is followed by a correction and a new run. */
  @Post('responses/:id/answer')
  @Access('statements.answer', 'consortium')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: recorded })
  async answer(
    @Who() caller: Caller,
    @Param('id', { schema: z.string().regex(/^\d{1,18}$/) }) responseId: string,
    @Body({ schema: answer }) body: z.output<typeof answer>,
  ): Promise<Recorded> {
    return {
      responseId: await this.responses.answer({ ...this.signed(caller), responseId, ...body }),
    };
  }

  private signed({ username }: Caller) {
    return { consortium: this.settings.consortium, by: username };
  }
}
