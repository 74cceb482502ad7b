import { Inject, Injectable, Optional } from '@nestjs/common';
import type pg from 'pg';
import { AuditService } from '../audit/audit.service.js';
import type { Opinions } from '../audit/review-settings.js';
import { SITE, type Site } from '../config/site.js';
import { DATABASE_POOL } from '../database/tokens.js';
import { JournalService } from '../journal/journal.service.js';
import type { Clock } from '../kernel/clock.js';
import type { Fen } from '../kernel/money.js';
import type { Month } from '../kernel/period.js';
import { acceptUploads, type Upload } from './attachment.js';
import { setAssignee, type Term } from './case.repository.js';
import {
  type CaseDetail,
  type CaseFilter,
  caseDetail,
  type ListedCase,
  listCases,
  readAttachment,
  type SampledClaim,
  type StoredAttachment,
  samplePassed,
} from './case-list.repository.js';
import { type CaseStep, dueOn, type Rulings } from './case-step.repository.js';
import { type Swept, sweepCases, withdrawGone } from './case-sweep.repository.js';
import {
  type Act,
  type BulkResult,
  CaseWork,
  type ForMonths,
  signedBy,
} from './case-work.service.js';
import { countFresh, insertCases } from './open-cases.repository.js';
import type { Outcome } from './review-states.js';

type Spoken = Act & { readonly outcome: Outcome; readonly amountFen?: Fen };
export type ForMember = Act & { readonly institution: string };

export const REVIEW_CLOCK = Symbol('REVIEW_CLOCK');

/** Review by due process (审核处理): every finding a case, every action one row and one entry of the journal. */
@Injectable()
export class CasesService {
  private readonly work: CaseWork;

  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    @Inject(SITE) site: Site,
    audit: AuditService,
    journal: JournalService,
    @Optional() @Inject(REVIEW_CLOCK) clock: Clock = { now: () => new Date() },
  ) {
    this.work = new CaseWork({ pool, site, audit, journal, clock });
  }

  /** Opens a case for each finding of the months that has none; those whose finding is gone are withdrawn. Safe to repeat. */
  open(of: {
    readonly consortium: string;
    readonly months: readonly Month[];
    readonly dryRun?: boolean;
  }): Promise<{ readonly opened: number; readonly withdrawn: number }> {
    return this.work.within(of, async (client, steps, rulings) => {
      const question = { ...of, classes: rulings.settings.classes, findingIds: null };
      const fresh = { ...question, route: 'process' } as const;
      const withdrawn = await withdrawGone(client, steps, of);
      const opened = await countFresh(client, fresh);
      if (opened > 0) await insertCases(client, fresh, opening(rulings));
      if (opened > 0)
        steps.entries.push({
          kind: 'decision',
          subject: `review:${[...of.months].sort().join(',')}`,
          content: { action: 'open', cases: opened },
        });
      return { opened, withdrawn };
    });
  }

  list(filter: CaseFilter): Promise<readonly ListedCase[]> {
    return listCases(this.pool, filter);
  }

  /** Null when the finding has no case. */
  detail(of: { consortium: string; findingId: string }): Promise<CaseDetail | null> {
    return caseDetail(this.pool, of);
  }

  /** Handed over to inspection (移交稽核清单). */
  inspectionList(of: Omit<CaseFilter, 'states'>): Promise<readonly ListedCase[]> {
    return listCases(this.pool, { ...of, states: ['INSPECTION'] });
  }

  /** Claims without findings to be looked at again, the same for the same seed (随机复核). */
  sample(of: {
    readonly consortium: string;
    readonly months: readonly Month[];
    readonly seed: string;
    readonly size: number;
  }): Promise<readonly SampledClaim[]> {
    return samplePassed(this.pool, of);
  }

  attachment(of: {
    consortium: string;
    findingId: string;
    digest: string;
  }): Promise<StoredAttachment | null> {
    return readAttachment(this.pool, of);
  }

  opinions(): Opinions {
    return this.work.config().opinions;
  }

  firstReview(act: Spoken): Promise<CaseStep> {
    return this.work.act(act, { ...act, action: 'first-review' });
  }

  /** Upholds every HARD case of the months that waits for first review, one step each. */
  firstReviewHard(of: ForMonths): Promise<BulkResult> {
    const which = { states: ['DETECTED'], class: 'HARD' } as const;
    return this.work.bulk(of, which, { action: 'first-review', outcome: 'uphold' });
  }

  giveFeedback(act: Act): Promise<CaseStep> {
    return this.work.act(act, { ...act, action: 'feedback' });
  }

  /** Sends every reviewed case of the months to its members. */
  giveFeedbackAll(of: ForMonths): Promise<BulkResult> {
    return this.work.bulk(of, { states: ['FIRST_REVIEW'] }, { action: 'feedback' });
  }

  accept(act: ForMember): Promise<CaseStep> {
    return this.work.act(act, { ...act, action: 'accept' });
  }

  /** @throws AttachmentError, AttachmentTooLargeError */
  async appeal(
    act: ForMember & { readonly amountFen?: Fen; readonly attachments: readonly Upload[] },
  ): Promise<CaseStep> {
    const attachments = acceptUploads(act.attachments, this.work.config().settings.attachments);
    return this.work.act(act, { ...act, action: 'appeal', attachments });
  }

  secondReview(
    act: Act & { readonly outcome: Outcome | 'panel'; readonly amountFen?: Fen },
  ): Promise<CaseStep> {
    return this.work.act(act, { ...act, action: 'second-review' });
  }

  vote(act: Spoken): Promise<CaseStep> {
    return this.work.act(act, { ...act, action: 'vote' });
  }

  final(act: Spoken): Promise<CaseStep> {
    return this.work.act(act, { ...act, action: 'final' });
  }

  /** The member's second feedback; when every party has given it, the case is confirmed and its deductions are made. */
  acknowledge(act: ForMember): Promise<CaseStep> {
    return this.work.act(act, { ...act, action: 'acknowledge' });
  }

  /** What was deducted comes back once, with the next open month. */
  reverse(act: Act): Promise<CaseStep> {
    return this.work.act(act, { ...act, action: 'reverse' });
  }

  /** Hands a case to one reviewer. */
  assign(of: {
    readonly consortium: string;
    readonly findingId: string;
    readonly by: string;
    readonly to: string;
    readonly dryRun?: boolean;
  }): Promise<CaseStep> {
    const words = { reasonCode: 'ASSIGN', opinion: `指派 ${of.to}` };
    return this.work.within(of, async (client, steps) => {
      const step = await steps.take(await this.work.standing(client, of), {
        ...{ ...words, by: signedBy(of.by), action: 'assign' },
      });
      await setAssignee(client, of);
      return step;
    });
  }

  /** What time brings about: silent members have agreed, silent reviewers are escalated, settled deductions are posted. */
  sweep(of: {
    readonly consortium: string;
    readonly on?: string;
    readonly dryRun?: boolean;
  }): Promise<Swept> {
    return this.work.within(of, (client, steps, rulings) =>
      sweepCases(client, { steps, rulings, consortium: of.consortium, on: of.on ?? rulings.today }),
    );
  }
}

function opening(rulings: Rulings): Term {
  return { enteredOn: rulings.today, dueOn: dueOn('DETECTED', rulings.today, rulings) };
}
