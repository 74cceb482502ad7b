import {
  Body,
  Controller,
  Get,
  HttpCode,
  Inject,
  Param,
  Post,
  Query,
  Req,
  type StreamableFile,
} from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { withoutCertificates } from '../quarantine/masking.js';
import { QuarantineService } from '../quarantine/quarantine.service.js';
import { Access, Who } from './access.guard.js';
import { API_SETTINGS, type ApiSettings } from './api-settings.js';
import type { Caller } from './caller.js';
import { FILE } from './export-format.js';
import type { HttpRequest } from './http.js';
import { type Page, pageSchema } from './page.js';
import {
  groupQuery,
  HELD_COLUMNS,
  held,
  heldExport,
  heldQuery,
  QUARANTINE,
} from './quarantine-schemas.js';
import { ReadRepository, type Row } from './read.repository.js';
import { unmaskRequest } from './requests.js';
import { TableExport } from './table-export.service.js';
import { inYuan } from './yuan-json.js';

const number = z.string().regex(/^\d{1,18}$/);

@ApiTags('隔离区 quarantine')
@Controller('quarantine')
export class QuarantineController {
  constructor(
    private readonly read: ReadRepository,
    private readonly quarantine: QuarantineService,
    private readonly exports: TableExport,
    @Inject(API_SETTINGS) private readonly settings: ApiSettings,
  ) {}

  /** Rows that could not land, with the reason and what to do. */
  @Get()
  @Access('quarantine.read', 'institution')
  @ApiOkResponse({ standardSchema: pageSchema(held) })
  async list(
    @Who() caller: Caller,
    @Query({ schema: heldQuery }) query: z.output<typeof heldQuery>,
  ): Promise<Page<Row>> {
    const page = await this.read.page(QUARANTINE, query, caller);
    return { ...page, items: page.items.map(masked) };
  }

  @Get('export')
  @Access('quarantine.read', 'institution')
  @ApiOkResponse({ description: FILE })
  export(
    @Who() caller: Caller,
    @Query({ schema: heldExport }) query: z.output<typeof heldExport>,
    @Req() request: HttpRequest,
  ): Promise<StreamableFile> {
    const table = { listing: QUARANTINE, columns: HELD_COLUMNS, name: '隔离记录', shown: masked };
    return this.exports.file({ ...table, query }, caller, request);
  }

  /** Entries that one decision may settle: the same fault of the same field in one stream of one institution. */
  @Get('groups')
  @Access('quarantine.read', 'institution')
  @ApiOkResponse({ standardSchema: z.array(z.unknown()) })
  async groups(
    @Who() caller: Caller,
    @Query({ schema: groupQuery }) query: z.output<typeof groupQuery>,
  ): Promise<unknown> {
    return inYuan(await this.quarantine.groups({ ...this.scope(caller), ...query }));
  }

  /** What has become of everything that the current reads set aside, by institution and stream. */
  @Get('account')
  @Access('quarantine.read', 'institution')
  @ApiOkResponse({ standardSchema: z.array(z.unknown()) })
  async account(@Who() caller: Caller): Promise<unknown> {
    return inYuan(await this.quarantine.account(this.scope(caller)));
  }

  /** One entry with its raw row, personal cells masked, and what was decided about it. */
  @Get(':id')
  @Access('quarantine.read', 'institution')
  @ApiOkResponse({ standardSchema: z.unknown() })
  async one(
    @Who() caller: Caller,
    @Param('id', { schema: number }) entry: string,
  ): Promise<unknown> {
    return inYuan(await this.quarantine.show({ ...this.scope(caller), entry }));
  }

  /** The entry with nothing masked, for a reason that the journal keeps. */
  @Post(':id/unmask')
  @Access('quarantine.unmask', 'institution', { replay: false })
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: z.unknown() })
  async unmask(
    @Who() caller: Caller,
    @Param('id', { schema: number }) entry: string,
    @Body({ schema: unmaskRequest }) { reason }: z.output<typeof unmaskRequest>,
  ): Promise<unknown> {
    const unmask = { by: caller.username, reason };
    return inYuan(await this.quarantine.show({ ...this.scope(caller), entry, unmask }));
  }

  private scope({ institutions }: Caller) {
    return { consortium: this.settings.consortium, institutions };
  }
}

function masked(row: Row): Row {
  return { ...row, message: withoutCertificates(String(row['message'])) };
}
