import {
  Body,
  Controller,
  Get,
  HttpCode,
  NotFoundException,
  Param,
  Post,
  Query,
  Res,
} from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { RunControl } from '../jobs/run-control.service.js';
import { Access, Who } from './access.guard.js';
import type { Caller } from './caller.js';
import type { HttpResponse } from './http.js';
import type { Listing } from './listing.js';
import { type Page, pageQuery, pageSchema } from './page.js';
import { ProgressStreams } from './progress-streams.service.js';
import { ReadRepository, type Row } from './read.repository.js';
import { type PreviewQuery, previewQuery, reasoned } from './requests.js';
import { outcome, progress, run, runRequest, work } from './run-schemas.js';

const runQuery = pageQuery.extend({
  kind: run.shape.kind.optional(),
  state: run.shape.state.optional(),
  subject: z.string().max(160).optional(),
});

const RUNS: Listing = {
  select: `id AS "runId", consortium, kind, subject, round, state, items, done, failed,
           demanded_at AS "demandedAt", finished_at AS "finishedAt"`,
  from: 'work_run_state',
  consortium: 'consortium',
  institution: null,
  key: [{ by: 'id', type: 'bigint' }],
  filters: { id: 'id = ?', kind: 'kind = ?', state: 'state = ?', subject: 'subject = ?' },
};

const WORK: Listing = {
  select: `id AS item, run_id AS "runId", stage, kind, business_key AS key, state, attempts, started_at AS "startedAt",
           finished_at AS "finishedAt", last_error AS error, result`,
  from: 'work_item',
  consortium: 'consortium',
  institution: null,
  key: ['stage', 'id'].map((by) => ({ by, type: 'bigint' })),
  order: 'ASC',
  filters: { item: 'id = ?', run: 'run_id = ?' },
};

const number = z.string().regex(/^\d{1,18}$/);

@ApiTags('运行 runs')
@Controller()
export class RunsController {
  constructor(
    private readonly read: ReadRepository,
    private readonly control: RunControl,
    private readonly streams: ProgressStreams,
  ) {}

  /** Nights, backfills, year closes, comparisons with a source, newest first. A run is `complete` only when all its work and every batch in it are. */
  @Get('runs')
  @Access('runs.read', 'consortium')
  @ApiOkResponse({ standardSchema: pageSchema(run) })
  list(
    @Who() caller: Caller,
    @Query({ schema: runQuery }) query: z.output<typeof runQuery>,
  ): Promise<Page<unknown>> {
    return this.read.page(RUNS, query, caller);
  }

  /** One run with each piece of its work: state, attempts, last error with remedy, result. */
  @Get('runs/:id')
  @Access('runs.read', 'consortium')
  @ApiOkResponse({ standardSchema: run.extend({ work: z.array(work) }) })
  async one(@Who() caller: Caller, @Param('id', { schema: number }) id: string): Promise<Row> {
    const found = await this.found(id, caller);
    return { ...found, work: await this.read.whole(WORK, { run: id }, caller) };
  }

  /** How far a run has come, as server-sent events: `progress` at every change, `ended` with the reason at the end. */
  @Get('runs/:id/progress')
  @Access('runs.read', 'consortium')
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ standardSchema: progress })
  async progress(
    @Who() caller: Caller,
    @Param('id', { schema: number }) id: string,
    @Res() response: HttpResponse,
  ): Promise<void> {
    await this.found(id, caller);
    await this.streams.send(id, caller, response);
  }

  /** Starts a night or a month's backfill; asked for twice it is the same run. */
  @Post('runs')
  @Access('runs.start', 'consortium')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: outcome })
  async start(
    @Query({ schema: previewQuery }) { preview }: PreviewQuery,
    @Body({ schema: runRequest }) { again, ...request }: z.output<typeof runRequest>,
  ) {
    const foreseen = await this.control.previewStart(request, again);
    if (preview === 'true') return { runId: null, impact: foreseen };
    return { runId: await this.control.start(request, again), impact: foreseen };
  }

  /** Does a stage of a run, and everything after it, once more. */
  @Post('runs/:id/stages/:stage/rerun')
  @Access('runs.start', 'consortium')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: outcome })
  async rerun(
    @Who() caller: Caller,
    @Param('id', { schema: number }) id: string,
    @Param('stage', { schema: z.coerce.number().int().min(0).max(1_000) }) stage: number,
    @Query({ schema: previewQuery }) { preview }: PreviewQuery,
    @Body({ schema: reasoned }) { reason }: z.output<typeof reasoned>,
  ) {
    await this.found(id, caller);
    if (preview === 'true')
      return { runId: null, impact: await this.control.previewRerun(id, stage) };
    const by = caller.username;
    return { runId: id, impact: await this.control.rerun(id, stage, { reason, by }) };
  }

  /** Does one failed piece of work once more, and everything in later stages. */
  @Post('work/:item/retry')
  @Access('runs.start', 'consortium')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: outcome })
  async retry(
    @Who() caller: Caller,
    @Param('item', { schema: number }) item: string,
    @Query({ schema: previewQuery }) { preview }: PreviewQuery,
    @Body({ schema: reasoned }) { reason }: z.output<typeof reasoned>,
  ) {
    const found = await this.read.one(WORK, { item }, caller);
    if (found === null) throw new NotFoundException('没有这项工作');
    if (preview === 'true') return { runId: null, impact: await this.control.previewRetry(item) };
    const by = caller.username;
    const done = await this.control.retry(item, { reason, by });
    return { runId: String(found['runId']), impact: done };
  }

  private async found(id: string, caller: Caller): Promise<Row> {
    const found = await this.read.one(RUNS, { id }, caller);
    if (found === null) throw new NotFoundException('没有这次运行');
    return found;
  }
}
