import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Access, Who } from './access.guard.js';
import type { Caller } from './caller.js';
import type { Listing } from './listing.js';
import { type Page, pageQuery, pageSchema, sortQuery } from './page.js';
import { ReadRepository } from './read.repository.js';

const difference = z.object({
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
});

const differenceQuery = pageQuery.extend({
  month: z
    .string()
    .regex(/^\d{4}-\d{2}$/)
    .optional(),
  kind: z.string().max(32).optional(),
  owner: difference.shape.owner.optional(),
  institution: z.string().max(64).optional(),
  sort: sortQuery('amount', 'firstSeenAt'),
  open: z.enum(['true', 'false']).optional().describe('true：仍存在的 / those that last'),
});

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

@ApiTags('对账差异 differences')
@Controller('differences')
export class DifferencesController {
  constructor(private readonly read: ReadRepository) {}

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
}
