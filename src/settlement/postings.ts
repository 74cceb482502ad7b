import { POOLS, type Pool } from '../claims/claim.js';
import { type Fen, negate, subtract, sum, yuan, ZERO_FEN } from '../kernel/money.js';
import { CrossCheckError } from './errors.js';
import type { FigureReport } from './result.js';

/** One side of a voucher. Amounts of a voucher sum to zero: what one account gains, another gives. */
export interface Posting {
  readonly voucher: string;
  readonly account: string;
  readonly pool: Pool;
  readonly amount: Fen;
}

/** The figure that a plan books, by plan: what the agency pays the lead hospital. */
const BOOKED = { month: 'prepayment', year: 'final' } as const;

/**
 * Double-entry postings of a run: agency to lead hospital, lead hospital to members. A negative final amount flows back, and stands
 * as a receivable by its sign.
 *
 * @throws CrossCheckError when the members' parts do not add up to the group's
 */
export function postingsOf(
  figures: readonly FigureReport[],
  plan: keyof typeof BOOKED,
): readonly Posting[] {
  return POOLS.flatMap((pool) => poolPostings(figures, pool, BOOKED[plan]));
}

function poolPostings(
  figures: readonly FigureReport[],
  pool: Pool,
  key: string,
): readonly Posting[] {
  const total = figures.find(({ id }) => id.endsWith(`.${pool}.${key}`));
  if (total === undefined) return [];
  const amount = yuan(total.amount);
  const members = memberParts(figures, pool, key);
  const apart = subtract(amount, sum(members.map((part) => part.amount)));
  if (members.length > 0 && apart !== 0n)
    throw new CrossCheckError(`${total.id}：成员单位合计与集团相差 ${apart} 分`, {
      figure: total.id,
    });
  const split = members.map(({ institution, amount: part }) => ({
    account: `member:${institution}`,
    amount: part,
  }));
  return [
    ...voucher(`${pool}.${key}`, pool, [
      { account: 'agency', amount: negate(amount) },
      { account: 'lead', amount },
    ]),
    ...voucher(
      `${pool}.${key}.split`,
      pool,
      split.length === 0 ? [] : [{ account: 'lead', amount: negate(amount) }, ...split],
    ),
  ];
}

function memberParts(figures: readonly FigureReport[], pool: Pool, key: string) {
  return figures.flatMap(({ id, amount }) => {
    const institution = memberOf(id, pool, key);
    return institution === null ? [] : [{ institution, amount: yuan(amount) }];
  });
}

/** The institution of `….<pool>.member.<institution>.<key>`. */
function memberOf(id: string, pool: Pool, key: string): string | null {
  const start = id.indexOf(`.${pool}.member.`);
  if (start === -1 || !id.endsWith(`.${key}`)) return null;
  return id.slice(start + `.${pool}.member.`.length, -(key.length + 1));
}

function voucher(
  name: string,
  pool: Pool,
  sides: readonly { readonly account: string; readonly amount: Fen }[],
): readonly Posting[] {
  const total = sum(sides.map(({ amount }) => amount));
  if (total !== ZERO_FEN)
    throw new CrossCheckError(`凭证 ${name} 借贷不平：${total} 分`, { voucher: name });
  return sides
    .filter(({ amount }) => amount !== ZERO_FEN)
    .map(({ account, amount }) => ({ voucher: name, account, pool, amount }));
}
