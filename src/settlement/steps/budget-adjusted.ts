import { type Fen, negate, sum } from '../../kernel/money.js';
import { defineStep, type StepRun } from '../step.js';

/** What is put to the total, with its sign, where the plan has such a step. */
const PARTS = [
  { key: 'tcm-tilt', sign: 1 },
  { key: 'out-of-area-deduction', sign: -1 },
  { key: 'county-share-adjustment', sign: 1 },
] as const;

/**
 * The total that the year is measured by (总额预算): the budget with what the text puts to it or takes off it.
 *
 * @source jilin-2025-13 §二(一)   tilt for a consortium led by Chinese medicine
 * @source jilin-2025-13 §二(四)   out-of-area share deducted; share of the county adjusted at annual clearing
 */
export const budgetAdjusted = defineStep({
  name: 'budget-adjusted',
  rows: ['JL-04', 'JL-06', 'JL-07'],
  reads: ['budget-approved', ...PARTS.map(({ key }) => key)],
  needs: () => [],
  compute: (run) => {
    const parts = PARTS.filter(({ key }) => run.find(key) !== null);
    const words = parts.map(({ key, sign }) => `${sign < 0 ? '−' : '+'} ${run.figure(key).label}`);
    return [
      {
        key: 'budget',
        label: '总额预算（经倾斜、扣减、调整）',
        unit: 'yuan',
        value: sum([run.fen('budget-approved'), ...parts.map((part) => signed(run, part))]),
        clause: run.figure('budget-approved').clause,
        formula: [run.figure('budget-approved').label, ...words].join(' '),
        inputs: [run.from('budget-approved'), ...parts.map(({ key }) => run.from(key))],
      },
    ];
  },
});

function signed(run: StepRun, { key, sign }: (typeof PARTS)[number]): Fen {
  return sign < 0 ? negate(run.fen(key)) : run.fen(key);
}
