import { Controller, Get, Inject, Param, Query, Req, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { StatementService } from '../statements/statement.service.js';
import { Access, Who } from './access.guard.js';
import { API_SETTINGS, type ApiSettings } from './api-settings.js';
import type { Caller } from './caller.js';
import type { HttpRequest } from './http.js';
import type { Listing } from './listing.js';
import { OperatorLog } from './operator-log.service.js';
import { type Page, pageQuery, pageSchema } from './page.js';
import { ReadRepository } from './read.repository.js';
import { institutionCode, response, runPath } from './statement-schemas.js';

const printQuery = z.strictObject({
  format: z.enum(['pdf', 'xlsx']).default('pdf').describe('文件格式，默认 pdf / form of the file'),
});
type PrintQuery = z.output<typeof printQuery>;

const responseQuery = pageQuery.extend({
  period: z
    .string()
    .regex(/^\d{4}(-\d{2})?$/)
    .optional(),
  institution: institutionCode.optional(),
  kind: response.shape.kind.optional(),
});

const RESPONSES: Listing = {
  select: `r.response_id AS "responseId", r.run_id AS "runId", s.period, s.version, s.current, r.institution, r.kind,
           r.figure_id AS "figureId", f.label, r.answers, r.outcome, r.reason, r.by_person AS "by", r.at`,
  from: `statement_response r JOIN settlement_run s USING (run_id)
         LEFT JOIN figure f ON f.run_id = r.run_id AND f.figure_id = r.figure_id`,
  consortium: 'r.consortium',
  institution: 'r.institution',
  key: [{ by: 'r.response_id', type: 'bigint' }],
  filters: { period: 's.period = ?', institution: 'r.institution = ?', kind: 'r.kind = ?' },
};

const TYPES = {
  pdf: 'application/pdf',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const;

const STATEMENT = '结算单，PDF 或 xlsx / a statement as PDF or xlsx';

/** Statements of settlement runs, and what members said to them. */
@ApiTags('结算单 statements')
@Controller('statements')
export class StatementsController {
  constructor(
    private readonly read: ReadRepository,
    private readonly statements: StatementService,
    private readonly operators: OperatorLog,
    @Inject(API_SETTINGS) private readonly settings: ApiSettings,
  ) {}

  /** Acknowledgements, disputes and answers, newest first. A member sees its own. */
  @Get('responses')
  @Access('figures.read', 'institution')
  @ApiOkResponse({ standardSchema: pageSchema(response) })
  responses(
    @Who() caller: Caller,
    @Query({ schema: responseQuery }) query: z.output<typeof responseQuery>,
  ): Promise<Page<unknown>> {
    return this.read.page(RESPONSES, query, caller);
  }

  /** The statement of the agency, or of the lead hospital for the whole group. */
  @Get(':run/group/:party')
  @Access('figures.read', 'consortium')
  @ApiOkResponse({ description: STATEMENT })
  group(
    @Param('run', { schema: runPath }) run: z.output<typeof runPath>,
    @Param('party', { schema: z.enum(['agency', 'lead']) }) party: 'agency' | 'lead',
    @Query({ schema: printQuery }) query: PrintQuery,
    @Who() caller: Caller,
    @Req() request: HttpRequest,
  ): Promise<StreamableFile> {
    return this.file({ choice: run, party, ...query }, caller, request);
  }

  /** The statement of one member, or for a village clinic what it booked. */
  @Get(':run/members/:institution')
  @Access('figures.read', 'institution')
  @ApiOkResponse({ description: STATEMENT })
  member(
    @Param('run', { schema: runPath }) run: z.output<typeof runPath>,
    @Param('institution', { schema: institutionCode }) party: string,
    @Query({ schema: printQuery }) query: PrintQuery,
    @Who() caller: Caller,
    @Req() request: HttpRequest,
  ): Promise<StreamableFile> {
    return this.file({ choice: run, party, ...query }, caller, request);
  }

  /** The operator log knows who took which. */
  private async file(
    {
      choice,
      party,
      format,
    }: { readonly choice: z.output<typeof runPath>; readonly party: string } & PrintQuery,
    caller: Caller,
    request: HttpRequest,
  ): Promise<StreamableFile> {
    const { consortium } = this.settings;
    const { bytes, name } = await this.statements.print({ consortium, choice, for: party }, format);
    await this.operators.append(caller, request, { outcome: 'done' });
    return new StreamableFile(bytes, {
      type: TYPES[format],
      disposition: `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
    });
  }
}
