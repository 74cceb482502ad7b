import type pg from 'pg';
import type { AuditService } from '../audit/audit.service.js';
import type { Opinions, ReviewSettings } from '../audit/review-settings.js';
import { loadWorkingDays } from '../calendar/calendar.loader.js';
import type { WorkingDays } from '../calendar/working-days.js';
import type { Site } from '../config/site.js';
import { withTransaction } from '../database/transaction.repository.js';
import type { JournalService } from '../journal/journal.service.js';
import type { Clock } from '../kernel/clock.js';
import { type Fen, sum, ZERO_FEN } from '../kernel/money.js';
import type { Month } from '../kernel/period.js';
import { loadSettlementUnits } from '../records/records.loader.js';
import { lockCase, lockCases, type StandingCase } from './case.repository.js';
import { storeAttachments } from './case-list.repository.js';
import { type CaseStep, type Rulings, type SignedDeed, Steps } from './case-step.repository.js';
import { isDeductible } from './decide.js';
import { IncompleteDecisionError, UnknownFindingError } from './errors.js';
import { loadOpinions, loadReviewSettings } from './review-settings.loader.js';

export interface Signed {
  readonly consortium: string;
  /** Who stands for it: a signed-in name. */
  readonly by: string;
  /** A code of opinions.yaml. */
  readonly reasonCode: string;
  /** Empty: the code's own text. */
  readonly opinion?: string;
  /** Do everything, keep nothing. */
  readonly dryRun?: boolean;
}

export type Act = Signed & { readonly findingId: string };
export type ForMonths = Signed & { readonly months: readonly Month[] };

export interface BulkResult {
  readonly cases: number;
  readonly amountFen: Fen;
}

interface Config {
  readonly settings: ReviewSettings;
  readonly opinions: Opinions;
  readonly calendar: WorkingDays;
  readonly timezone: string;
}

/** What the work needs of its surroundings. */
export interface CaseWorkParts {
  readonly pool: pg.Pool;
  readonly site: Site;
  readonly audit: AuditService;
  readonly journal: JournalService;
  readonly clock: Clock;
}

/** How every action on cases is carried out: settings and calendar read once, one transaction, one journal, dry runs undone. */
export class CaseWork {
  private loaded: Config | null = null;

  constructor(private readonly parts: CaseWorkParts) {}

  act(act: Act, deed: Omit<SignedDeed, 'opinion'>): Promise<CaseStep> {
    const signed = this.signed(act, deed);
    return this.within(act, async (client, steps) => {
      await storeAttachments(client, signed.attachments ?? []);
      return steps.take(await this.standing(client, act), signed);
    });
  }

  async bulk(
    of: ForMonths,
    which: Omit<Parameters<typeof lockCases>[1], 'consortium' | 'months'>,
    deed: Pick<SignedDeed, 'action' | 'outcome'>,
  ): Promise<BulkResult> {
    const signed = this.signed(of, { ...of, ...deed });
    return this.within(of, async (client, steps) => {
      const cases = await lockCases(client, { ...of, ...which });
      const taken = cases.filter((each) => each.stands && isDeductible(each));
      for (const each of taken) await steps.take(each, signed);
      const amounts = taken.map(({ proposedFen, flaggedFen }) => proposedFen ?? flaggedFen);
      return { cases: taken.length, amountFen: sum([ZERO_FEN, ...amounts]) };
    });
  }

  /** @throws IncompleteDecisionError */
  private signed<T extends { by: string; reasonCode: string }>(
    { opinion = '' }: { readonly opinion?: string },
    deed: T,
  ): T & { readonly opinion: string } {
    const code = this.config().opinions[deed.reasonCode];
    if (code === undefined)
      throw new IncompleteDecisionError(
        `没有理由代码 ${deed.reasonCode}；可用：${Object.keys(this.config().opinions).join(' ')}`,
      );
    const text = opinion.trim() === '' ? code.text : opinion.trim();
    return { ...deed, by: signedBy(deed.by), opinion: text };
  }

  async standing(
    client: pg.ClientBase,
    of: { readonly consortium: string; readonly findingId: string },
  ): Promise<StandingCase> {
    const found = await lockCase(client, of);
    if (found === null) throw new UnknownFindingError(`疑点 ${of.findingId} 尚未进入审核`);
    return found;
  }

  /** One transaction: the work, then its entries of the journal; a dry run is undone. What was decided against is audited again after. */
  async within<T>(
    { consortium, dryRun = false }: { readonly consortium: string; readonly dryRun?: boolean },
    work: (client: pg.PoolClient, steps: Steps, rulings: Rulings) => Promise<T>,
  ): Promise<T> {
    const rulings = this.rulings();
    const undone: { result?: T } = {};
    let again: readonly Month[] = [];
    const result = await withTransaction(this.parts.pool, async (client) => {
      const steps = new Steps(client, rulings);
      const of = await work(client, steps, rulings);
      if (dryRun) {
        undone.result = of;
        throw new Undo();
      }
      if (steps.entries.length > 0)
        await this.parts.journal.appendAll(client, consortium, steps.entries);
      again = [...steps.again].sort();
      return of;
    }).catch((error: unknown) => {
      if (error instanceof Undo && 'result' in undone) return undone.result as T;
      throw error;
    });
    if (again.length > 0) await this.parts.audit.run({ consortium, months: again });
    return result;
  }

  /** @throws ConfigError */
  config(): Config {
    const { site } = this.parts;
    this.loaded ??= {
      settings: loadReviewSettings(site),
      opinions: loadOpinions(site),
      calendar: loadWorkingDays(site),
      timezone: loadSettlementUnits(site.siteDir).timezone,
    };
    return this.loaded;
  }

  private rulings(): Rulings {
    const { settings, timezone: timeZone, calendar } = this.config();
    const now = this.parts.clock.now();
    return {
      settings,
      calendar,
      today: new Intl.DateTimeFormat('sv-SE', { timeZone }).format(now),
    };
  }
}

/** Ends a dry run. */
class Undo extends Error {}

/** @throws IncompleteDecisionError */
export function signedBy(by: string): string {
  if (by.trim() === '') throw new IncompleteDecisionError('没有写明经办人');
  return by.trim();
}
