import { POOLS, type Pool } from '../claims/claim.js';
import { add, type Fen, negate, sum, yuan, ZERO_FEN } from '../kernel/money.js';
import { CrossCheckError } from './errors.js';
import type { Account } from './figure.js';
import type { FigureReport } from './result.js';

/** One side of a voucher. Amounts of a voucher sum to zero: what one account gains, another gives. */
export interface Posting {
  readonly voucher: string;
  readonly account: Account;
  readonly pool: Pool;
  readonly fund: string;
  readonly amount: Fen;
}

/** The pooled fund, with whatever funds the region's budget unites with it. */
const POOLED = 'pooled';

/**
 * Double-entry postings of a run: each figure that books something moves its amount between its two accounts. A figure of the group is
 * a voucher of its own; the members' figures of one key make one voucher.
 *
 * @throws CrossCheckError when a voucher does not balance, or when the lead hospital took in more or less than it passed on and kept
 *   apart: the members' parts do not add up to the group's
 */
export function postingsOf(figures: readonly FigureReport[]): readonly Posting[] {
  return POOLS.flatMap((pool) => {
    const own = figures.flatMap((figure) => sidesOf(figure, pool));
    const postings = merged(own);
    assertBalanced(postings);
    assertPassedOn(pool, postings);
    return postings.filter(({ amount }) => amount !== ZERO_FEN);
  });
}

function sidesOf({ id, amount: text, booking }: FigureReport, pool: Pool): readonly Posting[] {
  const start = id.indexOf(`.${pool}.`);
  if (booking === undefined || start === -1) return [];
  const amount = yuan(text);
  const key = id.slice(start + pool.length + 2);
  const member = /^member\.[^.]+\.(.+)$/.exec(key)?.[1];
  const voucher = member === undefined ? `${pool}.${key}` : `${pool}.${member}.split`;
  const { from, to, fund = POOLED } = booking;
  return [
    { voucher, account: from, pool, fund, amount: negate(amount) },
    { voucher, account: to, pool, fund, amount },
  ];
}

/** One posting for each account and fund of a voucher, in the order they first stand. */
function merged(postings: readonly Posting[]): readonly Posting[] {
  const found = new Map<string, Posting>();
  for (const posting of postings) {
    const key = [posting.voucher, posting.account, posting.fund].join(' ');
    const before = found.get(key);
    const amount = before === undefined ? posting.amount : add(before.amount, posting.amount);
    found.set(key, { ...posting, amount });
  }
  return [...found.values()];
}

function assertBalanced(postings: readonly Posting[]): void {
  for (const voucher of new Set(postings.map((posting) => posting.voucher))) {
    const total = sum(
      postings.filter((posting) => posting.voucher === voucher).map(({ amount }) => amount),
    );
    if (total !== ZERO_FEN)
      throw new CrossCheckError(`凭证 ${voucher} 借贷不平：${total} 分`, { voucher });
  }
}

/**
 * What came to the lead hospital went on to members, into what it keeps apart, or stands as what members owe it. Only where the run
 * passes anything on: a run of the group alone stops at the lead.
 */
function assertPassedOn(pool: Pool, postings: readonly Posting[]): void {
  const toMembers = postings.some(({ account }) => account.startsWith('member:'));
  if (!toMembers) return;
  const left = sum(
    postings
      .filter(({ account }) => account === 'lead' || account.startsWith('receivable:'))
      .map(({ amount }) => amount),
  );
  if (left !== ZERO_FEN)
    throw new CrossCheckError(`${pool} 牵头医院收付不符：成员单位合计与集团相差 ${left} 分`, {
      pool,
    });
}
