import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { SITE, type Site } from '../../config/site.js';
import { DATABASE_POOL } from '../../database/tokens.js';
import { withTransaction } from '../../database/transaction.repository.js';
import { JournalService } from '../../journal/journal.service.js';
import type { Month } from '../../kernel/period.js';
import type { Rule, RuleStatus } from '../rule.js';
import { SiteBooks } from '../site-book.repository.js';
import { AuditDecisionError } from './errors.js';
import { type Aspect, type LifecycleSettings, missingFor, type Standing } from './lifecycle.js';
import { loadLifecycle } from './lifecycle.loader.js';
import { NO_RECORD, NOT_NOTED, readNoted, readRecords } from './rule-record.repository.js';
import { readUpheldAppeals } from './upheld-appeals.repository.js';

/** A rule as it stands here, with how it has done. */
export interface RuleStanding extends Standing {
  readonly ruleId: string;
  readonly version: string;
  readonly title: string;
  /** The month whose upheld appeals opened its review again. */
  readonly reopened: Month | null;
}

interface About {
  readonly consortium: string;
  readonly ruleId: string;
  readonly by: string;
}

/** The life of rules at one site (规则生命周期): what stands, who agreed, where it goes next. Every step enters the journal. */
@Injectable()
export class RuleLifecycle {
  private readonly books: SiteBooks;

  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    @Inject(SITE) private readonly site: Site,
    private readonly journal: JournalService,
  ) {
    this.books = new SiteBooks(site);
  }

  /** @param months  whose findings count; null = all that stand */
  async standings(
    consortium: string,
    months: readonly Month[] | null,
  ): Promise<readonly RuleStanding[]> {
    const { book } = await this.books.read(this.pool, consortium);
    const records = await readRecords(this.pool, consortium, months);
    const noted = await readNoted(this.pool, consortium);
    return book.rules
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
      .map((rule): RuleStanding => {
        const { approvals, monthsOnTrial, reopened } = noted.get(rule.id) ?? NOT_NOTED;
        return {
          ...{ ruleId: rule.id, version: rule.version, title: rule.title },
          ...{ class: rule.class, status: rule.status, monthsOnTrial, reopened },
          isReopened: reopened !== null,
          approvals: approvals.filter(({ version }) => version === rule.version),
          record: records.get(rule.id) ?? NO_RECORD,
        };
      });
  }

  /** One side's agreement to this version. @throws AuditDecisionError when it has been given */
  async approve({
    aspect,
    note,
    ...about
  }: About & { readonly aspect: Aspect; readonly note: string }): Promise<void> {
    const rule = await this.rule(about);
    await this.noted(about, { step: 'approved', aspect, version: rule.version }, async (client) => {
      const { rowCount } = await client.query(
        `INSERT INTO rule_approval (consortium, rule_id, rule_version, aspect, approved_by, note) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT DO NOTHING`,
        [about.consortium, about.ruleId, rule.version, aspect, about.by, note],
      );
      if (rowCount !== 1) throw new AuditDecisionError(`${about.ruleId} 的这一方面已经同意过`);
    });
  }

  /**
   * Takes a rule to another status, if nothing stands in the way.
   *
   * @returns what is missing; empty: it was done, or with `dryRun` would be
   */
  async move({
    to,
    reason,
    dryRun = false,
    ...about
  }: About & {
    readonly to: RuleStatus;
    readonly reason: string;
    readonly dryRun?: boolean;
  }): Promise<readonly string[]> {
    const standing = (await this.standings(about.consortium, null)).find(
      ({ ruleId }) => ruleId === about.ruleId,
    );
    if (standing === undefined) throw new AuditDecisionError(`没有规则 ${about.ruleId}`);
    const missing = missingFor(to, standing, this.settings());
    if (missing.length > 0 || dryRun) return missing;
    const { version, status } = standing;
    await this.noted(about, { step: 'moved', from: status, to, version, reason }, (client) =>
      client.query(
        `INSERT INTO rule_state (consortium, rule_id, rule_version, status, decided_by, reason) VALUES ($1, $2, $3, $4, $5, $6)`,
        [about.consortium, about.ruleId, version, to, about.by, reason],
      ),
    );
    return [];
  }

  /** A rule owner's word on a trial finding, which reviewers never see. @throws AuditDecisionError when it is none, or judged already */
  async judge({
    findingId,
    isRight,
    note,
    consortium,
    by,
  }: Omit<About, 'ruleId'> & {
    readonly findingId: string;
    readonly isRight: boolean;
    readonly note: string;
  }): Promise<void> {
    const { rows } = await this.pool.query<{ rule_id: string; rule_version: string }>(
      `SELECT rule_id, rule_version FROM finding WHERE consortium = $1 AND finding_id = $2 AND mode = 'shadow' LIMIT 1`,
      [consortium, findingId],
    );
    const [found] = rows;
    if (found === undefined) throw new AuditDecisionError(`没有试运行疑点 ${findingId}`);
    const about = { consortium, ruleId: found.rule_id, by };
    await this.noted(about, { step: 'judged', findingId, isRight }, async (client) => {
      const { rowCount } = await client.query(
        `INSERT INTO rule_trial_verdict (consortium, finding_id, rule_id, rule_version, is_right, judged_by, note)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
        [consortium, findingId, found.rule_id, found.rule_version, isRight, by, note],
      );
      if (rowCount !== 1) throw new AuditDecisionError(`试运行疑点 ${findingId} 已经判断过`);
    });
  }

  /** Opens the review of rules against which enough appeals were upheld in the month; each once a month. @returns their ids */
  async reopenDue(consortium: string, month: Month): Promise<readonly string[]> {
    const upheld = await readUpheldAppeals(this.pool, consortium, [month]);
    const due = [...upheld].filter(([, count]) => count >= this.settings().reopenAtUpheldAppeals);
    const opened: string[] = [];
    for (const [ruleId, count] of due) {
      const isNew = await this.reopen({ consortium, ruleId, by: 'system' }, { month, count });
      if (isNew) opened.push(ruleId);
    }
    return opened;
  }

  /** Ends a review that was opened again. @throws AuditDecisionError when there is none open */
  async closeReview({ outcome, ...about }: About & { readonly outcome: string }): Promise<void> {
    await this.noted(about, { step: 'review-closed', outcome }, async (client) => {
      const { rowCount } = await client.query(
        `UPDATE rule_reopened SET closed_by = $3, closed_at = now(), outcome = $4
         WHERE consortium = $1 AND rule_id = $2 AND closed_at IS NULL`,
        [about.consortium, about.ruleId, about.by, outcome],
      );
      if (rowCount === 0) throw new AuditDecisionError(`${about.ruleId} 没有重新打开的评审`);
    });
  }

  private async reopen(
    about: About,
    { month, count }: { readonly month: Month; readonly count: number },
  ): Promise<boolean> {
    return withTransaction(this.pool, async (client) => {
      const { rowCount } = await client.query(
        `INSERT INTO rule_reopened (consortium, rule_id, month, upheld) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
        [about.consortium, about.ruleId, month, count],
      );
      if (rowCount !== 1) return false;
      await this.journal.append(client, {
        ...{ consortium: about.consortium, kind: 'configuration', subject: `rule:${about.ruleId}` },
        content: { step: 'review-reopened', month, upheldAppeals: count },
      });
      return true;
    });
  }

  private settings(): LifecycleSettings {
    return loadLifecycle(this.site);
  }

  private async rule({ consortium, ruleId }: About): Promise<Rule> {
    const { book } = await this.books.read(this.pool, consortium);
    const rule = book.rules.find(({ id }) => id === ruleId);
    if (rule === undefined) throw new AuditDecisionError(`没有规则 ${ruleId}`);
    return rule;
  }

  private async noted(
    { consortium, ruleId, by }: About,
    content: Readonly<Record<string, string | boolean>>,
    change: (client: pg.PoolClient) => Promise<unknown>,
  ): Promise<void> {
    if (by.trim() === '') throw new AuditDecisionError('缺少经办人');
    await withTransaction(this.pool, async (client) => {
      await change(client);
      await this.journal.append(client, {
        ...{ consortium, kind: 'configuration', subject: `rule:${ruleId}` },
        content: { ...content, by },
      });
    });
  }
}
