import type { Claim } from '../../claims/claim.js';
import { dateOf, daysBetween, type IsoDate } from '../../kernel/dates.js';
import { type Fen, greatest, sum, yuan, ZERO_FEN } from '../../kernel/money.js';
import { byText } from '../../kernel/order.js';
import type { PolicyAt } from '../../policy/policy.js';
import { type BenefitFinding, keyOf, standing } from './benefit-finding.js';

/** A referral inside the consortium (双向转诊单), up or down. */
export interface Referral {
  readonly personId: string;
  readonly from: string;
  readonly to: string;
  readonly on: IsoDate;
}

const STANDARDS = 'referral.deductible';
const LINK_DAYS = 'referral.link_days';
const FIRST_VISIT: readonly Claim['level'][] = ['village', 'primary'];

/** Parameters the check reads. */
export const DEDUCTIBLE_NEEDS = [STANDARDS, LINK_DAYS] as const;

/** An inpatient record with its days. */
interface Stay {
  readonly claim: Claim;
  readonly from: IsoDate;
  readonly to: IsoDate;
}

/**
 * Inpatients with first visit at primary level and referral inside the consortium bear one deductible, of the higher level, not
 * counted twice (起付线按较高等级医疗机构标准确定，不再重复计算). Stays that referrals link make a chain; a chain that began at primary level is
 * compared with the standard of its highest level.
 *
 * @param claims  of the consortium's members: a referral to anyone else has no stay and ends a chain
 * @returns       chains whose deductibles do not add up to that standard
 * @source jilin-2025-13 §三(一)
 */
export function deductibleFindings(
  claims: readonly Claim[],
  referrals: readonly Referral[],
  policy: PolicyAt,
): readonly BenefitFinding[] {
  const { clause, rows } = policy.parameter(STANDARDS);
  return chainsOf(staysOf(claims), referrals, Number(policy.text(LINK_DAYS))).flatMap((chain) => {
    const expected = highestStandard(chain, policy);
    const found = sum(chain.map(({ claim }) => yuan(claim.deductible)));
    if (expected === null || found === expected) return [];
    const what = '基层首诊、双向转诊的住院起付线合计';
    const keys = chain.map(({ claim }) => keyOf(claim));
    return [{ row: rows[0] ?? '', clause, claims: keys, what, expected, found }];
  });
}

function staysOf(claims: readonly Claim[]): readonly Stay[] {
  return standing(claims)
    .flatMap((claim): readonly Stay[] =>
      claim.careType !== 'inpatient' || claim.admittedAt === null || claim.dischargedAt === null
        ? []
        : [{ claim, from: dateOf(claim.admittedAt), to: dateOf(claim.dischargedAt) }],
    )
    .sort((a, b) => byText(a.from, b.from) || byText(keyOf(a.claim), keyOf(b.claim)));
}

/** Chains of at least two stays of one person in one pool, linked by referrals, the first at primary level. */
function chainsOf(
  stays: readonly Stay[],
  referrals: readonly Referral[],
  days: number,
): readonly (readonly Stay[])[] {
  const open = new Map<string, Stay[][]>();
  for (const stay of stays) {
    const person = `${stay.claim.pool} ${stay.claim.personId}`;
    const chains = open.get(person) ?? [];
    const before = chains.find((chain) => isLinked(chain.at(-1), stay, { referrals, days }));
    if (before === undefined) open.set(person, [...chains, [stay]]);
    else before.push(stay);
  }
  return [...open.values()]
    .flat()
    .filter((chain) => chain.length > 1 && isFirstVisit(chain[0]?.claim.level));
}

interface Links {
  readonly referrals: readonly Referral[];
  readonly days: number;
}

/** Whether a referral joins the end of one stay to the start of the next, within the days allowed on either side. */
function isLinked(earlier: Stay | undefined, later: Stay, { referrals, days }: Links): boolean {
  if (earlier === undefined) return false;
  return referrals.some(
    ({ personId, from, to, on }) =>
      personId === later.claim.personId &&
      from === earlier.claim.performedAt &&
      to === later.claim.performedAt &&
      Math.abs(daysBetween(earlier.to, on)) <= days &&
      Math.abs(daysBetween(on, later.from)) <= days,
  );
}

function isFirstVisit(level: Claim['level'] | undefined): boolean {
  return FIRST_VISIT.some((each) => each === level);
}

/** Null where the table has no row for a level of the chain: nothing can be said then. */
function highestStandard(chain: readonly Stay[], policy: PolicyAt): Fen | null {
  const amounts = chain.map(({ claim }) => {
    const row = policy
      .table(STANDARDS)
      .find((each) => each['pool'] === claim.pool && each['level'] === claim.level);
    return row === undefined ? null : yuan(row['amount'] ?? '');
  });
  return amounts.some((amount) => amount === null)
    ? null
    : amounts.reduce<Fen>((most, amount) => greatest(most, amount ?? ZERO_FEN), ZERO_FEN);
}
