import { Controller, Get, Inject, NotFoundException, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { listDifferences } from '../lists/list-differences.js';
import { SettlementListService } from '../lists/settlement-list.service.js';
import { Access, Who } from './access.guard.js';
import { API_SETTINGS, type ApiSettings } from './api-settings.js';
import type { Caller } from './caller.js';
import { checkedAnswer, LISTS, shown } from './list-listing.js';
import { checkOutcome, listRow, month, oneList, standingOutcome } from './list-schemas.js';
import { DEFAULT_PAGE_ROWS, type Page, pageQuery, pageSchema } from './page.js';
import { ReadRepository, type Row } from './read.repository.js';

const institution = z.string().regex(/^[\w.-]{1,64}$/);

const listQuery = pageQuery.extend({
  month: month.optional(),
  institution: institution.optional(),
  settledBy: institution.optional(),
  state: listRow.shape.state.optional(),
});
const checkQuery = z.strictObject({
  month,
  institution: institution.optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(DEFAULT_PAGE_ROWS),
});
const monthQuery = z.strictObject({ month, institution: institution.optional() });

@ApiTags('结算清单 lists')
@Controller('lists')
export class ListsController {
  constructor(
    private readonly read: ReadRepository,
    private readonly lists: SettlementListService,
    @Inject(API_SETTINGS) private readonly settings: ApiSettings,
  ) {}

  /** Lists that went into the outbox (4101A), with what became of them. */
  @Get()
  @Access('lists.read', 'institution')
  @ApiOkResponse({ standardSchema: pageSchema(listRow) })
  async list(
    @Who() caller: Caller,
    @Query({ schema: listQuery }) query: z.output<typeof listQuery>,
  ): Promise<Page<Row>> {
    const page = await this.read.page(LISTS, query, caller);
    return { ...page, items: page.items.map(shown) };
  }

  /** Makes and checks the lists of a month; writes nothing. */
  @Get('check')
  @Access('lists.read', 'institution')
  @ApiOkResponse({ standardSchema: checkOutcome })
  async check(
    @Who() { institutions: seen }: Caller,
    @Query({ schema: checkQuery }) {
      month: of,
      institution: one,
      limit,
    }: z.output<typeof checkQuery>,
  ) {
    const institutions = one === undefined ? (seen === 'all' ? undefined : seen) : [one];
    const asked = { consortium: this.settings.consortium, month: of, institutions };
    return checkedAnswer(await this.lists.check(asked), limit);
  }

  /** Where the lists of a month stand with the agency, by settlement unit, and what differs. */
  @Get('standing')
  @Access('lists.read', 'institution')
  @ApiOkResponse({ standardSchema: standingOutcome })
  async standing(
    @Who() { institutions }: Caller,
    @Query({ schema: monthQuery }) { month: of, institution: one }: z.output<typeof monthQuery>,
  ) {
    const all = await this.lists.standing({ consortium: this.settings.consortium, month: of });
    const standing = all.filter(
      (row) =>
        (institutions === 'all' || institutions.includes(row.institution)) &&
        (one === undefined || row.institution === one),
    );
    return { month: of, standing, differences: listDifferences(standing) };
  }

  /** One list as it would be made now, with everything the agency would refuse, and what was sent of it. */
  @Get(':institution/:claimNo')
  @Access('lists.read', 'institution')
  @ApiOkResponse({ standardSchema: oneList })
  async one(
    @Who() caller: Caller,
    @Param('institution', { schema: institution }) at: string,
    @Param('claimNo', { schema: z.string().max(64) }) claimNo: string,
  ) {
    const { consortium } = this.settings;
    const made = await this.lists.one({ consortium, institution: at, claimNo });
    if (made === null) throw new NotFoundException('没有这笔结算，或它不需要结算清单');
    const sent = await this.read.one(LISTS, { institution: at, claimNo }, caller);
    return { ...made, sent: sent === null ? null : shown(sent) };
  }
}
