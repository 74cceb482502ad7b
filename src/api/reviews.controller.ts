import {
  Controller,
  Get,
  Inject,
  NotFoundException,
  Param,
  Query,
  Req,
  StreamableFile,
} from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { AttachmentRef } from '../review/attachment.js';
import { CasesService } from '../review/cases.service.js';
import { Access, Who } from './access.guard.js';
import { API_SETTINGS, type ApiSettings } from './api-settings.js';
import type { Caller } from './caller.js';
import { FILE } from './export-format.js';
import type { HttpRequest } from './http.js';
import { OperatorLog } from './operator-log.service.js';
import { type Page, pageSchema } from './page.js';
import { ReadRepository, type Row } from './read.repository.js';
import { REVIEW_LINES, REVIEW_STEPS, REVIEWS } from './review-listings.js';
import {
  digest,
  findingId,
  REVIEW_COLUMNS,
  review,
  reviewDetail,
  reviewExport,
  reviewQuery,
} from './review-schemas.js';
import { TableExport } from './table-export.service.js';

/** Where findings stand on their way through review, within one's institutions. */
@ApiTags('审核处理 reviews')
@Controller('reviews')
export class ReviewsController {
  constructor(
    private readonly read: ReadRepository,
    private readonly exports: TableExport,
    private readonly cases: CasesService,
    private readonly operators: OperatorLog,
    @Inject(API_SETTINGS) private readonly settings: ApiSettings,
  ) {}

  /** The worklist, latest month first; `sort=due` by term. */
  @Get()
  @Access('findings.read', 'institution')
  @ApiOkResponse({ standardSchema: pageSchema(review) })
  list(
    @Who() caller: Caller,
    @Query({ schema: reviewQuery }) query: z.output<typeof reviewQuery>,
  ): Promise<Page<Row>> {
    return this.read.page(REVIEWS, this.dated(query), caller);
  }

  @Get('export')
  @Access('findings.read', 'institution')
  @ApiOkResponse({ description: FILE })
  export(
    @Who() caller: Caller,
    @Query({ schema: reviewExport }) query: z.output<typeof reviewExport>,
    @Req() request: HttpRequest,
  ): Promise<StreamableFile> {
    const table = { listing: REVIEWS, columns: REVIEW_COLUMNS, name: '审核处理' };
    return this.exports.file({ ...table, query: this.dated(query) }, caller, request);
  }

  /** One case: the lines with the amount of each stage, and every step. */
  @Get(':findingId')
  @Access('findings.read', 'institution')
  @ApiOkResponse({ standardSchema: reviewDetail })
  async one(
    @Who() caller: Caller,
    @Param('findingId', { schema: findingId }) id: string,
  ): Promise<Row> {
    const found = await this.read.one(REVIEWS, { id }, caller);
    if (found === null) throw new NotFoundException('没有这条疑点，或尚未进入审核');
    const lines = await this.read.whole(REVIEW_LINES, { id }, caller);
    return { ...found, lines, steps: await this.read.whole(REVIEW_STEPS, { id }, caller) };
  }

  /** A file that came with an appeal; it may speak of a person, so the operator log knows who took it. */
  @Get(':findingId/attachments/:digest')
  @Access('findings.attachments', 'institution')
  @ApiOkResponse({ description: '附件原件 / the file as it came' })
  async attachment(
    @Who() caller: Caller,
    @Param('findingId', { schema: findingId }) id: string,
    @Param('digest', { schema: digest }) wanted: string,
    @Req() request: HttpRequest,
  ): Promise<StreamableFile> {
    const steps = await this.read.whole(REVIEW_STEPS, { id }, caller);
    const shown = steps.flatMap(attachmentsOf).find((each) => each.digest === wanted);
    const of = { consortium: this.settings.consortium, findingId: id, digest: wanted };
    const file = shown === undefined ? null : await this.cases.attachment(of);
    if (shown === undefined || file === null) throw new NotFoundException('没有这个附件');
    await this.operators.append(caller, request, { outcome: 'done' });
    return new StreamableFile(file.content, {
      type: shown.mediaType,
      disposition: `attachment; filename*=UTF-8''${encodeURIComponent(shown.name)}`,
    });
  }

  /** Overdue is what was due before today, where the consortium is. */
  private dated<T extends { readonly overdue?: 'true' | 'false' | undefined }>({
    overdue,
    ...query
  }: T) {
    if (overdue !== 'true') return query;
    const today = new Intl.DateTimeFormat('sv-SE', { timeZone: this.settings.timezone });
    return { ...query, overdueOn: today.format(new Date()) };
  }
}

/** The files of a step, as the one who sent them called them. */
function attachmentsOf({ attachments }: Row): readonly AttachmentRef[] {
  return Array.isArray(attachments) ? (attachments as readonly AttachmentRef[]) : [];
}
