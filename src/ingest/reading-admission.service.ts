import type pg from 'pg';
import { withTransaction } from '../database/transaction.repository.js';
import type { JournalService } from '../journal/journal.service.js';
import type { PullRequest } from './batch.js';
import { OutsideHoursError } from './errors.js';
import { localTime, opensAt } from './reading-hours.js';
import type { SourceOfMember } from './site-sources.loader.js';

/** Lets a read go ahead within the source's hours, or on somebody's word, which the journal keeps. @throws OutsideHoursError */
export async function admitReading({
  pool,
  journal,
  source,
  request,
  now,
}: {
  readonly pool: pg.Pool;
  readonly journal: JournalService;
  readonly source: SourceOfMember;
  readonly request: PullRequest;
  readonly now: Date;
}): Promise<void> {
  const { hours, institution } = source.config;
  const { consortium, timezone } = source.consortium;
  const opens = opensAt(hours, now, timezone);
  if (opens === null || hours === null) return;
  const { outsideHours } = request;
  if (outsideHours === undefined) {
    throw new OutsideHoursError(
      `机构 ${institution} 只允许在 ${hours.from}–${hours.to} 读取，${localTime(opens, timezone).slice(0, 16)} 起执行`,
      opens,
    );
  }
  await withTransaction(pool, (client) =>
    journal.append(client, {
      consortium,
      kind: 'decision',
      subject: `outside-hours:${institution}`,
      content: { ...request.window, ...outsideHours, allowed: `${hours.from}-${hours.to}` },
    }),
  );
}
