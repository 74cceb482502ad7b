import { subtract, sum } from '../../kernel/money.js';
import { defineStep, type StepRun } from '../step.js';

const OFF = ['slices-taken-out', 'outbudget-overrun'] as const;

/**
 * The budget that the year's cost is measured against (预算指标): the consortium's budget less what was set aside out of it and less the
 * overruns of lines outside it, as far as the region's plan has them.
 *
 * @source ganyu-2025-1 §三(一)1   risk fund out of the total; overruns deducted
 * @source hunan-2024-31 §二(二)   the yearly total itself
 */
export const budgetIndicator = defineStep({
  name: 'budget-indicator',
  rows: ['GY-06', 'GY-07', 'HN-08'],
  reads: ['budget-approved'],
  needs: () => [],
  compute: (run) => {
    const start = startOf(run);
    const off = OFF.filter((key) => run.find(key) !== null);
    return [
      {
        key: 'indicator',
        label: '预算指标',
        unit: 'yuan',
        value: subtract(run.fen(start), sum(off.map((key) => run.fen(key)))),
        clause: run.figure(start).clause,
        formula: [start, ...off].map((key) => run.figure(key).label).join(' − '),
        inputs: [start, ...off].map((key) => run.from(key)),
      },
    ];
  },
});

/** A later step may have written the budget anew. */
function startOf(run: StepRun): string {
  return run.find('budget') === null ? 'budget-approved' : 'budget';
}
