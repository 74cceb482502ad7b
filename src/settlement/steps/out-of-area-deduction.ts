import { Decimal } from '../../kernel/decimal.js';
import { type Fen, times } from '../../kernel/money.js';
import { defineStep, lackingFilings, type StepQuestion } from '../step.js';

const FACTOR = 'out_of_area.factor';
const DENOMINATOR = 'out_of_area.denominator';
const MONEY = 'out_of_area.money_base';
const FALL = 'out_of_area.fall';
const NOW = 'out_of_area.share';
const BEFORE = 'out_of_area.share_before';
const EXPENDITURE = 'fund.insured_expenditure';

/**
 * What a risen share of out-of-area treatment takes off the total (异地就医费用占比增高的扣减):
 *
 *     deduction = money base × max(0, share − last year's share) × factor, rounded half-up once
 *
 * The text says only 适当: factor, denominator and money base are open; for a fall it says nothing.
 *
 * @source jilin-2025-13 §二(四)
 */
export const outOfAreaDeduction = defineStep({
  name: 'out-of-area-deduction',
  rows: ['JL-06'],
  reads: ['budget-approved'],
  needs: () => [FACTOR, DENOMINATOR, MONEY, FALL],
  missing: (question) => lackingFilings(question, [NOW, BEFORE, ...moneyFilings(question)]),
  compute: (run) => {
    const byBudget = run.policy.text(MONEY) === 'budget';
    const base = byBudget ? run.fen('budget-approved') : run.filedFen(EXPENDITURE);
    const rise = run.filedDecimal(NOW).minus(run.filedDecimal(BEFORE));
    return [
      {
        key: 'out-of-area-deduction',
        label: '异地就医费用占比增高的扣减',
        unit: 'yuan',
        value: deductionOf(base, rise, run.policy.ratio(FACTOR)),
        clause: run.policy.parameter(FACTOR).clause,
        formula: `${byBudget ? '付费总额' : '参保人基金支出'} × 异地就医费用占比较上年增高的部分 × 扣减系数（下降不扣不增）`,
        inputs: [
          byBudget ? run.from('budget-approved') : run.filed(EXPENDITURE),
          run.filed(NOW),
          run.filed(BEFORE),
          ...[FACTOR, DENOMINATOR, MONEY, FALL].map((id) => run.by(id)),
        ],
      },
    ];
  },
});

/** @param rise  this year's share less last year's; a fall deducts nothing */
function deductionOf(base: Fen, rise: Decimal, factor: Decimal): Fen {
  return times(base, Decimal.max(rise, 0).times(factor), 'half-up');
}

function moneyFilings({ policy }: StepQuestion): readonly string[] {
  if (policy.gapOf(MONEY) !== null) return [];
  return policy.text(MONEY) === 'budget' ? [] : [EXPENDITURE];
}
