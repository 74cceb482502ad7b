import { Decimal, decimal } from '../../kernel/decimal.js';
import { add, type Fen, sum, ZERO_FEN } from '../../kernel/money.js';
import type { Gap, PolicyAt } from '../../policy/policy.js';
import type { DrgCaseFacts } from '../../records/method-facts.js';
import type { MemberFacts } from '../facts.js';
import { clauseOf, type StepQuestion } from '../step.js';
import { type DrgRules, type DrgValue, drgValue } from './drg-value.js';
import { cell, DRG_RULES, drgRules, membersLack, rowOfLevel } from './method-parameters.js';
import { type Scored, scoredInAll } from './scored-members.js';

const COEFFICIENTS = 'drg.coefficients';
/** Price package of the site, by which cases of the books are valued. */
export const PRICES = 'drg.prices';

/** The parameters that cases listed one by one are valued by; none where only sums are given. */
export function caseRules({ own }: Pick<StepQuestion, 'own'>): readonly string[] {
  return own.members.some(({ methods }) => methods.drgCases.length > 0) ? DRG_RULES : [];
}

/**
 * How a member's cases count: listed ones are valued one by one, else the sum it gives stands: points, or a weight times the scale.
 *
 * @param scaleId  parameter of the points of weight 1; null: weights themselves are paid
 */
export function drgScored({ policy }: Pick<StepQuestion, 'policy'>, scaleId: string | null) {
  const ids = scaleId === null ? DRG_RULES : [...DRG_RULES, scaleId];
  const isOpen = ids.some((id) => policy.gapOf(id) !== null);
  return (member: MemberFacts): Scored => {
    if (member.methods.drgCases.length === 0) return givenInAll(member, policy, scaleId);
    // What is open is listed as a gap; the cases themselves are not missing.
    if (isOpen) return { ...scoredInAll(member), score: ZERO_SCORE };
    const coefficient = coefficientOf(policy, member);
    if (coefficient === null) return { ...scoredInAll(member), score: ZERO_SCORE };
    const scale = scaleId === null ? new Decimal(1) : decimal(policy.text(scaleId));
    return scoredCases(member, { rules: drgRules(policy, scale), coefficient });
  };
}

function givenInAll(member: MemberFacts, policy: PolicyAt, scaleId: string | null): Scored {
  const scored = scoredInAll(member);
  const { drgWeight } = member.methods;
  if (scaleId === null)
    return { ...scored, score: drgWeight ?? (scored.score?.isZero() === true ? ZERO_SCORE : null) };
  if (drgWeight === null) return scored;
  const scale = policy.gapOf(scaleId) === null ? decimal(policy.text(scaleId)) : ZERO_SCORE;
  return { ...scored, score: drgWeight.times(scale) };
}

function scoredCases(
  { institution, methods }: MemberFacts,
  { rules, coefficient }: { readonly rules: DrgRules; readonly coefficient: Decimal },
): Scored {
  const valued = methods.drgCases.map((found) => ({
    found,
    value: drgValue(found, rules, coefficient),
  }));
  const scored = valued.filter(({ value }) => value.score !== null);
  return {
    institution,
    score: scored.reduce((total, { value }) => total.plus(value.score ?? ZERO_SCORE), ZERO_SCORE),
    atActual: bookedOf(valued.filter(({ value }) => value.score === null)),
    booked: bookedOf(scored),
    cost: sum(scored.map(({ found }) => found.cost)),
    note: noteOf(valued),
  };
}

const ZERO_SCORE = new Decimal(0);

interface Valued {
  readonly found: DrgCaseFacts;
  readonly value: DrgValue;
}

function bookedOf(valued: readonly Valued[]): Fen {
  return valued.reduce((total, { found }) => add(total, found.booked), ZERO_FEN);
}

const CLASS_LABELS = {
  usual: '正常',
  low: '低倍率',
  high: '高倍率',
  excluded: '不入 DRG',
} as const;

function noteOf(valued: readonly Valued[]): string {
  const kinds = ['usual', 'low', 'high', 'excluded'] as const;
  return kinds
    .map(
      (kind) =>
        `${CLASS_LABELS[kind]} ${valued.filter(({ value }) => value.class === kind).length} 例`,
    )
    .join('、');
}

function coefficientOf(policy: PolicyAt, { level }: MemberFacts): Decimal | null {
  const row = rowOfLevel(policy.table(COEFFICIENTS), level);
  return row === null ? null : decimal(cell(row, 'coefficient'));
}

/** Members with cases whose level the table of coefficients does not know. */
export function coefficientsMissing(question: StepQuestion): readonly Gap[] {
  const { own, policy } = question;
  if (policy.gapOf(COEFFICIENTS) !== null) return [];
  const open = own.members.filter(
    (member) => member.methods.drgCases.length > 0 && coefficientOf(policy, member) === null,
  );
  const clause = clauseOf(policy, COEFFICIENTS);
  const gap = { id: 'level', label: '级别（level），或该级别的机构系数', rows: ['HN-05', 'HI-07'] };
  return membersLack(question, open, { ...gap, clause });
}

/** The price package that would value the cases of members who have neither cases nor sums, where the region knows of one. */
export function pricesMissing(
  question: StepQuestion,
  scored: (member: MemberFacts) => Scored,
): readonly Gap[] {
  const gap = question.policy.gapOf(PRICES);
  const isLacking = question.own.members.some((member) => scored(member).score === null);
  return gap === null || gap.clause === '' || !isLacking ? [] : [gap];
}
