import { Controller, Get, NotFoundException, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { type Page, pageQuery, pageSchema } from './page.js';
import { ReadRepository } from './read.repository.js';

const figure = z.object({
  figureId: z.string(),
  period: z.string(),
  version: z.number(),
  pool: z.string(),
  key: z.string(),
  label: z.string(),
  unit: z.enum(['yuan', 'ratio', 'points', 'yuan-per-point']),
  value: z.string(),
  clause: z.string().describe('政策条款 / clause of the policy'),
});

const figureQuery = pageQuery.extend({
  period: z
    .string()
    .regex(/^\d{4}(-\d{2})?$/)
    .optional(),
  pool: z.string().max(32).optional(),
  key: z.string().max(120).optional(),
});

const COLUMNS = `f.figure_id AS "figureId", r.period, r.version, f.pool, f.key, f.label, f.unit, f.value, f.clause`;

/** Of each period the run that counts. */
const FIGURES = {
  select: COLUMNS,
  from: `figure f JOIN settlement_run r ON r.run_id = f.run_id AND r.current`,
  key: `r.period || '.' || lpad(f.position::text, 8, '0')`,
  keyed: 'text',
  order: 'ASC',
  filters: { period: 'r.period', pool: 'f.pool', key: 'f.key' },
} as const;

@ApiTags('结算数字 figures')
@Controller('figures')
export class FiguresController {
  constructor(private readonly read: ReadRepository) {}

  /** Figures of the current settlement runs, by period, in the order of their report. */
  @Get()
  @ApiOkResponse({ standardSchema: pageSchema(figure) })
  list(
    @Query({ schema: figureQuery }) query: z.output<typeof figureQuery>,
  ): Promise<Page<unknown>> {
    return this.read.page(FIGURES, query);
  }

  /** One figure explained: formula, inputs, trace with clauses. The claims behind it: `heyi explain`. */
  @Get(':id')
  @ApiOkResponse({ standardSchema: figure.extend({ content: z.unknown() }) })
  async one(
    @Param('id', { schema: z.string().regex(/^[\w.-]{1,200}$/) }) id: string,
  ): Promise<Readonly<Record<string, unknown>>> {
    const [found] = await this.read.rows(
      `SELECT ${COLUMNS}, f.content FROM ${FIGURES.from} WHERE f.figure_id = $1`,
      [id],
    );
    if (found === undefined) throw new NotFoundException('没有这个结算数字');
    return found;
  }
}
