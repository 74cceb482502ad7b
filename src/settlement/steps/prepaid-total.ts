import { type Fen, sum } from '../../kernel/money.js';
import { monthsOf, previousMonth } from '../../kernel/period.js';
import type { PolicyAt } from '../../policy/policy.js';
import type { Prepaid } from '../facts.js';
import { clauseOf, defineStep, given, lacking } from '../step.js';

const DECEMBER = 'prepayment.december';
const NEGATIVE = 'final.negative';

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
  needs: ({ policy }) => (hasDecember(policy) ? [DECEMBER] : []),
  missing: (question) =>
    question.own.prepaid !== null
      ? []
      : [
          lacking(question, {
            id: 'prepaid',
            label: '累计预付金额（没有预付须写 0.00）',
            clause: prepaidClause(question.policy),
            rows: ['SY-07'],
          }),
        ],
  compute: (run) => {
    const counted = prepaidOfYear(run.own.prepaid ?? [], run.facts.period, run.policy);
    return [
      {
        key: 'prepaid',
        label: '累计预付金额',
        unit: 'yuan',
        value: sumOf(counted),
        clause: prepaidClause(run.policy),
        formula: '本年度实际预付金额之和',
        inputs: [
          ...counted.map(({ month, amount, label }) => given(label ?? month ?? '全年', amount)),
          ...(hasDecember(run.policy) ? [run.by(DECEMBER)] : []),
        ],
      },
    ];
  },
});

/** Where a region does not say which year December's payment counts to, it counts to the year of its settlement dates. */
function hasDecember(policy: PolicyAt): boolean {
  return policy.gapOf(DECEMBER)?.clause !== '';
}

function prepaidClause(policy: PolicyAt): string {
  return clauseOf(policy, hasDecember(policy) ? DECEMBER : NEGATIVE);
}

/** Whether December's payment counts to the year it was paid in. */
export function countsByPayment(policy: PolicyAt): boolean {
  return policy.gapOf(DECEMBER) === null && policy.text(DECEMBER) === 'payment-date';
}

/** The prepayments that count to a year. One without a month always counts. */
export function prepaidOfYear(
  prepaid: readonly Prepaid[],
  year: string,
  policy: PolicyAt,
): readonly Prepaid[] {
  const own = monthsOf(year);
  const months = new Set(countsByPayment(policy) ? own.map(previousMonth) : own);
  return prepaid.filter(({ month }) => month === null || months.has(month));
}

export function sumOf(prepaid: readonly Prepaid[]): Fen {
  return sum(prepaid.map(({ amount }) => amount));
}
