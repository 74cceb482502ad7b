import { Controller, Get, NotFoundException, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
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

const RUNS = {
  select: `id AS "runId", consortium, kind, subject, round, state, items, done, failed,
           demanded_at AS "demandedAt", finished_at AS "finishedAt"`,
  from: 'work_run_state',
  key: 'id',
  filters: { kind: 'kind', state: 'state', subject: 'subject' },
};

@ApiTags('运行 runs')
@Controller('runs')
export class RunsController {
  constructor(private readonly read: ReadRepository) {}

  /** Nights, backfills and year closes, newest first. A run is `complete` only when all its work and every batch in it are. */
  @Get()
  @ApiOkResponse({ standardSchema: pageSchema(run) })
  list(@Query({ schema: runQuery }) query: z.output<typeof runQuery>): Promise<Page<unknown>> {
    return this.read.page(RUNS, query);
  }

  /** One run with each piece of its work: state, attempts, last error with remedy, result. */
  @Get(':id')
  @ApiOkResponse({ standardSchema: run.extend({ work: z.array(work) }) })
  async one(
    @Param('id', { schema: z.string().regex(/^\d{1,18}$/) }) id: string,
  ): Promise<Readonly<Record<string, unknown>>> {
    const [found] = await this.read.rows(
      `SELECT ${RUNS.select} FROM work_run_state WHERE id = $1`,
      [id],
    );
    if (found === undefined) throw new NotFoundException('没有这次运行');
    const items = await this.read.rows(
      `SELECT id AS item, stage, kind, business_key AS key, state, attempts, started_at AS "startedAt",
              finished_at AS "finishedAt", last_error AS error, result
         FROM work_item WHERE run_id = $1 ORDER BY stage, id`,
      [id],
    );
    return { ...found, work: items };
  }
}
