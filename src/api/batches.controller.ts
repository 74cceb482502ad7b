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

const count = z.string().nullable().describe('整数文本 / whole number as text');
const yuan = z.string().nullable().describe('元，两位小数 / yuan with two decimals');

const batch = z.object({
  batchId: z.string(),
  institution: z.string(),
  stream: z.string(),
  unit: z.string().nullable().describe('文件名 / file name'),
  from: z.string(),
  to: z.string(),
  state: z.enum(['reading', 'complete', 'incomplete', 'empty', 'rejected', 'duplicate']),
  sourceRows: count,
  landedRows: count,
  quarantinedRows: count,
  sourceYuan: yuan,
  landedYuan: yuan,
  quarantinedYuan: yuan,
  newRows: count,
  changedRows: count,
  sameRows: count,
  message: z.string().nullable(),
  remedy: z.string().nullable(),
});

const filters = {
  institution: z.string().max(64).optional(),
  stream: z.string().max(32).optional(),
  state: batch.shape.state.optional(),
  from: z.iso.date().optional().describe('时间窗起始日 / first day of the window'),
  to: z.iso.date().optional().describe('时间窗早于此日 / windows that begin before this day'),
  sort: sortQuery('from', 'institution', 'landed'),
};
const batchQuery = pageQuery.extend(filters);
const batchExport = z.strictObject({ ...filters, ...exportFormat });

const BATCHES: Listing = {
  select: `batch_id AS "batchId", institution, stream, unit, window_from AS "from", window_to AS "to", state,
           source_rows AS "sourceRows", landed_rows AS "landedRows", quarantined_rows AS "quarantinedRows",
           round(source_fen / 100.0, 2) AS "sourceYuan", round(landed_fen / 100.0, 2) AS "landedYuan",
           round(quarantined_fen / 100.0, 2) AS "quarantinedYuan", new_rows AS "newRows",
           changed_rows AS "changedRows", same_rows AS "sameRows", message, remedy`,
  from: 'batch',
  consortium: 'consortium',
  institution: 'institution',
  key: [{ by: 'batch_id', type: 'bigint' }],
  sorts: {
    from: { by: 'window_from', type: 'date' },
    institution: { by: 'institution', type: 'text' },
    landed: { by: 'landed_fen', type: 'bigint' },
  },
  filters: {
    institution: 'institution = ?',
    stream: 'stream = ?',
    state: 'state = ?',
    from: 'window_from >= ?::date',
    to: 'window_from < ?::date',
  },
};

const COLUMNS: readonly ExportColumn[] = [
  ['批次', 'batchId'],
  ['机构', 'institution'],
  ['数据流', 'stream'],
  ['文件', 'unit'],
  ['起', 'from'],
  ['止（不含）', 'to'],
  ['状态', 'state'],
  ['来源行数', 'sourceRows', 'number'],
  ['入库行数', 'landedRows', 'number'],
  ['隔离行数', 'quarantinedRows', 'number'],
  ['来源金额（元）', 'sourceYuan', 'number'],
  ['入库金额（元）', 'landedYuan', 'number'],
  ['隔离金额（元）', 'quarantinedYuan', 'number'],
  ['说明', 'message'],
];

@ApiTags('批次 batches')
@Controller('batches')
export class BatchesController {
  constructor(
    private readonly read: ReadRepository,
    private readonly exports: TableExport,
  ) {}

  /** One read of one window: rows and money at the source, landed and quarantined. `complete` means that they agree. */
  @Get()
  @Access('batches.read', 'institution')
  @ApiOkResponse({ standardSchema: pageSchema(batch) })
  list(
    @Who() caller: Caller,
    @Query({ schema: batchQuery }) query: z.output<typeof batchQuery>,
  ): Promise<Page<unknown>> {
    return this.read.page(BATCHES, query, caller);
  }

  @Get('export')
  @Access('batches.read', 'institution')
  @ApiOkResponse({ description: FILE })
  export(
    @Who() caller: Caller,
    @Query({ schema: batchExport }) query: z.output<typeof batchExport>,
    @Req() request: HttpRequest,
  ): Promise<StreamableFile> {
    const table = { listing: BATCHES, columns: COLUMNS, name: '采集批次', query };
    return this.exports.file(table, caller, request);
  }
}
