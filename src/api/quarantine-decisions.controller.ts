import { Body, Controller, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { ApprovalService } from '../quarantine/approval.service.js';
import type { EntryOutcome } from '../quarantine/correction.js';
import { ProposalService } from '../quarantine/proposal.service.js';
import { Access, Who } from './access.guard.js';
import { API_SETTINGS, type ApiSettings } from './api-settings.js';
import type { Caller } from './caller.js';
import {
  approval,
  bulkCorrection,
  correction,
  dismissal,
  outcomes,
  proposed,
} from './quarantine-schemas.js';
import { type PreviewQuery, previewQuery, reasoned } from './requests.js';
import { inYuan } from './yuan-json.js';

const number = z.string().regex(/^\d{1,18}$/);

/** Entries that one bulk request looks at, at most. */
const MOST_ENTRIES = 1_000;

/** What is to become of rows that did not land: one person proposes (经办), another approves (复核). */
@ApiTags('隔离区 quarantine')
@Controller('quarantine')
export class QuarantineDecisionsController {
  constructor(
    private readonly proposals: ProposalService,
    private readonly approvals: ApprovalService,
    @Inject(API_SETTINGS) private readonly settings: ApiSettings,
  ) {}

  /** Proposes the same correction for every open entry whose cells read so now. */
  @Post('corrections')
  @Access('quarantine.correct', 'institution')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: outcomes })
  correctMany(
    @Who() caller: Caller,
    @Query({ schema: previewQuery }) { preview }: PreviewQuery,
    @Body({ schema: bulkCorrection }) body: z.output<typeof bulkCorrection>,
  ): Promise<readonly EntryOutcome[]> {
    const { when, cells, reason, ...filter } = body;
    return this.proposals.correctMany({
      filter: { ...this.scope(caller), ...filter },
      ...{ when, cells, reason },
      by: caller.username,
      dryRun: preview === 'true',
      limit: MOST_ENTRIES,
    });
  }

  /** Approves what others proposed; a corrected row lands now. */
  @Post('approvals')
  @Access('quarantine.approve', 'institution')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: outcomes })
  approve(
    @Who() caller: Caller,
    @Body({ schema: approval }) body: z.output<typeof approval>,
  ): Promise<readonly EntryOutcome[]> {
    return this.approvals.approve({ ...this.scope(caller), ...body, by: caller.username });
  }

  /** Proposes a corrected row; `?preview=true` shows what would land. */
  @Post(':id/corrections')
  @Access('quarantine.correct', 'institution')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: proposed })
  async correct(
    @Who() caller: Caller,
    @Param('id', { schema: number }) entry: string,
    @Query({ schema: previewQuery }) { preview }: PreviewQuery,
    @Body({ schema: correction }) { cells, reason }: z.output<typeof correction>,
  ) {
    const request = { ...this.scope(caller), entry, cells };
    if (preview === 'true')
      return { decision: null, preview: inYuan(await this.proposals.preview(request)) };
    return inYuan(await this.proposals.correct({ ...request, reason, by: caller.username }));
  }

  /** Proposes that the row is not to land. */
  @Post(':id/dismissals')
  @Access('quarantine.correct', 'institution')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: z.object({ decision: z.string() }) })
  dismiss(
    @Who() caller: Caller,
    @Param('id', { schema: number }) entry: string,
    @Body({ schema: dismissal }) body: z.output<typeof dismissal>,
  ) {
    return this.proposals.dismiss({ ...this.scope(caller), entry, ...body, by: caller.username });
  }

  /** Turns a proposal down; the entry is open again. */
  @Post(':id/rejection')
  @Access('quarantine.approve', 'institution')
  @HttpCode(204)
  @ApiNoContentResponse()
  reject(
    @Who() caller: Caller,
    @Param('id', { schema: number }) entry: string,
    @Body({ schema: reasoned }) { reason }: z.output<typeof reasoned>,
  ): Promise<void> {
    return this.approvals.reject({ ...this.scope(caller), entry, reason, by: caller.username });
  }

  /** Whoever proposed takes it back. */
  @Post(':id/withdrawal')
  @Access('quarantine.correct', 'institution')
  @HttpCode(204)
  @ApiNoContentResponse()
  withdraw(@Who() caller: Caller, @Param('id', { schema: number }) entry: string): Promise<void> {
    return this.proposals.withdraw({ ...this.scope(caller), entry, by: caller.username });
  }

  private scope({ institutions }: Caller) {
    return { consortium: this.settings.consortium, institutions };
  }
}
