import {
  BadRequestException,
  Body,
  Controller,
  HttpCode,
  Inject,
  Param,
  Post,
  Query,
} from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { mayDo } from '../access/roles.js';
import { UserService } from '../access/user.service.js';
import { CasesService } from '../review/cases.service.js';
import { Access, Who } from './access.guard.js';
import { API_SETTINGS, type ApiSettings } from './api-settings.js';
import type { Caller } from './caller.js';
import { type PreviewQuery, previewQuery } from './requests.js';
import { amountOf, said, takenOf } from './review-answers.js';
import { assignAct, findingId, plainAct, secondAct, spokenAct, taken } from './review-schemas.js';

type Taken = Promise<z.output<typeof taken>>;
type Plain = z.output<typeof plainAct>;
type Spoken = z.output<typeof spokenAct>;

/** What reviewers do. A finding may span members: only who sees all of them acts. That two people stand for a case is the service's care. */
@ApiTags('审核处理 reviews')
@Controller('reviews')
export class ReviewActionsController {
  constructor(
    private readonly cases: CasesService,
    private readonly users: UserService,
    @Inject(API_SETTINGS) private readonly settings: ApiSettings,
  ) {}

  @Post(':findingId/first-review')
  @Access('findings.decide', 'consortium')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: taken })
  async firstReview(
    @Who() caller: Caller,
    @Param('findingId', { schema: findingId }) id: string,
    @Query({ schema: previewQuery }) query: PreviewQuery,
    @Body({ schema: spokenAct }) body: Spoken,
  ): Taken {
    return takenOf(await this.cases.firstReview(this.spoken(caller, { id, query, body })), query);
  }

  /** Sends the case to its members; their term begins. */
  @Post(':findingId/feedback')
  @Access('findings.decide', 'consortium')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: taken })
  async giveFeedback(
    @Who() caller: Caller,
    @Param('findingId', { schema: findingId }) id: string,
    @Query({ schema: previewQuery }) query: PreviewQuery,
    @Body({ schema: plainAct }) body: Plain,
  ): Taken {
    const act = { ...this.signed(caller, query), ...said(body), findingId: id };
    return takenOf(await this.cases.giveFeedback(act), query);
  }

  /** Never by the first reviewer. `panel` puts it to the vote. */
  @Post(':findingId/second-review')
  @Access('findings.decide', 'consortium')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: taken })
  async secondReview(
    @Who() caller: Caller,
    @Param('findingId', { schema: findingId }) id: string,
    @Query({ schema: previewQuery }) query: PreviewQuery,
    @Body({ schema: secondAct }) body: z.output<typeof secondAct>,
  ): Taken {
    const act = { ...this.signed(caller, query), ...said(body), ...amountOf(body), findingId: id };
    return takenOf(await this.cases.secondReview({ ...act, outcome: body.outcome }), query);
  }

  /** One vote of the panel; one person, one vote. */
  @Post(':findingId/votes')
  @Access('findings.decide', 'consortium')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: taken })
  async vote(
    @Who() caller: Caller,
    @Param('findingId', { schema: findingId }) id: string,
    @Query({ schema: previewQuery }) query: PreviewQuery,
    @Body({ schema: spokenAct }) body: Spoken,
  ): Taken {
    return takenOf(await this.cases.vote(this.spoken(caller, { id, query, body })), query);
  }

  /** The last word; the members' second feedback follows. */
  @Post(':findingId/final')
  @Access('findings.decide', 'consortium')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: taken })
  async final(
    @Who() caller: Caller,
    @Param('findingId', { schema: findingId }) id: string,
    @Query({ schema: previewQuery }) query: PreviewQuery,
    @Body({ schema: spokenAct }) body: Spoken,
  ): Taken {
    return takenOf(await this.cases.final(this.spoken(caller, { id, query, body })), query);
  }

  /** What was deducted comes back once, with the next open month. */
  @Post(':findingId/reverse')
  @Access('findings.decide', 'consortium')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: taken })
  async reverse(
    @Who() caller: Caller,
    @Param('findingId', { schema: findingId }) id: string,
    @Query({ schema: previewQuery }) query: PreviewQuery,
    @Body({ schema: plainAct }) body: Plain,
  ): Taken {
    const act = { ...this.signed(caller, query), ...said(body), findingId: id };
    return takenOf(await this.cases.reverse(act), query);
  }

  /** Hands the case to one reviewer. */
  @Post(':findingId/assign')
  @Access('findings.decide', 'consortium')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: taken })
  async assign(
    @Who() caller: Caller,
    @Param('findingId', { schema: findingId }) id: string,
    @Query({ schema: previewQuery }) query: PreviewQuery,
    @Body({ schema: assignAct }) { to }: z.output<typeof assignAct>,
  ): Taken {
    await this.requireReviewer(to);
    const act = { ...this.signed(caller, query), findingId: id, to };
    return takenOf(await this.cases.assign(act), query);
  }

  /** @throws BadRequestException */
  private async requireReviewer(name: string): Promise<void> {
    const account = (await this.users.list()).find(({ username }) => username === name);
    const isReviewer =
      account !== undefined &&
      !account.disabled &&
      account.institutions === 'all' &&
      mayDo(account.roles, 'findings.decide');
    if (!isReviewer) throw new BadRequestException('只能指派给可用的、不限机构的合规员账号');
  }

  private signed({ username }: Caller, { preview }: PreviewQuery) {
    const { consortium } = this.settings;
    return { consortium, by: username, dryRun: preview === 'true' };
  }

  private spoken(
    caller: Caller,
    {
      id,
      query,
      body,
    }: { readonly id: string; readonly query: PreviewQuery; readonly body: Spoken },
  ) {
    const act = { ...this.signed(caller, query), ...said(body), ...amountOf(body), findingId: id };
    return { ...act, outcome: body.outcome };
  }
}
