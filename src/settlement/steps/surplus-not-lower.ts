import { toYuan, ZERO_FEN } from '../../kernel/money.js';
import type { Gap } from '../../policy/policy.js';
import { approvedBudgetOf } from '../approved-budget.js';
import { defineStep, filedOf, given, lacking, lackingFilings, type StepQuestion } from '../step.js';

const AGAINST = 'budget.floor';
const SURPLUS = 'prior.surplus';

/**
 * A surplus earned by cost control and health management does not lower the next year's total (结余不降低下年度指标): where last year
 * closed with such a surplus, an approved total below last year's halts until it is corrected. Adjustments for policy, and what
 * out-of-area care takes off, stand apart and may still lower what is paid.
 *
 * @source jilin-2025-13 §二(一)
 */
export const surplusNotLower = defineStep({
  name: 'surplus-not-lower',
  rows: ['JL-03'],
  reads: ['budget-issued'],
  needs: () => [AGAINST],
  missing: (question) => {
    const open = lackingFilings(question, [SURPLUS]);
    if (open.length > 0 || !isEarned(question)) return open;
    return floorGaps(question);
  },
  compute: (run) => {
    const prior = run.own.budget?.priorBudget ?? null;
    const earned = isEarned(run);
    return [
      {
        key: 'budget-floor',
        label: '总额下限（上年合理控费形成结余的，不低于上年总额）',
        unit: 'yuan',
        value: earned ? (prior?.amount ?? ZERO_FEN) : ZERO_FEN,
        clause: run.policy.parameter(AGAINST).clause,
        formula: earned
          ? '上年度总额；核定总额不得低于此数'
          : '上年没有合理控费形成的结余，不设下限',
        inputs: [
          run.filed(SURPLUS),
          ...(prior === null ? [] : [given(prior.label, prior.amount, prior.clause)]),
          run.from('budget-issued'),
          run.by(AGAINST),
        ],
      },
    ];
  },
});

function isEarned(question: Pick<StepQuestion, 'facts' | 'own'>): boolean {
  return filedOf(question, SURPLUS)?.value === 'earned';
}

function floorGaps(question: StepQuestion): readonly Gap[] {
  const { own, policy } = question;
  const prior = own.budget?.priorBudget ?? null;
  const { clause, rows } = policy.filing(SURPLUS);
  if (prior === null)
    return [
      lacking(question, { id: 'budget.prior_budget', label: '上年度总额预算', clause, rows }),
    ];
  const approved = approvedBudgetOf(question);
  if (approved === null || approved.amount >= prior.amount) return [];
  const reason = `核定 ${toYuan(approved.amount)}，低于上年 ${toYuan(prior.amount)}；上年结余由合理控费形成，不得降低`;
  return [lacking(question, { id: 'budget.floor', label: '核定总额', clause, rows }, reason)];
}
