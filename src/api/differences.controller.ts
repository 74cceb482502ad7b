import { Controller, Get, Query, Req, type StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Access, Who } from './access.guard.js';
import type { Caller } from './caller.js';
import { type ExportColumn, exportFormat, FILE } from './export-format.js';
import type { HttpRequest } from './http.js';
import type { Listing } from './listing.js';
import { type Page, pageQuery, pageSchema, sortQuery } from './page.js';
import { ReadRepository } from './read.repository.js';
import { TableExport } from './table-export.service.js';

const difference = z
  .object({
    differenceId: z.string(),
    month: z.string(),
    kind: z.string(),
    between: z.enum(['source-gateway', 'gateway-agency']),
    owner: z.enum(['it-engineer', 'settlement-clerk']),
    institution: z.string(),
    pool: z.string().nullable(),
    claimNo: z.string().nullable(),
    amountYuan: z.string(),
    firstSeenAt: z.string(),
    clearedAt: z.string().nullable(),
  })
  .meta({
    example: {
      differenceId: '41',
      month: '2024-03',
      kind: 'missing-at-agency',
      between: 'gateway-agency',
      owner: 'settlement-clerk',
      institution: 'H46029900002',
      pool: 'resident',
      claimNo: 'JS20240311000123',
      amountYuan: '1280.00',
      firstSeenAt: '2024-04-01 02:10:00+00',
      clearedAt: null,
    },
  });

const filters = {
  month: z
    .string()
    .regex(/^\d{4}-\d{2}$/)
    .optional(),
  kind: z.string().max(32).optional(),
  owner: difference.shape.owner.optional(),
  institution: z.string().max(64).optional(),
  open: z.enum(['true', 'false']).optional().describe('true：仍存在的 / those that last'),
  sort: sortQuery('amount', 'firstSeenAt'),
};
const differenceQuery = pageQuery.extend(filters);
const differenceExport = z.strictObject({ ...filters, ...exportFormat });

const DIFFERENCES: Listing = {
  select: `difference_id AS "differenceId", month, kind, between_sides AS "between", owner, institution, pool,
           claim_no AS "claimNo", round(amount_fen / 100.0, 2) AS "amountYuan",
           first_seen_at AS "firstSeenAt", cleared_at AS "clearedAt"`,
  from: 'reconciliation_difference',
  consortium: 'consortium',
  institution: 'institution',
  key: [{ by: 'difference_id', type: 'bigint' }],
  sorts: {
    amount: { by: 'abs(amount_fen)', type: 'bigint' },
    firstSeenAt: { by: 'first_seen_at', type: 'timestamptz' },
  },
  filters: {
    month: 'month = ?',
    kind: 'kind = ?',
    owner: 'owner = ?',
    institution: 'institution = ?',
    open: '(cleared_at IS NULL)::text = ?',
  },
};

const COLUMNS: readonly ExportColumn[] = [
  ['月份', 'month'],
  ['类型', 'kind'],
  ['双方', 'between'],
  ['责任人', 'owner'],
  ['机构', 'institution'],
  ['险种', 'pool'],
  ['结算号', 'claimNo'],
  ['金额（元）', 'amountYuan', 'number'],
  ['首次出现', 'firstSeenAt'],
  ['消除时间', 'clearedAt'],
];

@ApiTags('对账差异 differences')
@Controller('differences')
export class DifferencesController {
  constructor(
    private readonly read: ReadRepository,
    private readonly exports: TableExport,
  ) {}

  /** Where source, gateway and agency do not agree: kind, owner, how long already. */
  @Get()
  @Access('differences.read', 'institution')
  @ApiOkResponse({ standardSchema: pageSchema(difference) })
  list(
    @Who() caller: Caller,
    @Query({ schema: differenceQuery }) query: z.output<typeof differenceQuery>,
  ): Promise<Page<unknown>> {
    return this.read.page(DIFFERENCES, query, caller);
  }

  @Get('export')
  @Access('differences.read', 'institution')
  @ApiOkResponse({ description: FILE })
  export(
    @Who() caller: Caller,
    @Query({ schema: differenceExport }) query: z.output<typeof differenceExport>,
    @Req() request: HttpRequest,
  ): Promise<StreamableFile> {
    const table = { listing: DIFFERENCES, columns: COLUMNS, name: '对账差异', query };
    return this.exports.file(table, caller, request);
  }
}
