import type pg from 'pg';
import type { IsoDate } from '../kernel/dates.js';
import { GatewayError } from '../kernel/errors.js';
import type { Month } from '../kernel/period.js';
import { lockCase, lockCases, type StandingCase, setEscalated } from './case.repository.js';
import { postedCases } from './case-money.repository.js';
import { dueOn, type Rulings, type SignedDeed, type Steps } from './case-step.repository.js';
import { CASE_STATES, MEMBER_AWAITED, nextState, REVIEWER_AWAITED } from './review-states.js';

/** What a sweep did, in cases. */
export interface Swept {
  /** Members that stayed silent beyond the term: not appealed, or agreed to the last word. */
  readonly lapsed: number;
  /** Of those, the ones whose deductions were made. */
  readonly confirmed: number;
  readonly escalated: number;
  readonly posted: number;
  readonly withdrawn: number;
}

interface Sweep {
  readonly consortium: string;
  readonly on: IsoDate;
  readonly steps: Steps;
  readonly rulings: Rulings;
}

const system = (action: SignedDeed['action'], reasonCode: string, opinion: string): SignedDeed => ({
  ...{ action, reasonCode, opinion, by: 'system' },
});
const SILENT = system('lapse', 'SILENT', '逾期未答复，视为无异议');
const OVERDUE = system('escalate', 'OVERDUE', '逾期未办，升级督办');
const SETTLED = system('post', 'SETTLED', '结算已扣款');
const GONE = system('withdraw', 'GONE', '重新审核后疑点不再成立');

export async function sweepCases(client: pg.ClientBase, sweep: Sweep): Promise<Swept> {
  const { consortium, steps } = sweep;
  const withdrawn = await withdrawGone(client, steps, { consortium, months: null });
  await fillTerms(client, sweep);
  const { lapsed, confirmed } = await lapse(client, sweep);
  const escalated = await escalate(client, sweep);
  let posted = 0;
  for (const findingId of await postedCases(client, consortium)) {
    const of = await lockCase(client, { consortium, findingId });
    if (of === null) continue;
    await steps.take(of, SETTLED);
    posted += 1;
  }
  return { lapsed, confirmed, escalated, posted, withdrawn };
}

/** Cases under way whose finding stands no longer. */
export async function withdrawGone(
  client: pg.ClientBase,
  steps: Steps,
  of: { readonly consortium: string; readonly months: readonly Month[] | null },
): Promise<number> {
  const states = CASE_STATES.filter((state) => nextState(state, 'withdraw') !== null);
  const cases = await lockCases(client, { ...of, states });
  const gone = cases.filter(({ stands }) => !stands);
  for (const each of gone) await steps.take(each, GONE);
  return gone.length;
}

/** Terms that could not be counted when the state was entered, for want of that year's calendar. */
async function fillTerms(client: pg.ClientBase, { consortium, rulings }: Sweep): Promise<void> {
  const { rows } = await client.query<{ id: string; state: StandingCase['state']; on: IsoDate }>(
    `SELECT finding_id AS id, state, entered_on AS "on" FROM review_case
     WHERE consortium = $1 AND due_on IS NULL AND state = ANY($2)`,
    [consortium, [...REVIEWER_AWAITED, ...MEMBER_AWAITED]],
  );
  for (const { id, state, on } of rows) {
    const due = dueOn(state, on, rulings);
    if (due === null) continue;
    await client.query(
      'UPDATE review_case SET due_on = $3 WHERE consortium = $1 AND finding_id = $2',
      [consortium, id, due],
    );
  }
}

/** A member's silence. A case that cannot go on (its finding was priced anew meanwhile) goes to a person instead. */
async function lapse(
  client: pg.ClientBase,
  { consortium, on, steps }: Sweep,
): Promise<{ lapsed: number; confirmed: number }> {
  const count = { lapsed: 0, confirmed: 0 };
  const of = { consortium, months: null, states: MEMBER_AWAITED, overdueOn: on };
  for (const each of await lockCases(client, of)) {
    await client.query('SAVEPOINT lapse');
    const mark = steps.mark();
    try {
      const { to } = await steps.take(each, SILENT);
      count.lapsed += 1;
      if (to === 'CONFIRMED') count.confirmed += 1;
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      await client.query('ROLLBACK TO SAVEPOINT lapse');
      steps.backTo(mark);
      await setEscalated(client, each);
    }
  }
  return count;
}

/** Reviewers that stayed silent, once for each term. */
async function escalate(client: pg.ClientBase, { consortium, on, steps }: Sweep): Promise<number> {
  const of = { consortium, months: null, states: REVIEWER_AWAITED, overdueOn: on };
  const late = (await lockCases(client, of)).filter(({ escalated }) => !escalated);
  for (const each of late) {
    await steps.take(each, OVERDUE);
    await setEscalated(client, each);
  }
  return late.length;
}
