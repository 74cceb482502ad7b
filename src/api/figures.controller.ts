import {
  Controller,
  Get,
  Inject,
  NotFoundException,
  Param,
  Query,
  Req,
  type StreamableFile,
} from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Explanation } from '../settlement/explain.repository.js';
import { SettlementService } from '../settlement/settlement.service.js';
import { Access, Who } from './access.guard.js';
import { API_SETTINGS, type ApiSettings } from './api-settings.js';
import type { Caller } from './caller.js';
import { type ExportColumn, exportFormat, FILE } from './export-format.js';
import { figureContent } from './figure-content.js';
import type { HttpRequest } from './http.js';
import type { Listing } from './listing.js';
import { type Page, pageQuery, pageSchema } from './page.js';
import { ReadRepository, type Row } from './read.repository.js';
import { TableExport } from './table-export.service.js';

const figure = z
  .object({
    figureId: z.string(),
    period: z.string(),
    version: z.number(),
    pool: z.string(),
    key: z.string(),
    label: z.string(),
    unit: z.enum(['yuan', 'ratio', 'points', 'yuan-per-point']),
    value: z.string(),
    clause: z.string().describe('政策条款 / clause of the policy'),
  })
  .meta({
    example: {
      figureId: 'sanya.2024-03.resident.prepayment',
      period: '2024-03',
      version: 1,
      pool: 'resident',
      key: 'prepayment',
      label: '月度预付',
      unit: 'yuan',
      value: '1234567.89',
      clause: 'sanya-2024-6 §三(二)',
    },
  });

const filters = {
  period: z
    .string()
    .regex(/^\d{4}(-\d{2})?$/)
    .optional(),
  pool: z.string().max(32).optional(),
  key: z.string().max(120).optional(),
};
const figureQuery = pageQuery.extend(filters);
const figureExport = z.strictObject({ ...filters, ...exportFormat });

/** Of each period the run that counts. A figure of one member belongs to it; all others speak of the consortium. */
const FIGURES: Listing = {
  select: `f.figure_id AS "figureId", r.period, r.version, f.pool, f.key, f.label, f.unit, f.value, f.clause`,
  from: 'figure f JOIN settlement_run r ON r.run_id = f.run_id AND r.current',
  consortium: 'r.consortium',
  institution: `substring(f.key FROM '^member[.]([^.]+)[.]')`,
  key: [
    { by: 'r.period', type: 'text' },
    { by: 'f.position', type: 'bigint' },
  ],
  order: 'ASC',
  filters: { period: 'r.period = ?', pool: 'f.pool = ?', key: 'f.key = ?', id: 'f.figure_id = ?' },
};

const EXPLAINED: Listing = { ...FIGURES, select: `${FIGURES.select}, f.content` };

const claimsQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
});

const explanation = z
  .object({
    run: z.object({ version: z.number(), closed: z.boolean(), resultDigest: z.string() }),
    claims: z
      .object({ total: z.number(), booked: z.string(), rows: z.array(z.unknown()) })
      .nullable()
      .describe('null：这个数字后面没有结算记录 / no claims stand behind it by themselves'),
    deductions: z.array(
      z.object({ deductionId: z.string(), institution: z.string(), amount: z.string() }),
    ),
  })
  .meta({
    example: {
      run: { version: 1, closed: true, resultDigest: '5e1f…' },
      claims: {
        total: 812,
        booked: '402118.20',
        rows: [
          {
            institution: 'H46029900002',
            claimNo: 'JS20240311000123',
            settledOn: '2024-03-11',
            booked: '2730.07',
            person: '4602********0123',
            batchId: '812',
            rawRow: 17,
          },
        ],
      },
      deductions: [],
    },
  });

const COLUMNS: readonly ExportColumn[] = [
  ['期间', 'period'],
  ['版本', 'version'],
  ['险种', 'pool'],
  ['编号', 'figureId'],
  ['名称', 'label'],
  ['数值', 'value', 'number'],
  ['单位', 'unit'],
  ['条款', 'clause'],
];

@ApiTags('结算数字 figures')
@Controller('figures')
export class FiguresController {
  constructor(
    private readonly read: ReadRepository,
    private readonly exports: TableExport,
    private readonly settlement: SettlementService,
    @Inject(API_SETTINGS) private readonly settings: ApiSettings,
  ) {}

  /** Figures of the current settlement runs, by period, in the order of their report. A member sees its own. */
  @Get()
  @Access('figures.read', 'institution')
  @ApiOkResponse({ standardSchema: pageSchema(figure) })
  list(
    @Who() caller: Caller,
    @Query({ schema: figureQuery }) query: z.output<typeof figureQuery>,
  ): Promise<Page<unknown>> {
    return this.read.page(FIGURES, query, caller);
  }

  @Get('export')
  @Access('figures.read', 'institution')
  @ApiOkResponse({ description: FILE })
  export(
    @Who() caller: Caller,
    @Query({ schema: figureExport }) query: z.output<typeof figureExport>,
    @Req() request: HttpRequest,
  ): Promise<StreamableFile> {
    const table = { listing: FIGURES, columns: COLUMNS, name: '结算数字', query };
    return this.exports.file(table, caller, request);
  }

  /** One figure explained: formula, inputs, trace with clauses. */
  @Get(':id')
  @Access('figures.read', 'institution')
  @ApiOkResponse({ standardSchema: figure.extend({ content: z.unknown() }) })
  async one(
    @Who() caller: Caller,
    @Param('id', { schema: z.string().regex(/^[\w.-]{1,200}$/) }) id: string,
  ): Promise<Row> {
    const found = await this.read.one(EXPLAINED, { id }, caller);
    if (found === null) throw new NotFoundException('没有这个结算数字');
    return { ...found, content: figureContent(found['content'], caller.institutions) };
  }

  /** The claims and deductions behind a figure, largest first, each with the batch and row it came from; persons masked. */
  @Get(':id/claims')
  @Access('figures.read', 'consortium')
  @ApiOkResponse({ standardSchema: explanation })
  async claims(
    @Param('id', { schema: z.string().regex(/^[\w.-]{1,200}$/) }) figureId: string,
    @Query({ schema: claimsQuery }) page: z.output<typeof claimsQuery>,
  ): Promise<unknown> {
    const { consortium } = this.settings;
    const { claims, deductions, run } = await this.settlement.explain({
      ...{ consortium, figureId },
      ...page,
    });
    return { run, deductions, claims: claims === null ? null : withoutRaw(claims) };
  }
}

/** Raw rows may hold names in columns that nobody mapped: they are shown at the server's command line alone. */
function withoutRaw({ rows, ...counts }: NonNullable<Explanation['claims']>) {
  return { ...counts, rows: rows.map(({ raw: _, ...row }) => row) };
}
