import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { maskIdentifier } from '../kernel/mask.js';
import { Access, Who } from './access.guard.js';
import type { Caller } from './caller.js';
import type { Listing } from './listing.js';
import { type Page, pageQuery, pageSchema } from './page.js';
import { ReadRepository, type Row } from './read.repository.js';

const change = z
  .object({
    institution: z.string(),
    claimNo: z.string(),
    adjustment: z.number(),
    reason: z.enum(['changed', 'deleted', 'late']),
    settledOn: z.string(),
    formerPeriod: z.string().describe('原属的已关账月份 / the closed month it belongs to'),
    period: z.string().describe('记入的月份 / the month that carries it'),
    person: z.string().describe('已遮盖 / masked'),
    totalYuan: z.string(),
    fundYuan: z.string(),
    batchId: z.string(),
  })
  .meta({
    example: {
      institution: 'H46029900002',
      claimNo: 'JS20240311000123',
      adjustment: 1,
      reason: 'changed',
      settledOn: '2024-03-11',
      formerPeriod: '2024-03',
      period: '2024-04',
      person: '4602********0123',
      totalYuan: '-120.00',
      fundYuan: '-84.00',
      batchId: '990',
    },
  });

const refund = z
  .object({
    institution: z.string(),
    claimNo: z.string(),
    refundOf: z.string(),
    settledOn: z.string(),
    period: z.string(),
    state: z.enum(['full', 'partial', 'unpaired', 'over-refund', 'other-person', 'other-pool']),
    totalYuan: z.string(),
    originalYuan: z.string().nullable(),
    refundedYuan: z.string(),
  })
  .meta({
    example: {
      institution: 'H46029900002',
      claimNo: 'TF20240320000004',
      refundOf: 'JS20240311000123',
      settledOn: '2024-03-20',
      period: '2024-03',
      state: 'partial',
      totalYuan: '-60.00',
      originalYuan: '4210.55',
      refundedYuan: '-60.00',
    },
  });

const month = z
  .string()
  .regex(/^\d{4}-\d{2}$/)
  .optional();

const changeQuery = pageQuery.extend({
  period: month,
  institution: z.string().max(64).optional(),
  reason: change.shape.reason.optional(),
});

const refundQuery = pageQuery.extend({
  period: month,
  institution: z.string().max(64).optional(),
  state: refund.shape.state.optional(),
});

const CLAIM_KEY = [
  { by: 'settled_on', type: 'date' },
  { by: 'institution', type: 'text' },
  { by: 'claim_no', type: 'text' },
] as const;

const CHANGES: Listing = {
  select: `institution, claim_no AS "claimNo", adjustment, reason, settled_on AS "settledOn", former_period AS "formerPeriod",
    period, person_id AS person, round(total_fee_fen / 100.0, 2) AS "totalYuan",
    round(fund_paid_fen / 100.0, 2) AS "fundYuan", batch_id AS "batchId"`,
  from: 'claim_change',
  consortium: 'consortium',
  institution: 'institution',
  key: [...CLAIM_KEY, { by: 'adjustment', type: 'bigint' }],
  filters: { period: 'period = ?', institution: 'institution = ?', reason: 'reason = ?' },
};

const REFUNDS: Listing = {
  select: `institution, claim_no AS "claimNo", refund_of AS "refundOf", settled_on AS "settledOn", period, state,
    round(total_fee_fen / 100.0, 2) AS "totalYuan", round(original_fee_fen / 100.0, 2) AS "originalYuan",
    round(refunded_fen / 100.0, 2) AS "refundedYuan"`,
  from: 'refund_pair',
  consortium: 'consortium',
  institution: 'institution',
  key: CLAIM_KEY,
  filters: { period: 'period = ?', institution: 'institution = ?', state: 'state = ?' },
};

@ApiTags('调整与退费 changes')
@Controller()
export class ChangesController {
  constructor(private readonly read: ReadRepository) {}

  /** What came to its month too late and is carried by another: adjustments (红冲、补记) and late claims. */
  @Get('adjustments')
  @Access('sync.read', 'institution')
  @ApiOkResponse({ standardSchema: pageSchema(change) })
  async adjustments(
    @Who() caller: Caller,
    @Query({ schema: changeQuery }) query: z.output<typeof changeQuery>,
  ): Promise<Page<Row>> {
    const page = await this.read.page(CHANGES, query, caller);
    const masked = page.items.map((row) => ({
      ...row,
      person: maskIdentifier(String(row['person'])),
    }));
    return { ...page, items: masked };
  }

  /** Refunds (退费) beside the claims they take back. */
  @Get('refunds')
  @Access('sync.read', 'institution')
  @ApiOkResponse({ standardSchema: pageSchema(refund) })
  refunds(
    @Who() caller: Caller,
    @Query({ schema: refundQuery }) query: z.output<typeof refundQuery>,
  ): Promise<Page<Row>> {
    return this.read.page(REFUNDS, query, caller);
  }
}
