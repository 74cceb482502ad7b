import { Controller, Get, NotFoundException, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { type Page, pageQuery, pageSchema } from './page.js';
import { ReadRepository } from './read.repository.js';

const finding = z.object({
  findingId: z.string(),
  month: z.string(),
  ruleId: z.string(),
  ruleVersion: z.string(),
  class: z.enum(['HARD', 'SUSP', 'CLUE', 'REMIND', 'RETURN']),
  role: z.enum(['primary', 'corroboration']),
  certainty: z.enum(['core', 'watch']),
  institution: z.string(),
  claimNo: z.string(),
  amountYuan: z.string(),
  message: z.string(),
  outcome: z.enum(['confirmed', 'dismissed']).nullable().describe('人工决定 / what people decided'),
});

const findingQuery = pageQuery.extend({
  month: z
    .string()
    .regex(/^\d{4}-\d{2}$/)
    .optional(),
  rule: z.string().max(32).optional(),
  class: finding.shape.class.optional(),
  role: finding.shape.role.optional(),
  institution: z.string().max(64).optional(),
});

/** Without the person: whoever must know finds them through the claim. */
const COLUMNS = `f.finding_id AS "findingId", f.month, f.rule_id AS "ruleId", f.rule_version AS "ruleVersion",
  f.class, f.role, f.certainty, f.institution, f.claim_no AS "claimNo",
  round(f.amount_fen / 100.0, 2) AS "amountYuan", f.message, d.outcome`;
const FROM = `finding f LEFT JOIN review_decision d USING (consortium, finding_id)`;

const FINDINGS = {
  select: COLUMNS,
  from: FROM,
  key: `f.month || '.' || f.finding_id`,
  keyed: 'text',
  order: 'DESC',
  filters: {
    month: 'f.month',
    rule: 'f.rule_id',
    class: 'f.class',
    role: 'f.role',
    institution: 'f.institution',
  },
} as const;

@ApiTags('疑点 findings')
@Controller('findings')
export class FindingsController {
  constructor(private readonly read: ReadRepository) {}

  /** What the audit rules found, latest month first. Only a primary finding carries money. */
  @Get()
  @ApiOkResponse({ standardSchema: pageSchema(finding) })
  list(
    @Query({ schema: findingQuery }) query: z.output<typeof findingQuery>,
  ): Promise<Page<unknown>> {
    return this.read.page(FINDINGS, query);
  }

  /** One finding with its claims and lines. */
  @Get(':id')
  @ApiOkResponse({ standardSchema: finding.extend({ lines: z.array(z.unknown()) }) })
  async one(
    @Param('id', { schema: z.string().regex(/^[\w.-]{1,100}$/) }) id: string,
  ): Promise<Readonly<Record<string, unknown>>> {
    const [found] = await this.read.rows(
      `SELECT ${COLUMNS} FROM ${FROM} WHERE f.finding_id = $1 ORDER BY f.month DESC LIMIT 1`,
      [id],
    );
    if (found === undefined) throw new NotFoundException('没有这条疑点');
    const lines = await this.read.rows(
      `SELECT institution, claim_no AS "claimNo", line_no AS "lineNo", settled_on AS "settledOn", role,
              quantity, round(amount_fen / 100.0, 2) AS "amountYuan"
         FROM finding_line WHERE finding_id = $1 AND month = $2
        ORDER BY institution, claim_no, line_no`,
      [id, found['month']],
    );
    return { ...found, lines };
  }
}
