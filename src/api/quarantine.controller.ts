import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Access, Who } from './access.guard.js';
import type { Caller } from './caller.js';
import type { Listing } from './listing.js';
import { type Page, pageQuery, pageSchema } from './page.js';
import { ReadRepository } from './read.repository.js';

const held = z.object({
  quarantineId: z.string(),
  institution: z.string(),
  stream: z.string(),
  batchId: z.string(),
  rawRow: z.number(),
  stage: z.string(),
  rule: z.string(),
  field: z.string().nullable(),
  message: z.string(),
  remedy: z.string(),
  amountYuan: z.string().nullable(),
  state: z.enum(['open', 'resolved']),
});

const heldQuery = pageQuery.extend({
  institution: z.string().max(64).optional(),
  stream: z.string().max(32).optional(),
  rule: z.string().max(64).optional(),
  state: held.shape.state.optional(),
});

/** Without the row's natural key: for persons that is their number. */
const QUARANTINE: Listing = {
  select: `quarantine_id AS "quarantineId", institution, stream, batch_id AS "batchId", raw_row AS "rawRow",
           stage, rule, field, message, remedy, round(amount_fen / 100.0, 2) AS "amountYuan", state`,
  from: 'quarantine',
  consortium: 'consortium',
  institution: 'institution',
  key: [{ by: 'quarantine_id', type: 'bigint' }],
  filters: {
    institution: 'institution = ?',
    stream: 'stream = ?',
    rule: 'rule = ?',
    state: 'state = ?',
  },
};

@ApiTags('隔离区 quarantine')
@Controller('quarantine')
export class QuarantineController {
  constructor(private readonly read: ReadRepository) {}

  /** Rows that could not land, with the reason and what to do. */
  @Get()
  @Access('quarantine.read', 'institution')
  @ApiOkResponse({ standardSchema: pageSchema(held) })
  list(
    @Who() caller: Caller,
    @Query({ schema: heldQuery }) query: z.output<typeof heldQuery>,
  ): Promise<Page<unknown>> {
    return this.read.page(QUARANTINE, query, caller);
  }
}
