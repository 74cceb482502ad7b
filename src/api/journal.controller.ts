import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { JournalService } from '../journal/journal.service.js';
import { JOURNAL_KINDS } from '../journal/journal-entry.js';
import { Access, Who } from './access.guard.js';
import { API_SETTINGS, type ApiSettings } from './api-settings.js';
import type { Caller } from './caller.js';
import type { Listing } from './listing.js';
import { type Page, pageQuery, pageSchema } from './page.js';
import { ReadRepository } from './read.repository.js';

const head = z
  .object({
    seq: z.string(),
    hash: z
      .string()
      .describe(
        '记下它，之前的任何改动都会被发现 / note it down: no earlier entry can change unseen',
      ),
  })
  .meta({ example: { seq: '1284', hash: '9f2c…' } });

const verification = z.object({
  head,
  fault: z
    .object({ what: z.string(), seq: z.string() })
    .nullable()
    .describe(
      '第一处不对的地方；null 表示完整 / the first bad entry; null when the chain is whole',
    ),
});

const entry = z
  .object({
    seq: z.string(),
    at: z.string(),
    kind: z.string(),
    subject: z.string(),
    content: z.unknown(),
    contentDigest: z.string(),
    entryHash: z.string(),
  })
  .meta({
    example: {
      seq: '812',
      at: '2024-04-02 18:03:11.52+00',
      kind: 'decision',
      subject: 'finding:7d0f3c1a',
      content: { outcome: 'dismissed', decidedBy: 'compliance', reason: '有会诊记录' },
      contentDigest: 'b1d7…',
      entryHash: '9f2c…',
    },
  });

const instant = z.iso.datetime({ offset: true });

const entryQuery = pageQuery.extend({
  kind: z.enum(JOURNAL_KINDS).optional(),
  subject: z.string().max(300).optional(),
  from: instant.optional(),
  to: instant.optional(),
});

const operatorQuery = pageQuery.extend({
  kind: z.enum(['access', 'operation']).optional(),
  user: z.string().max(64).optional(),
  from: instant.optional(),
  to: instant.optional(),
});

const ENTRIES: Listing = {
  select: `seq, at, kind, subject, content, content_digest AS "contentDigest", entry_hash AS "entryHash"`,
  from: 'journal_entry',
  consortium: 'consortium',
  institution: null,
  key: [{ by: 'seq', type: 'bigint' }],
  filters: {
    kind: 'kind = ?',
    subject: 'subject = ?',
    from: 'at >= ?::timestamptz',
    to: 'at < ?::timestamptz',
  },
};

const OPERATORS: Listing = {
  ...ENTRIES,
  from: `(SELECT * FROM journal_entry WHERE kind IN ('access', 'operation')) AS operator_entry`,
  filters: { ...ENTRIES.filters, user: `content ->> 'by' = ?` },
};

@ApiTags('存证 journal')
@Controller()
export class JournalController {
  constructor(
    private readonly journal: JournalService,
    private readonly read: ReadRepository,
    @Inject(API_SETTINGS) private readonly settings: ApiSettings,
  ) {}

  /** The last link of the chain. */
  @Get('journal/head')
  @Access('journal.verify', 'consortium')
  @ApiOkResponse({ standardSchema: head })
  head(): Promise<z.output<typeof head>> {
    return this.journal.head(this.settings.consortium);
  }

  /** Reads the whole chain and names the first bad entry. */
  @Get('journal/verification')
  @Access('journal.verify', 'consortium')
  @ApiOkResponse({ standardSchema: verification })
  async verify(): Promise<z.output<typeof verification>> {
    const { consortium } = this.settings;
    const { head: end, fault } = await this.journal.verify({ consortium });
    return { head: end, fault };
  }

  /** Entries, newest first. */
  @Get('journal/entries')
  @Access('journal.read', 'consortium')
  @ApiOkResponse({ standardSchema: pageSchema(entry) })
  entries(
    @Who() caller: Caller,
    @Query({ schema: entryQuery }) query: z.output<typeof entryQuery>,
  ): Promise<Page<unknown>> {
    return this.read.page(ENTRIES, query, caller);
  }

  /** The operator log: who signed in, was refused, changed something or looked at personal data. */
  @Get('operators')
  @Access('operators.read', 'consortium')
  @ApiOkResponse({ standardSchema: pageSchema(entry) })
  operators(
    @Who() caller: Caller,
    @Query({ schema: operatorQuery }) query: z.output<typeof operatorQuery>,
  ): Promise<Page<unknown>> {
    return this.read.page(OPERATORS, query, caller);
  }
}
