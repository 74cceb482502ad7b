import { Body, Controller, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { RunControl, type RunRequest } from '../jobs/run-control.service.js';
import { Access } from './access.guard.js';
import { type PreviewQuery, previewQuery } from './requests.js';
import { outcome, releaseRequest, startRequest, yearRequest } from './run-schemas.js';

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
    return this.asked({ kind: 'year', subject: year }, { again, preview });
  }

  /** Starts the start-of-year prepayment (年初预付), where the region has one; asked for twice it is the same run. */
  @Post('start')
  @Access('settlement.run', 'consortium')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: outcome })
  async startOfYear(
    @Query({ schema: previewQuery }) { preview }: PreviewQuery,
    @Body({ schema: startRequest }) { year, again }: z.output<typeof startRequest>,
  ) {
    return this.asked({ kind: 'start', subject: year }, { again, preview });
  }

  /** Starts the release of what a month held back (月度考核金), where the region has one; asked for twice it is the same run. */
  @Post('release')
  @Access('settlement.run', 'consortium')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: outcome })
  async release(
    @Query({ schema: previewQuery }) { preview }: PreviewQuery,
    @Body({ schema: releaseRequest }) { month, again }: z.output<typeof releaseRequest>,
  ) {
    return this.asked({ kind: 'release', subject: month }, { again, preview });
  }

  private async asked(request: RunRequest, { again, preview }: Asked) {
    const foreseen = await this.control.previewStart(request, again);
    if (preview === 'true') return { runId: null, impact: foreseen };
    return { runId: await this.control.start(request, again), impact: foreseen };
  }
}

interface Asked extends PreviewQuery {
  readonly again?: boolean | undefined;
}
