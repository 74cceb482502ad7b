import type pg from 'pg';
import type { ReviewSettings } from '../audit/review-settings.js';
import { CalendarGapError } from '../calendar/errors.js';
import type { WorkingDays } from '../calendar/working-days.js';
import type { JournalEntry } from '../journal/journal-entry.js';
import type { IsoDate } from '../kernel/dates.js';
import { type Fen, toYuan } from '../kernel/money.js';
import type { Month } from '../kernel/period.js';
import type { Attachment } from './attachment.js';
import {
  applyStep,
  insertStep,
  type StandingCase,
  type Step,
  type Term,
} from './case.repository.js';
import { deduct, takeBack } from './case-money.repository.js';
import { type Deed, decide } from './decide.js';
import { NotOpenError } from './errors.js';
import { insertDecisions } from './review.repository.js';
import { type CaseAction, type CaseState, roleOf, termOf } from './review-states.js';

/** What an action did, or would do. */
export interface CaseStep {
  readonly findingId: string;
  readonly action: CaseAction;
  readonly from: CaseState;
  readonly to: CaseState;
  readonly amountFen: Fen | null;
  readonly dueOn: IsoDate | null;
}

/** A deed with what stands for it. */
export type SignedDeed = Deed & {
  readonly reasonCode: string;
  readonly opinion: string;
  readonly attachments?: readonly Attachment[];
};

/** What steps are taken by: settings, the calendar, today. */
export interface Rulings {
  readonly settings: ReviewSettings;
  readonly calendar: WorkingDays;
  readonly today: IsoDate;
}

/** The last day of the term that runs in a state; null: none runs, or the year has no calendar yet. */
export function dueOn(state: CaseState, from: IsoDate, of: Rulings): IsoDate | null {
  const term = termOf(state);
  if (term === null) return null;
  try {
    return of.calendar.addWorkingDays(from, of.settings.terms[term]);
  } catch (error) {
    if (error instanceof CalendarGapError) return null;
    throw error;
  }
}

const NEEDS_NO_FINDING: readonly CaseAction[] = [
  'withdraw',
  'post',
  'reverse',
  'assign',
  'escalate',
];

/** Steps of one transaction: written one by one, told to the journal together. */
export class Steps {
  readonly entries: Omit<JournalEntry, 'consortium'>[] = [];
  /** Months in which a finding was decided against: the next one on its money takes its place. */
  readonly again = new Set<Month>();

  constructor(
    private readonly client: pg.ClientBase,
    private readonly rulings: Rulings,
  ) {}

  /** Takes one step, and what follows from it by itself. @throws NotOpenError, FourEyesError, AmountError, NotPartyError, PanelError */
  async take(of: StandingCase, deed: SignedDeed): Promise<CaseStep> {
    if (!of.stands && !NEEDS_NO_FINDING.includes(deed.action))
      throw new NotOpenError(`疑点 ${of.findingId} 重新审核后已不成立，等待撤销`);
    const move = decide(of, deed, this.rulings.settings);
    const step = stepOf(of, deed, move);
    const term = move.to === of.state ? null : this.term(move.to);
    await insertStep(this.client, step);
    await applyStep(this.client, { ...step, needsPanel: move.needsPanel }, term);
    const done = this.note(step, term === null ? of.dueOn : term.dueOn);
    if (move.to === 'DISMISSED') await this.dismiss(of, step);
    if (deed.action === 'reverse')
      await takeBack(this.client, of, { by: deed.by, reason: deed.opinion });
    return move.to === 'SECOND_FEEDBACK' ? this.confirm({ ...of, state: move.to }) : done;
  }

  /** How much was said so far, for `backTo` when what came after is rolled back. */
  mark(): number {
    return this.entries.length;
  }

  backTo(mark: number): void {
    this.entries.length = mark;
  }

  private term(state: CaseState): Term {
    const { today } = this.rulings;
    return { enteredOn: today, dueOn: dueOn(state, today, this.rulings) };
  }

  private async dismiss({ consortium, findingId, month }: StandingCase, step: Step): Promise<void> {
    const decision = { consortium, decidedBy: step.by, reason: step.opinion };
    await insertDecisions(this.client, { ...decision, outcome: 'dismissed' }, [findingId]);
    this.again.add(month);
  }

  /** Both sides have spoken: the amount of the last word becomes deductions. */
  private async confirm(of: StandingCase): Promise<CaseStep> {
    const reason = await this.lastWord(of);
    const by = of.finalBy ?? 'system';
    const decision = { consortium: of.consortium, decidedBy: by, reason };
    await insertDecisions(this.client, { ...decision, outcome: 'confirmed' }, [of.findingId]);
    await deduct(this.client, of, { by, reason });
    return this.take(of, {
      ...{ action: 'confirm', by: 'system', reasonCode: 'CONFIRM' },
      opinion: '二次反馈完成，生成扣款',
    });
  }

  private async lastWord({ consortium, findingId }: StandingCase): Promise<string> {
    const { rows } = await this.client.query<{ opinion: string }>(
      `SELECT opinion FROM review_step WHERE consortium = $1 AND finding_id = $2 AND action = 'final' ORDER BY step_id DESC LIMIT 1`,
      [consortium, findingId],
    );
    return rows[0]?.opinion ?? '终审';
  }

  private note(step: Step, due: IsoDate | null): CaseStep {
    const { findingId, action, from, to, amountFen, by, role, outcome, reasonCode, opinion } = step;
    this.entries.push({
      kind: 'decision',
      subject: `finding:${findingId}`,
      content: {
        ...{ action, from, to, by, role, outcome, reasonCode, opinion },
        institution: step.institution,
        amount: amountFen === null ? null : toYuan(amountFen),
        attachments: step.attachments.map(({ digest }) => digest),
      },
    });
    return { findingId, action, from, to, amountFen, dueOn: due };
  }
}

function stepOf(of: StandingCase, deed: SignedDeed, move: ReturnType<typeof decide>): Step {
  const { action, by, reasonCode, opinion, attachments = [] } = deed;
  return {
    ...{ consortium: of.consortium, findingId: of.findingId, from: of.state, to: move.to },
    ...{ action, by, reasonCode, opinion, amountFen: move.amountFen, role: roleOf(action) },
    institution: deed.institution ?? null,
    outcome: deed.outcome ?? null,
    attachments: attachments.map(({ content: _, ...ref }) => ref),
  };
}
