import { type Decimal, decimal } from '../../kernel/decimal.js';
import { cell } from '../methods/method-parameters.js';
import { weightedMean } from '../methods/weighted-years.js';
import { defineStep, lackingFilings, type StepRun } from '../step.js';

const WEIGHTS = 'dip.year_weights';
const COSTS = ['points.history_cost_1', 'points.history_cost_2', 'points.history_cost_3'] as const;
const POINTS = [
  'points.history_points_1',
  'points.history_points_2',
  'points.history_points_3',
] as const;

/**
 * The point value to start a year with (预算点值): the mean of three years' inpatient cost over the mean of their points, both weighted
 * by year, oldest first. What people then publish, rounded, is filed as the provisional value.
 *
 * @source hunan-2024-31 §二(五)
 * @source ganyu-2025-1 §二(二)
 */
export const budgetPointValue = defineStep({
  name: 'budget-point-value',
  rows: ['HN-05', 'HI-07', 'GY-02'],
  reads: [],
  needs: () => [WEIGHTS],
  missing: (question) => lackingFilings(question, [...COSTS, ...POINTS]),
  compute: (run) => [
    {
      key: 'budget-point-value',
      label: '预算点值',
      unit: 'yuan-per-point',
      value: meanOf(run, COSTS).div(meanOf(run, POINTS)),
      clause: run.policy.parameter(WEIGHTS).clause,
      formula: '前三年住院费用按年加权平均 ÷ 前三年总分值按年加权平均',
      inputs: [...COSTS, ...POINTS].map((name) => run.filed(name)).concat(run.by(WEIGHTS)),
    },
  ],
});

function meanOf(run: StepRun, names: readonly string[]): Decimal {
  const weights = run.policy.table(WEIGHTS).map((row) => decimal(cell(row, 'weight')));
  return weightedMean(
    names.map((name) => run.filedDecimal(name)),
    weights,
  );
}
