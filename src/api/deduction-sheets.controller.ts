import { Controller, Get, Param, Query, Req, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { isMonth } from '../kernel/period.js';
import { DeductionSheetService } from '../statements/deduction-sheet.service.js';
import { Access, Who } from './access.guard.js';
import type { Caller } from './caller.js';
import type { HttpRequest } from './http.js';
import { OperatorLog } from './operator-log.service.js';
import { institutionCode } from './statement-schemas.js';

const month = z.string().refine(isMonth, '应为月份，例如 2024-03');
const printQuery = z.strictObject({
  format: z.enum(['pdf', 'xlsx']).default('pdf').describe('文件格式，默认 pdf / form of the file'),
});
type PrintQuery = z.output<typeof printQuery>;

const TYPES = {
  pdf: 'application/pdf',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const;

const SHEET = '扣款表，PDF 或 xlsx / a deduction sheet as PDF or xlsx';

/** What smart audit takes from a member in a month, to be signed. */
@ApiTags('扣款表 deduction sheets')
@Controller('deduction-sheets')
export class DeductionSheetsController {
  constructor(
    private readonly sheets: DeductionSheetService,
    private readonly operators: OperatorLog,
  ) {}

  /** Every member, with the summary by insurance type. */
  @Get(':month/group/:party')
  @Access('figures.read', 'consortium')
  @ApiOkResponse({ description: SHEET })
  group(
    @Param('month', { schema: month }) ofMonth: string,
    @Param('party', { schema: z.enum(['agency', 'lead']) }) party: 'agency' | 'lead',
    @Query({ schema: printQuery }) query: PrintQuery,
    @Who() caller: Caller,
    @Req() request: HttpRequest,
  ): Promise<StreamableFile> {
    return this.file({ month: ofMonth, for: party, ...query }, caller, request);
  }

  /** One member with its clinics, or one clinic. */
  @Get(':month/members/:institution')
  @Access('figures.read', 'institution')
  @ApiOkResponse({ description: SHEET })
  member(
    @Param('month', { schema: month }) ofMonth: string,
    @Param('institution', { schema: institutionCode }) institution: string,
    @Query({ schema: printQuery }) query: PrintQuery,
    @Who() caller: Caller,
    @Req() request: HttpRequest,
  ): Promise<StreamableFile> {
    return this.file({ month: ofMonth, for: institution, ...query }, caller, request);
  }

  /** The operator log knows who took which. */
  private async file(
    { format, ...wanted }: { readonly month: string; readonly for: string } & PrintQuery,
    caller: Caller,
    request: HttpRequest,
  ): Promise<StreamableFile> {
    const { bytes, name } = await this.sheets.print(wanted, format);
    await this.operators.append(caller, request, { outcome: 'done' });
    return new StreamableFile(bytes, {
      type: TYPES[format],
      disposition: `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
    });
  }
}
