import { Body, Controller, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { RunControl } from '../jobs/run-control.service.js';
import { Access } from './access.guard.js';
import { type PreviewQuery, previewQuery } from './requests.js';
import { outcome, yearRequest } from './run-schemas.js';

@ApiTags('结算 settlements')
@Controller('settlements')
export class SettlementsController {
  constructor(private readonly control: RunControl) {}

  /** Starts the annual clearing (年度清算); asked for twice it is the same run. */
  @Post()
  @Access('settlement.run', 'consortium')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: outcome })
  async start(
    @Query({ schema: previewQuery }) { preview }: PreviewQuery,
    @Body({ schema: yearRequest }) { year, again }: z.output<typeof yearRequest>,
  ) {
    const request = { kind: 'year', subject: year } as const;
    const foreseen = await this.control.previewStart(request, again);
    if (preview === 'true') return { runId: null, impact: foreseen };
    return { runId: await this.control.start(request, again), impact: foreseen };
  }
}
