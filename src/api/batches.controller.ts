import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Access, Who } from './access.guard.js';
import type { Caller } from './caller.js';
import type { Listing } from './listing.js';
import { type Page, pageQuery, pageSchema, sortQuery } from './page.js';
import { ReadRepository } from './read.repository.js';

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

const batchQuery = pageQuery.extend({
  institution: z.string().max(64).optional(),
  stream: z.string().max(32).optional(),
  state: batch.shape.state.optional(),
  from: z.iso.date().optional().describe('时间窗起始日 / first day of the window'),
  to: z.iso.date().optional().describe('时间窗早于此日 / windows that begin before this day'),
  sort: sortQuery('from', 'institution', 'landed'),
});

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

@ApiTags('批次 batches')
@Controller('batches')
export class BatchesController {
  constructor(private readonly read: ReadRepository) {}

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
}
