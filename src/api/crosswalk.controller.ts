import {
  Body,
  Controller,
  Get,
  HttpCode,
  Inject,
  Param,
  Post,
  Query,
  Req,
  StreamableFile,
} from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { CODE_KINDS } from '../catalogue/catalogue.repository.js';
import { CrosswalkService } from '../catalogue/crosswalk.service.js';
import { CROSSWALK_SHEET } from '../catalogue/crosswalk-export.js';
import { SuggestionService } from '../catalogue/suggestion.service.js';
import { workbookBytes } from '../tables/workbook.client.js';
import { Access, Who } from './access.guard.js';
import { API_SETTINGS, type ApiSettings } from './api-settings.js';
import type { Caller } from './caller.js';
import { FILE } from './export-format.js';
import type { HttpRequest } from './http.js';
import { OperatorLog } from './operator-log.service.js';
import { DEFAULT_PAGE_ROWS } from './page.js';
import { type PreviewQuery, previewQuery, reasoned } from './requests.js';
import { SHEET_TYPES, sheetRows } from './sheet-body.client.js';
import { inYuan } from './yuan-json.js';

const institutionCode = z.string().regex(/^[\w.-]{1,64}$/);
const number = z.string().regex(/^\d{1,18}$/);

const filters = {
  kind: z.enum(CODE_KINDS).optional(),
  unmapped: z
    .enum(['true', 'false'])
    .optional()
    .describe('true：只看待对照的编码 / only codes that wait'),
};

/** Codes of a sheet that get candidates beside them, at most. */
const MOST_SUGGESTED = 500;

const limit = z.coerce.number().int().min(1).max(500).default(DEFAULT_PAGE_ROWS);

const listQuery = z.strictObject({
  ...filters,
  institution: institutionCode.optional(),
  after: z
    .string()
    .regex(/^\d{1,9}$/)
    .optional(),
  limit,
});
const exportQuery = z.strictObject(filters);
const suggestQuery = z.strictObject({ kind: filters.kind, limit });

const line = z
  .object({
    institution: z.string(),
    kind: z.enum(CODE_KINDS),
    localCode: z.string(),
    name: z.string(),
    nationalCode: z.string().nullable(),
    validFrom: z.string(),
    validTo: z.string().nullable(),
    origin: z.enum(['file', 'crosswalk']).nullable(),
    proposedBy: z.string().nullable(),
    approvedBy: z.string().nullable(),
    rows: z.string(),
    amountYuan: z.string(),
    unitPrice: z.string().nullable(),
  })
  .meta({
    example: {
      institution: 'H46029900002',
      kind: 'item',
      localCode: 'XM0031',
      name: '血常规（五分类）',
      nationalCode: null,
      validFrom: '2024-01-01',
      validTo: null,
      origin: null,
      proposedBy: null,
      approvedBy: null,
      rows: '412',
      amountYuan: '8240.00',
      unitPrice: '20.000000',
    },
  });

/** Local codes to national ones (编码对照): one person brings a sheet, another approves it. */
@ApiTags('编码对照 crosswalk')
@Controller('crosswalk')
export class CrosswalkController {
  constructor(
    private readonly crosswalk: CrosswalkService,
    private readonly suggestions: SuggestionService,
    private readonly operators: OperatorLog,
    @Inject(API_SETTINGS) private readonly settings: ApiSettings,
  ) {}

  /** What waits for a translation, the most money first; then what is translated. */
  @Get()
  @Access('crosswalk.read', 'institution')
  @ApiOkResponse({
    standardSchema: z.object({ items: z.array(line), next: z.string().nullable() }),
  })
  async list(
    @Who() caller: Caller,
    @Query({ schema: listQuery }) { unmapped, ...query }: z.output<typeof listQuery>,
  ): Promise<unknown> {
    const only = { unmapped: unmapped === 'true' };
    return inYuan(await this.crosswalk.list({ ...this.scope(caller), ...query, ...only }));
  }

  /** Sheets that were brought, and what became of them. */
  @Get('imports')
  @Access('crosswalk.read', 'institution')
  @ApiOkResponse({ standardSchema: z.array(z.unknown()) })
  imports(@Who() caller: Caller): Promise<readonly unknown[]> {
    return this.crosswalk.imports(this.scope(caller));
  }

  /** Candidates for codes that wait, each with its reasons; nothing is approved by itself. */
  @Get(':institution/suggestions')
  @Access('crosswalk.read', 'institution')
  @ApiOkResponse({ standardSchema: z.array(z.unknown()) })
  async suggest(
    @Who() caller: Caller,
    @Param('institution', { schema: institutionCode }) institution: string,
    @Query({ schema: suggestQuery }) query: z.output<typeof suggestQuery>,
  ): Promise<unknown> {
    return inYuan(await this.suggestions.suggest({ ...this.scope(caller), institution, ...query }));
  }

  /** The sheet to fill in, with suggestions beside each code that waits. */
  @Get(':institution/sheet')
  @Access('crosswalk.read', 'institution')
  @ApiOkResponse({ description: FILE })
  async sheet(
    @Who() caller: Caller,
    @Param('institution', { schema: institutionCode }) institution: string,
    @Query({ schema: exportQuery }) { kind, unmapped }: z.output<typeof exportQuery>,
    @Req() asked: HttpRequest,
  ): Promise<StreamableFile> {
    const only = { kind, unmapped: unmapped === 'true', limit: MOST_SUGGESTED };
    const rows = await this.suggestions.exported({ ...this.scope(caller), institution, ...only });
    const bytes = await workbookBytes('编码对照', CROSSWALK_SHEET, rows);
    await this.operators.append(caller, asked, { outcome: 'done' });
    return new StreamableFile(bytes, {
      type: SHEET_TYPES[0],
      disposition: `attachment; filename*=UTF-8''${encodeURIComponent(`编码对照_${institution}`)}.xlsx`,
    });
  }

  /** Proposes what a sheet says (xlsx or CSV as the body); `?preview=true` shows what would change. */
  @Post(':institution/imports')
  @Access('crosswalk.edit', 'institution')
  @HttpCode(200)
  @ApiConsumes(...SHEET_TYPES)
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @ApiOkResponse({ standardSchema: z.unknown() })
  async import(
    @Who() caller: Caller,
    @Param('institution', { schema: institutionCode }) institution: string,
    @Query({ schema: previewQuery }) { preview }: PreviewQuery,
    @Req() { body }: HttpRequest,
  ): Promise<unknown> {
    return this.crosswalk.import({
      ...this.scope(caller),
      institution,
      rows: await sheetRows(body),
      sourceName: '接口 / API',
      by: caller.username,
      dryRun: preview === 'true',
    });
  }

  /** Approves a sheet that another person brought; landed rows of open months get their codes. */
  @Post('imports/:id/approval')
  @Access('crosswalk.approve', 'institution')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: z.unknown() })
  async approve(
    @Who() caller: Caller,
    @Param('id', { schema: number }) importId: string,
  ): Promise<unknown> {
    const by = caller.username;
    return inYuan(await this.crosswalk.approve({ ...this.scope(caller), importId, by }));
  }

  @Post('imports/:id/rejection')
  @Access('crosswalk.approve', 'institution')
  @HttpCode(204)
  reject(
    @Who() caller: Caller,
    @Param('id', { schema: number }) importId: string,
    @Body({ schema: reasoned }) { reason }: z.output<typeof reasoned>,
  ): Promise<void> {
    const by = caller.username;
    return this.crosswalk.reject({ ...this.scope(caller), importId, by, reason });
  }

  private scope({ institutions }: Caller) {
    return { consortium: this.settings.consortium, institutions };
  }
}
