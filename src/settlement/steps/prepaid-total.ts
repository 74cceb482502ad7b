import { type Fen, sum } from '../../kernel/money.js';
import { monthsOf, previousMonth } from '../../kernel/period.js';
import type { Prepaid } from '../facts.js';
import { defineStep, given, lacking } from '../step.js';

const DECEMBER = 'prepayment.december';

/**
 * What was prepaid for the year (累计预付): the sum of the amounts actually paid, never the rate times the year. December's, paid in
 * January, belongs to the year of its settlement dates (reading).
 *
 * @source sanya-2024-6 §三(二)
 * @source sanya-2024-6 §三(三)6
 */
export const prepaidTotal = defineStep({
  name: 'prepaid-total',
  rows: ['SY-07', 'SY-14'],
  reads: [],
  needs: () => [DECEMBER],
  missing: (question) =>
    question.own.prepaid !== null
      ? []
      : [
          lacking(question, {
            id: 'prepaid',
            label: '累计预付金额（没有预付须写 0.00）',
            clause: 'sanya-2024-6 §三(二)',
            rows: ['SY-07'],
          }),
        ],
  compute: (run) => {
    const counted = prepaidOfYear(
      run.own.prepaid ?? [],
      run.facts.period,
      run.policy.text(DECEMBER),
    );
    return [
      {
        key: 'prepaid',
        label: '累计预付金额',
        unit: 'yuan',
        value: sumOf(counted),
        clause: run.policy.parameter(DECEMBER).clause,
        formula: '各月实际预付金额之和',
        inputs: [
          ...counted.map(({ month, amount }) => given(month ?? '全年', amount)),
          run.by(DECEMBER),
        ],
      },
    ];
  },
});

/** The prepayments that count to a year under a reading. A total without month always counts. */
export function prepaidOfYear(
  prepaid: readonly Prepaid[],
  year: string,
  reading: string,
): readonly Prepaid[] {
  const own = monthsOf(year);
  const months = new Set(reading === 'payment-date' ? own.map(previousMonth) : own);
  return prepaid.filter(({ month }) => month === null || months.has(month));
}

export function sumOf(prepaid: readonly Prepaid[]): Fen {
  return sum(prepaid.map(({ amount }) => amount));
}
