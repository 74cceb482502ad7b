import {
  Body,
  Controller,
  Get,
  HttpCode,
  Inject,
  NotFoundException,
  Param,
  Post,
  Query,
  Req,
  type StreamableFile,
} from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Access, Who } from './access.guard.js';
import { API_SETTINGS, type ApiSettings } from './api-settings.js';
import type { Caller } from './caller.js';
import {
  CLAIM_DIAGNOSES,
  CLAIM_LINES,
  CLAIM_PROCEDURES,
  CLAIMS,
  maskedClaim,
} from './claim-listings.js';
import { CLAIM_COLUMNS, claim, claimDetail, claimExport, claimQuery } from './claim-schemas.js';
import { FILE } from './export-format.js';
import type { HttpRequest } from './http.js';
import { type Page, pageSchema } from './page.js';
import { ReadRepository, type Row } from './read.repository.js';
import { unmaskRequest } from './requests.js';
import { TableExport } from './table-export.service.js';

const institutionCode = z.string().regex(/^[\w.-]{1,64}$/);
const claimNumber = z.string().regex(/^[^\p{Cc}]{1,128}$/u);

const CLAIM_WITH_KEY = {
  ...CLAIMS,
  select: `${CLAIMS.select}, claim_no AS "rowClaimNo", birth_date AS "birthDate"`,
};

@ApiTags('结算记录 claims')
@Controller('claims')
export class ClaimsController {
  constructor(
    private readonly read: ReadRepository,
    private readonly exports: TableExport,
    @Inject(API_SETTINGS) private readonly settings: ApiSettings,
  ) {}

  /** Claims as their sources tell them now, latest first; persons masked. */
  @Get()
  @Access('claims.read', 'institution')
  @ApiOkResponse({ standardSchema: pageSchema(claim) })
  async list(
    @Who() caller: Caller,
    @Query({ schema: claimQuery }) query: z.output<typeof claimQuery>,
  ): Promise<Page<Row>> {
    const page = await this.read.page(CLAIMS, query, caller);
    return { ...page, items: page.items.map(maskedClaim) };
  }

  @Get('export')
  @Access('claims.read', 'institution')
  @ApiOkResponse({ description: FILE })
  export(
    @Who() caller: Caller,
    @Query({ schema: claimExport }) query: z.output<typeof claimExport>,
    @Req() request: HttpRequest,
  ): Promise<StreamableFile> {
    const table = { listing: CLAIMS, columns: CLAIM_COLUMNS, name: '结算记录', shown: maskedClaim };
    return this.exports.file({ ...table, query }, caller, request);
  }

  /** One claim with its lines, diagnoses and procedures; the person masked. */
  @Get(':institution/:claimNo')
  @Access('claims.read', 'institution')
  @ApiOkResponse({ standardSchema: claimDetail })
  async one(
    @Who() caller: Caller,
    @Param('institution', { schema: institutionCode }) institution: string,
    @Param('claimNo', { schema: claimNumber }) claimNo: string,
  ): Promise<Row> {
    const {
      rowClaimNo,
      birthDate: _,
      ...found
    } = await this.found(caller, { institution, claimNo });
    const key = [this.settings.consortium, found['settledOn'], institution, rowClaimNo];
    return {
      ...maskedClaim(found),
      lines: await this.read.rows(CLAIM_LINES, key),
      diagnoses: await this.read.rows(CLAIM_DIAGNOSES, key),
      procedures: await this.read.rows(CLAIM_PROCEDURES, key),
    };
  }

  /** The person behind a claim, for a reason that the operator log keeps. */
  @Post(':institution/:claimNo/unmask')
  @Access('claims.unmask', 'institution', { replay: false })
  @HttpCode(200)
  @ApiOkResponse({
    standardSchema: z.object({ person: z.string(), birthDate: z.string().nullable() }),
  })
  async unmask(
    @Who() caller: Caller,
    @Param('institution', { schema: institutionCode }) institution: string,
    @Param('claimNo', { schema: claimNumber }) claimNo: string,
    @Body({ schema: unmaskRequest }) _: z.output<typeof unmaskRequest>,
  ): Promise<Row> {
    const { person, birthDate } = await this.found(caller, { institution, claimNo });
    return { person, birthDate };
  }

  private async found(
    caller: Caller,
    key: { readonly institution: string; readonly claimNo: string },
  ): Promise<Row> {
    const found = await this.read.one(CLAIM_WITH_KEY, key, caller);
    if (found === null) throw new NotFoundException('没有这条结算记录');
    return found;
  }
}
