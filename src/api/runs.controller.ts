import { Controller, Get, NotFoundException, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Access, Who } from './access.guard.js';
import type { Caller } from './caller.js';
import type { Listing } from './listing.js';
import { type Page, pageQuery, pageSchema } from './page.js';
import { ReadRepository } from './read.repository.js';

const run = z.object({
  runId: z.string(),
  consortium: z.string(),
  kind: z.enum(['backfill', 'night', 'year']),
  subject: z.string(),
  round: z.number(),
  state: z.enum(['running', 'complete', 'incomplete', 'failed']),
  items: z.number(),
  done: z.number(),
  failed: z.number(),
  demandedAt: z.string(),
  finishedAt: z.string().nullable(),
});

const work = z.object({
  item: z.string(),
  stage: z.number(),
  kind: z.string(),
  key: z.string(),
  state: z.enum(['pending', 'running', 'done', 'failed']),
  attempts: z.number(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  error: z.unknown(),
  result: z.unknown(),
});

const runQuery = pageQuery.extend({
  kind: run.shape.kind.optional(),
  state: run.shape.state.optional(),
  subject: z.string().max(10).optional(),
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

@ApiTags('运行 runs')
@Controller('runs')
export class RunsController {
  constructor(private readonly read: ReadRepository) {}

  /** Nights, backfills and year closes, newest first. A run is `complete` only when all its work and every batch in it are. */
  @Get()
  @Access('runs.read', 'consortium')
  @ApiOkResponse({ standardSchema: pageSchema(run) })
  list(
    @Who() caller: Caller,
    @Query({ schema: runQuery }) query: z.output<typeof runQuery>,
  ): Promise<Page<unknown>> {
    return this.read.page(RUNS, query, caller);
  }

  /** One run with each piece of its work: state, attempts, last error with remedy, result. */
  @Get(':id')
  @Access('runs.read', 'consortium')
  @ApiOkResponse({ standardSchema: run.extend({ work: z.array(work) }) })
  async one(
    @Who() caller: Caller,
    @Param('id', { schema: z.string().regex(/^\d{1,18}$/) }) id: string,
  ): Promise<Readonly<Record<string, unknown>>> {
    const found = await this.read.one(RUNS, { id }, caller);
    if (found === null) throw new NotFoundException('没有这次运行');
    const items = await this.read.rows(
      `SELECT id AS item, stage, kind, business_key AS key, state, attempts, started_at AS "startedAt",
              finished_at AS "finishedAt", last_error AS error, result
         FROM work_item WHERE run_id = $1 ORDER BY stage, id`,
      [id],
    );
    return { ...found, work: items };
  }
}
