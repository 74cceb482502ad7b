import { subtract, sum, ZERO_FEN } from '../../kernel/money.js';
import { knows } from '../assessed.js';
import { BOOKED_BUCKETS } from '../facts.js';
import type { Figure } from '../figure.js';
import { amountOf, inputOf } from '../figure-input.js';
import { defineStep, lackingFilings, type StepRun } from '../step.js';

const FORMULA = 'clearing.formula';
const SETTLED = 'settlement.year';
const ACTUAL = 'settlement.actual_buckets';
const PLUS = ['retained', 'outbudget-retained'] as const;
const MINUS = ['overspend-own', 'audit-taken'] as const;

/**
 * What the year owes the consortium (年终应结算金额): its own cost, as cleared or as the months settled it, and what it keeps of a surplus,
 * less its own part of an overspend and what the months already deducted. The agency's clearing plan chooses the base.
 *
 * @source ganyu-2025-1 §三(二)4   by the clearing plan
 * @source hunan-2024-31 §二(六)   yearly clearing with the lead for all members
 */
export const annualSettlement = defineStep({
  name: 'annual-settlement',
  rows: ['GY-11', 'GY-15', 'HN-13'],
  reads: ['cleared', 'retained', 'overspend-own'],
  needs: ({ policy }) => [FORMULA, ...(knows(policy, ACTUAL) ? [ACTUAL] : [])],
  missing: (question) =>
    question.policy.gapOf(FORMULA) === null && question.policy.text(FORMULA) === 'settled'
      ? lackingFilings(question, [SETTLED])
      : [],
  compute: (run) => {
    const settled = run.policy.text(FORMULA) === 'settled';
    const base = settled ? run.filed(SETTLED) : run.from('cleared');
    const atActual = settled ? [] : atActualFigures(run);
    const plus = written(run, PLUS);
    const minus = written(run, MINUS);
    return [
      ...atActual,
      {
        key: 'payable',
        label: '年终应结算金额',
        unit: 'yuan',
        value: subtract(
          sum([
            settled ? run.filedFen(SETTLED) : run.fen('cleared'),
            ...atActual.map(amountOf),
            ...plus.map((key) => run.fen(key)),
          ]),
          sum(minus.map((key) => run.fen(key))),
        ),
        clause: run.policy.parameter(FORMULA).clause,
        formula: [
          base.label,
          ...atActual.map(({ label }) => `+ ${label}`),
          ...plus.map((key) => `+ ${run.figure(key).label}`),
          ...minus.map((key) => `− ${run.figure(key).label}`),
        ].join(' '),
        inputs: [
          base,
          ...atActual.map(inputOf),
          ...[...plus, ...minus].map((key) => run.from(key)),
          run.by(FORMULA),
        ],
      },
    ];
  },
});

/** What the months paid the lead at actual beside the budget: owed all the same, or the prepayments would take it back. */
function atActualFigures(run: StepRun): readonly Figure[] {
  if (!knows(run.policy, ACTUAL)) return [];
  const names = run.policy.list(ACTUAL);
  const buckets = BOOKED_BUCKETS.filter((bucket) => names.includes(bucket));
  const { label, clause } = run.policy.parameter(ACTUAL);
  return [
    {
      key: 'paid-at-actual',
      label,
      unit: 'yuan',
      value: sum(buckets.map((bucket) => run.own.booked?.[bucket] ?? ZERO_FEN)),
      clause,
      formula: '成员单位该类费用记账金额之和',
      inputs: [run.by(ACTUAL)],
      claims: { buckets },
    },
  ];
}

function written(run: StepRun, keys: readonly string[]): readonly string[] {
  return keys.filter((key) => run.find(key) !== null);
}
