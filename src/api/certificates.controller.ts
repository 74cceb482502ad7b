import { Controller, Get, NotFoundException, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Access, Who } from './access.guard.js';
import type { Caller } from './caller.js';
import type { Listing } from './listing.js';
import { type Page, pageQuery, pageSchema } from './page.js';
import { ReadRepository, type Row } from './read.repository.js';

const side = z.object({ rows: z.string().nullable(), yuan: z.string().nullable() });

const certificate = z
  .object({
    batchId: z.string(),
    institution: z.string(),
    stream: z.string(),
    unit: z.string().nullable(),
    from: z.string(),
    to: z.string().describe('不含 / exclusive'),
    state: z.enum(['complete', 'incomplete', 'empty', 'rejected']),
    source: side.describe('来源自报 / as the source says itself'),
    landed: side,
    quarantined: side,
    digest: z
      .string()
      .nullable()
      .describe('入库与隔离各行的摘要 / of what landed and what was set aside'),
    finishedAt: z.string().nullable(),
    journal: z
      .object({ seq: z.string(), at: z.string(), contentDigest: z.string(), entryHash: z.string() })
      .nullable()
      .describe('存证链上的记录 / its entry in the journal'),
  })
  .meta({
    example: {
      batchId: '812',
      institution: 'H46029900002',
      stream: 'claims',
      unit: null,
      from: '2024-03-11',
      to: '2024-03-12',
      state: 'complete',
      source: { rows: '132', yuan: '84210.55' },
      landed: { rows: '131', yuan: '84010.55' },
      quarantined: { rows: '1', yuan: '200.00' },
      digest: '5e1f…',
      finishedAt: '2024-03-12 18:02:44.1+00',
      journal: {
        seq: '2210',
        at: '2024-03-12 18:02:44.1+00',
        contentDigest: 'b1d7…',
        entryHash: '9f2c…',
      },
    },
  });

const certificateQuery = pageQuery.extend({
  institution: z.string().max(64).optional(),
  stream: z.string().max(32).optional(),
  day: z.iso.date().optional().describe('含此日的时间窗 / windows that hold this day'),
  state: certificate.shape.state.optional(),
});

const sideOf = (name: string): string =>
  `json_build_object('rows', b.${name}_rows::text, 'yuan', round(b.${name}_fen / 100.0, 2)::text) AS "${name}"`;

/** The read that counts of each window or file, with the entry of the journal that holds its sums. */
const CERTIFICATES: Listing = {
  select: `b.batch_id AS "batchId", b.institution, b.stream, b.unit, b.window_from AS "from", b.window_to AS "to", b.state,
    ${sideOf('source')}, ${sideOf('landed')}, ${sideOf('quarantined')}, b.digest, b.finished_at AS "finishedAt",
    (SELECT json_build_object('seq', j.seq::text, 'at', j.at::text, 'contentDigest', j.content_digest, 'entryHash', j.entry_hash)
       FROM journal_entry j
      WHERE j.consortium = b.consortium AND j.subject = 'batch:' || b.batch_id AND j.kind = 'batch'
      ORDER BY j.seq DESC LIMIT 1) AS journal`,
  from: 'batch_current b',
  consortium: 'b.consortium',
  institution: 'b.institution',
  key: [{ by: 'b.batch_id', type: 'bigint' }],
  filters: {
    id: 'b.batch_id = ?',
    institution: 'b.institution = ?',
    stream: 'b.stream = ?',
    state: 'b.state = ?',
    day: 'b.window_from <= ?::date AND ?::date < b.window_to',
  },
};

@ApiTags('完整性证明 certificates')
@Controller('certificates')
export class CertificatesController {
  constructor(private readonly read: ReadRepository) {}

  /** What proves that nothing was lost: rows and money at the source, landed and set aside, digest, and the entry of the journal. */
  @Get()
  @Access('batches.read', 'institution')
  @ApiOkResponse({ standardSchema: pageSchema(certificate) })
  list(
    @Who() caller: Caller,
    @Query({ schema: certificateQuery }) query: z.output<typeof certificateQuery>,
  ): Promise<Page<unknown>> {
    return this.read.page(CERTIFICATES, query, caller);
  }

  /** The certificate of one read, while it is the one that counts. */
  @Get(':id')
  @Access('batches.read', 'institution')
  @ApiOkResponse({ standardSchema: certificate })
  async one(
    @Who() caller: Caller,
    @Param('id', { schema: z.string().regex(/^\d{1,18}$/) }) id: string,
  ): Promise<Row> {
    const found = await this.read.one(CERTIFICATES, { id }, caller);
    if (found === null) throw new NotFoundException('没有这份证明，或已有更新的采集取代它');
    return found;
  }
}
