import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { enqueue } from '../agency/outbox.repository.js';
import { AuditExportService, type FeedbackRequest } from '../audit/export/audit-export.service.js';
import { DATABASE_POOL } from '../database/tokens.js';
import { withTransaction } from '../database/transaction.repository.js';
import { JournalService } from '../journal/journal.service.js';
import { digest } from '../kernel/hash.js';

export interface FeedbackPush {
  readonly warnings: number;
  /** Messages written into the outbox by this call. */
  readonly enqueued: number;
  readonly unchanged: number;
  /** An older content is on its way; its end must come first. */
  readonly waiting: number;
}

/** Tells the agency what was done about warnings (3103), through the outbox. */
@Injectable()
export class WarningFeedbackService {
  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    private readonly exports: AuditExportService,
    private readonly journal: JournalService,
  ) {}

  /** Writes down what was decided in a month; what was said already is not said again. @throws UnspecifiedCodesError, ConfigError */
  async push({
    consortium,
    ...of
  }: FeedbackRequest & { readonly consortium: string }): Promise<FeedbackPush> {
    const feedback = await this.exports.feedback(of);
    const { month } = of;
    const messages = feedback.map(({ settledBy, bucket, content }) => ({
      ...{ consortium, month, content, transactionCode: '3103', institution: settledBy },
      ...{ about: [content.warningType, bucket], contentDigest: digest(content) },
      ...{ clearingType: null, parentId: null },
    }));
    return withTransaction(this.pool, async (client) => {
      const decisions = (await enqueue(client, messages)).map(({ decision }) => decision);
      const count = (which: string) => decisions.filter((each) => each === which).length;
      const result = {
        warnings: feedback.reduce((sum, { content }) => sum + content.warnings.length, 0),
        enqueued: count('new') + count('replace'),
        unchanged: count('unchanged'),
        waiting: count('waiting'),
      };
      if (result.enqueued > 0)
        await this.journal.append(client, {
          consortium,
          kind: 'push',
          subject: `feedback:${month}`,
          content: { event: 'feedback', ...result },
        });
      return result;
    });
  }
}
