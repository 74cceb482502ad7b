import { Injectable } from '@nestjs/common';
import { JournalService } from '../../journal/journal.service.js';
import { JournalBrokenError } from '../errors.js';
import type { JobHandler, JobResult } from '../job.js';
import { verifyJournal } from '../job-kinds.js';

/** Recomputes the journal's chain and fails on the first entry that does not fit. */
@Injectable()
export class VerifyJournalJob implements JobHandler<Payload> {
  readonly job = verifyJournal;

  constructor(private readonly journal: JournalService) {}

  async handle({ consortium }: Payload): Promise<JobResult> {
    const { head, fault } = await this.journal.verify({ consortium });
    if (fault !== null) {
      throw new JournalBrokenError(`存证链从第 ${fault.seq} 条起不一致：${fault.what}`, {
        seq: String(fault.seq),
      });
    }
    return { seq: head.seq.toString(), hash: head.hash };
  }
}

type Payload = ReturnType<typeof verifyJournal.payload.parse>;
