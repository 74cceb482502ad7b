import {
  Controller,
  Get,
  NotFoundException,
  Param,
  Query,
  Req,
  type StreamableFile,
} from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Access, Who } from './access.guard.js';
import type { Caller } from './caller.js';
import { type ExportColumn, exportFormat, FILE } from './export-format.js';
import { FINDING_LINES, FINDINGS } from './finding-listings.js';
import type { HttpRequest } from './http.js';
import { type Page, pageQuery, pageSchema, sortQuery } from './page.js';
import { ReadRepository, type Row } from './read.repository.js';
import { TableExport } from './table-export.service.js';

const finding = z
  .object({
    findingId: z.string(),
    month: z.string(),
    ruleId: z.string(),
    ruleVersion: z.string(),
    class: z.enum(['HARD', 'SUSP', 'CLUE', 'REMIND', 'RETURN']),
    role: z.enum(['primary', 'corroboration']),
    certainty: z.enum(['core', 'watch']),
    institution: z.string(),
    claimNo: z.string(),
    amountYuan: z.string().describe('可见机构的部分 / the part of institutions one sees'),
    message: z.string(),
    outcome: z
      .enum(['confirmed', 'dismissed'])
      .nullable()
      .describe('人工决定 / what people decided'),
  })
  .meta({
    example: {
      findingId: '7d0f3c1a',
      month: '2024-03',
      ruleId: 'FRQ-01',
      ruleVersion: '1',
      class: 'HARD',
      role: 'primary',
      certainty: 'core',
      institution: 'H46029900002',
      claimNo: 'JS20240311000123',
      amountYuan: '86.40',
      message: '“血常规”每日限 1 次，2024-03-11 收取 3 次，超出 2 次',
      outcome: null,
    },
  });

const filters = {
  month: z
    .string()
    .regex(/^\d{4}-\d{2}$/)
    .optional(),
  rule: z.string().max(32).optional(),
  class: finding.shape.class.optional(),
  role: finding.shape.role.optional(),
  institution: z.string().max(64).optional(),
  state: z.enum(['open', 'confirmed', 'dismissed']).optional(),
  sort: sortQuery('amount'),
};
const findingQuery = pageQuery.extend(filters);
const findingExport = z.strictObject({ ...filters, ...exportFormat });

const findingId = z.string().regex(/^[\w.-]{1,100}$/);

const COLUMNS: readonly ExportColumn[] = [
  ['月份', 'month'],
  ['疑点', 'findingId'],
  ['规则', 'ruleId'],
  ['类别', 'class'],
  ['主次', 'role'],
  ['机构', 'institution'],
  ['结算号', 'claimNo'],
  ['金额（元）', 'amountYuan', 'number'],
  ['说明', 'message'],
  ['决定', 'outcome'],
];

@ApiTags('疑点 findings')
@Controller('findings')
export class FindingsController {
  constructor(
    private readonly read: ReadRepository,
    private readonly exports: TableExport,
  ) {}

  /** What the audit rules found, latest month first. Only a primary finding carries money. */
  @Get()
  @Access('findings.read', 'institution')
  @ApiOkResponse({ standardSchema: pageSchema(finding) })
  list(
    @Who() caller: Caller,
    @Query({ schema: findingQuery }) query: z.output<typeof findingQuery>,
  ): Promise<Page<unknown>> {
    return this.read.page(FINDINGS, query, caller);
  }

  @Get('export')
  @Access('findings.read', 'institution')
  @ApiOkResponse({ description: FILE })
  export(
    @Who() caller: Caller,
    @Query({ schema: findingExport }) query: z.output<typeof findingExport>,
    @Req() request: HttpRequest,
  ): Promise<StreamableFile> {
    const table = { listing: FINDINGS, columns: COLUMNS, name: '疑点', query };
    return this.exports.file(table, caller, request);
  }

  /** One finding with the lines at stake, as far as they are of institutions one sees. */
  @Get(':id')
  @Access('findings.read', 'institution')
  @ApiOkResponse({ standardSchema: finding.extend({ lines: z.array(z.unknown()) }) })
  async one(@Who() caller: Caller, @Param('id', { schema: findingId }) id: string): Promise<Row> {
    const found = await this.read.one(FINDINGS, { id }, caller);
    if (found === null) throw new NotFoundException('没有这条疑点');
    const lines = await this.read.whole(FINDING_LINES, { id, month: found['month'] }, caller);
    return { ...found, lines };
  }
}
