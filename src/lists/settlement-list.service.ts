import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { enqueue } from '../agency/outbox.repository.js';
import { SITE, type Site } from '../config/site.js';
import { DATABASE_POOL } from '../database/tokens.js';
import { withTransaction } from '../database/transaction.repository.js';
import { JournalService } from '../journal/journal.service.js';
import type { Canonical } from '../kernel/hash.js';
import type { Month } from '../kernel/period.js';
import type { ListFault } from './field-table.js';
import {
  type ListStanding,
  noteSubmission,
  type RefusedList,
  refusedLists,
  standingOf,
  takenLists,
} from './list.repository.js';
import {
  type CaseOf,
  type CaseSelection,
  type ClaimOf,
  listCases,
  settledMonth,
} from './list-case.repository.js';
import { type FaultCount, rankedFaults } from './list-differences.js';
import { listFaults } from './list-faults.js';
import { enqueueLists, grouped, listMessage, type MonthOf } from './list-messages.repository.js';
import { type ListSetup, loadListSetup } from './list-setup.loader.js';
import { maskedList } from './masked-list.js';
import { buildList, type SettlementList } from './settlement-list.js';

/** A list that may not be sent, and why. */
export interface FaultyList {
  readonly institution: string;
  readonly claimNo: string;
  readonly faults: readonly ListFault[];
}

export interface ListCheck extends MonthOf {
  readonly lists: number;
  readonly sendable: number;
  readonly faulty: readonly FaultyList[];
  /** What is wrong with them, the most frequent fault first. */
  readonly ranked: readonly FaultCount[];
}

/** A list as it would be made now, and what the agency would refuse. */
export interface OneList extends FaultyList {
  readonly settledBy: string;
  readonly month: Month;
  readonly list: SettlementList;
}

export interface ListPush extends ListCheck {
  readonly enqueued: number;
  readonly unchanged: number;
  /** An older version is on its way; its end must come first. */
  readonly waiting: number;
}

/** Settlement lists (结算清单): made from claims, checked field by field, sent through the outbox, submitted, counted. */
@Injectable()
export class SettlementListService {
  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    @Inject(SITE) private readonly site: Site,
    private readonly journal: JournalService,
  ) {}

  /**
   * Makes every list of a month and judges it; writes nothing.
   *
   * @param of.institutions  only lists of care given there
   * @throws ListsNotConfiguredError, ConfigError
   */
  async check(
    { institutions, ...of }: MonthOf & { readonly institutions?: readonly string[] | undefined },
    progress: (lists: number) => void = () => {},
  ): Promise<ListCheck> {
    const setup = loadListSetup(this.site);
    const faulty: FaultyList[] = [];
    let lists = 0;
    for await (const page of this.pages({ ...of, institutions }, setup)) {
      for (const each of page) {
        const faults = listFaults({ list: made(each, setup), ...judge(setup) });
        if (faults.length > 0) faulty.push(faultyOf(each, faults));
      }
      lists += page.length;
      progress(lists);
    }
    const ranked = rankedFaults(faulty, setup.table);
    return { ...of, lists, sendable: lists - faulty.length, faulty, ranked };
  }

  /**
   * Writes the faultless lists of a month into the outbox (4101A); a list that says what it said before is not sent again.
   *
   * @param of.again  also repeat what the agency refused, with the same content
   * @throws ListsNotConfiguredError, ConfigError
   */
  async push(
    { again = false, ...of }: MonthOf & { readonly again?: boolean },
    progress: (lists: number) => void = () => {},
  ): Promise<ListPush> {
    const setup = loadListSetup(this.site);
    const count = { lists: 0, enqueued: 0, unchanged: 0, waiting: 0 };
    const faulty: FaultyList[] = [];
    for await (const page of this.pages(of, setup)) {
      const judged = page.map((each) => ({ each, list: made(each, setup) }));
      const good: typeof judged = [];
      for (const one of judged) {
        const faults = listFaults({ list: one.list, ...judge(setup) });
        if (faults.length > 0) faulty.push(faultyOf(one.each, faults));
        else good.push(one);
      }
      const decisions = await withTransaction(this.pool, (client) =>
        enqueueLists(client, { ...of, again }, good),
      );
      for (const decision of decisions) {
        if (decision === 'unchanged' || decision === 'waiting') count[decision] += 1;
        else count.enqueued += 1;
      }
      count.lists += page.length;
      progress(count.lists);
    }
    await this.note(of, { event: 'lists', lists: count.lists, enqueued: count.enqueued });
    const ranked = rankedFaults(faulty, setup.table);
    return { ...of, ...count, sendable: count.lists - faulty.length, faulty, ranked };
  }

  /** How many lists {@link submit} would submit. */
  async submittable({ consortium, month }: MonthOf): Promise<number> {
    return (await takenLists(this.pool, consortium, month)).length;
  }

  /** Submits what the agency has taken (4102 0 → 1), so many lists a message. Returns the number of lists. */
  async submit(of: MonthOf): Promise<{ readonly lists: number; readonly messages: number }> {
    const { profile } = loadListSetup(this.site);
    const done = await withTransaction(this.pool, async (client) => {
      const taken = await takenLists(client, of.consortium, of.month);
      const groups = grouped(taken, profile.listsAtOnce);
      const messages = groups.map(({ settledBy, lists }) =>
        listMessage('4102', of, {
          settledBy,
          content: {
            month: of.month,
            status: profile.status.submitted,
            lists: lists.map(({ institution, claimNo, personId }) => ({
              performedAt: institution,
              claimNo,
              personId,
            })),
          },
        }),
      );
      const enqueued = await enqueue(client, messages, true);
      for (const [index, { lists }] of groups.entries()) {
        const outboxId = enqueued[index]?.outboxId ?? '';
        await noteSubmission(client, of.consortium, { outboxId, lists });
      }
      return { lists: taken.length, messages: messages.length };
    });
    if (done.lists > 0) await this.note(of, { event: 'submit-lists', ...done });
    return done;
  }

  /** Asks the agency how many lists it expects and has (4105), once a settlement unit; the answers come with the next dispatch. */
  async count(of: MonthOf & { readonly askedAt: string }): Promise<number> {
    const { settings } = loadListSetup(this.site);
    const { consortium, month, askedAt } = of;
    const messages = settings.site.settlementUnits.map(({ institution, name }) => ({
      ...listMessage(
        '4105',
        { consortium, month },
        { settledBy: institution, content: { month, institution, name } },
      ),
      about: [askedAt],
    }));
    await withTransaction(this.pool, (client) => enqueue(client, messages, true));
    return messages.length;
  }

  standing({ consortium, month }: MonthOf): Promise<readonly ListStanding[]> {
    return standingOf(this.pool, consortium, month);
  }

  refused({ consortium, month }: MonthOf): Promise<readonly RefusedList[]> {
    return refusedLists(this.pool, consortium, month);
  }

  /** One list as it would be made now, personal values masked; null when the claim needs none. @throws ListsNotConfiguredError, ConfigError */
  async one(of: ClaimOf): Promise<OneList | null> {
    const setup = loadListSetup(this.site);
    const month = await settledMonth(this.pool, of);
    if (month === null) return null;
    const { consortium, institution, claimNo } = of;
    const selection = { consortium, month, claimNo, institutions: [institution] };
    for await (const [each] of this.pages(selection, setup)) {
      if (each === undefined) continue;
      const list = made(each, setup);
      const faults = listFaults({ list, ...judge(setup) });
      const { settledBy } = each;
      return {
        institution,
        claimNo,
        settledBy,
        month,
        faults,
        list: maskedList(list, judge(setup)),
      };
    }
    return null;
  }

  private pages(
    of: Omit<CaseSelection, 'careTypes'>,
    { profile, knowledge }: ListSetup,
  ): AsyncGenerator<readonly CaseOf[]> {
    return listCases(this.pool, { ...of, careTypes: profile.careTypes }, knowledge);
  }

  private async note({ consortium, month }: MonthOf, content: Canonical): Promise<void> {
    await withTransaction(this.pool, (client) =>
      this.journal.append(client, { consortium, kind: 'push', subject: `lists:${month}`, content }),
    );
  }
}

function made({ case: of }: CaseOf, { table, constants }: ListSetup): SettlementList {
  return buildList(of, table, constants);
}

function judge({ table, knowledge }: ListSetup) {
  return { table, codes: knowledge.codes };
}

function faultyOf(
  { performedAt, case: { claimNo } }: CaseOf,
  faults: readonly ListFault[],
): FaultyList {
  return { institution: performedAt, claimNo, faults };
}
