import { decimal } from '../../kernel/decimal.js';
import { type Fen, roundToFen, toDecimalFen, yuan, ZERO_FEN } from '../../kernel/money.js';
import type { Gap } from '../../policy/policy.js';
import { splitAmong, splitClause, splitFormula, splitInput } from '../distribution.js';
import type { MemberFacts } from '../facts.js';
import type { Figure } from '../figure.js';
import { shareOut } from '../shares.js';
import {
  defineStep,
  filedOf,
  given,
  lacking,
  lackingFilings,
  type StepQuestion,
  type StepRun,
} from '../step.js';
import { sumOf } from './prepaid-total.js';

const MONTHS = 'prepayment.months';
const LEAST = 'prepayment.months_least';
const BASE = 'prepayment.month_base';
const ELIGIBLE = 'prepayment.eligible';
const MONTH = 'prepayment.month_amount';
const MEMBER = 'prepayment.member_base';
const MONTHS_OF_YEAR = 12;

/**
 * Prepayment of some months at the start (预拨): where the area is eligible, a month's fund × the months agreed, never fewer than the
 * text's least. A month of what is open in the text.
 *
 * @source jilin-2025-13 §三(一)   不少于1个月
 */
export const prepaymentMonths = defineStep({
  name: 'prepayment-months',
  rows: ['JL-10'],
  reads: ['budget-approved'],
  needs: (question) => (isEligible(question) ? [MONTHS, LEAST, BASE] : []),
  missing: (question) => [
    ...lackingFilings(question, [ELIGIBLE, ...monthFilings(question)]),
    ...tooFew(question),
    ...unsplit(question),
  ],
  compute: (run) => {
    const amount = isEligible(run) ? prepaid(monthTimes(run)) : ZERO_FEN;
    return [totalFigure(run, amount), ...memberFigures(run, amount)];
  },
});

interface Prepayment {
  /** Fen of `parts` months. */
  readonly base: Fen;
  readonly parts: number;
  readonly months: string;
}

/** base ÷ parts × months, rounded half-up once. */
function prepaid({ base, parts, months }: Prepayment): Fen {
  return roundToFen(toDecimalFen(base).times(decimal(months)).div(parts), 'half-up');
}

function monthTimes(run: StepRun): Prepayment {
  const months = run.policy.text(MONTHS);
  return run.policy.text(BASE) === 'budget-twelfth'
    ? { base: run.fen(budgetOf(run)), parts: MONTHS_OF_YEAR, months }
    : { base: run.filedFen(MONTH), parts: 1, months };
}

/** The total with what the text puts to it, where the plan has such a step. */
function budgetOf(run: StepRun): string {
  return run.find('budget') === null ? 'budget-approved' : 'budget';
}

function totalFigure(run: StepRun, amount: Fen): Figure {
  const eligible = isEligible(run);
  const byBudget = eligible && run.policy.text(BASE) === 'budget-twelfth';
  const month = byBudget ? run.from(budgetOf(run)) : run.filed(eligible ? MONTH : ELIGIBLE);
  return {
    key: 'prepayment',
    label: '年初预拨金额（拨付牵头医院）',
    unit: 'yuan',
    value: amount,
    clause: eligible ? run.policy.parameter(LEAST).clause : run.policy.filing(ELIGIBLE).clause,
    formula: formulaOf(eligible, byBudget),
    inputs: eligible ? [month, run.by(MONTHS), run.by(LEAST), run.by(BASE)] : [month],
    booking: { from: 'agency', to: 'lead' },
  };
}

function formulaOf(eligible: boolean, byBudget: boolean): string {
  if (!eligible) return '统筹区不符合预拨条件，不预拨';
  return byBudget ? '付费总额 ÷ 12 × 预拨月数' : '核定的月均基金 × 预拨月数';
}

/** By the lead's plan; without one by each member's filed base, or what it was paid in the months of last year. */
function memberFigures(run: StepRun, amount: Fen): readonly Figure[] {
  const { members } = run.own;
  const planned = run.facts.distribution !== undefined;
  const shares = planned
    ? splitAmong(run, amount)
    : shareOut(
        amount,
        members.map((member) => toDecimalFen(memberBase(member))),
      );
  return members.map((member, index) => ({
    key: `member.${member.institution}.prepayment`,
    label: `成员单位 ${member.institution} 预拨`,
    unit: 'yuan',
    value: shares[index] ?? ZERO_FEN,
    clause: planned ? splitClause(run) : run.policy.filing(ELIGIBLE).clause,
    formula: planned
      ? splitFormula(run, '年初预拨金额')
      : '年初预拨金额按成员单位的分配基数比例分配（最大余数法）',
    inputs: planned
      ? [splitInput(run)]
      : [given('分配基数（申报数，或上年各月所得）', memberBase(member))],
    booking: { from: 'lead', to: `member:${member.institution}` },
  }));
}

/** What a member stands for: the filed base, else what it was paid in the months of last year. */
function memberBase({ filings, prepaid: payments }: MemberFacts): Fen {
  const filed = filings[MEMBER]?.value;
  return filed === undefined ? sumOf(payments) : yuan(filed);
}

/** Without the lead's plan nor last year's payments nobody could say whose the money is. */
function unsplit(question: StepQuestion): readonly Gap[] {
  const { own, facts, policy } = question;
  if (own.members.length === 0 || facts.distribution !== undefined || !isEligible(question))
    return [];
  if (own.members.some((member) => memberBase(member) > 0n)) return [];
  const { clause, rows } = policy.filing(ELIGIBLE);
  const gap = { id: 'members.prepaid', label: '成员单位的预拨分配基数', clause, rows };
  return [lacking(question, gap, `没有牵头医院的分配方案，也没有上年各月付款：可申报 ${MEMBER}`)];
}

function isEligible(question: Pick<StepQuestion, 'facts' | 'own'>): boolean {
  return filedOf(question, ELIGIBLE)?.value === 'yes';
}

function monthFilings(question: StepQuestion): readonly string[] {
  const { policy } = question;
  if (!isEligible(question) || policy.gapOf(BASE) !== null) return [];
  return policy.text(BASE) === 'filed' ? [MONTH] : [];
}

function tooFew(question: StepQuestion): readonly Gap[] {
  const { policy } = question;
  if (!isEligible(question) || policy.gapOf(MONTHS) !== null) return [];
  const least = policy.text(LEAST);
  if (decimal(policy.text(MONTHS)).gte(decimal(least))) return [];
  const { label, clause, rows } = policy.parameter(MONTHS);
  const reason = `写为 ${policy.text(MONTHS)} 个月，少于政策规定的 ${least} 个月`;
  return [{ id: MONTHS, label, clause, rows, reason }];
}
