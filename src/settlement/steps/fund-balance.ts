import { type Fen, subtract, toYuan, yuan } from '../../kernel/money.js';
import type { Gap } from '../../policy/policy.js';
import { defineStep, filedOf, lacking, lackingFilings, type StepQuestion } from '../step.js';

const INCOME = 'fund.income';
const EXPENDITURE = 'fund.expenditure';
const FACTORS = 'fund.deficit_factors';

/**
 * The area's fund budget that the total stands in (统筹区基金预算): balanced with some surplus; a deficit only with the factors it rests on
 * put on record.
 *
 * @source hainan-2025-140 §二   no deficit budget in principle, else the named factors
 */
export const fundBalance = defineStep({
  name: 'fund-balance',
  rows: ['HI-02'],
  reads: [],
  needs: () => [],
  missing: (question) => [
    ...lackingFilings(question, [INCOME, EXPENDITURE]),
    ...deficitGaps(question),
  ],
  compute: (run) => {
    const balance = subtract(run.filedFen(INCOME), run.filedFen(EXPENDITURE));
    const inputs = [run.filed(INCOME), run.filed(EXPENDITURE)];
    return [
      {
        key: 'fund-balance',
        label: balance < 0n ? '统筹区基金预算赤字' : '统筹区基金预算结余',
        unit: 'yuan',
        value: balance,
        clause: run.policy.filing(EXPENDITURE).clause,
        formula: '统筹区基金收入预算 − 支出预算（原则上不为负；为负须写明考虑的因素）',
        inputs: balance < 0n ? [...inputs, run.filed(FACTORS)] : inputs,
      },
    ];
  },
});

function deficitGaps(question: StepQuestion): readonly Gap[] {
  const income = amountOf(question, INCOME);
  const expenditure = amountOf(question, EXPENDITURE);
  if (income === null || expenditure === null || expenditure <= income) return [];
  if (filedOf(question, FACTORS) !== null) return [];
  const reason = `支出预算 ${toYuan(expenditure)} 超过收入预算 ${toYuan(income)}，原则上不得编制赤字预算；确需编制的须写明因素`;
  const { label, clause, rows } = question.policy.filing(FACTORS);
  return [lacking(question, { id: FACTORS, label, clause, rows }, reason)];
}

function amountOf(question: StepQuestion, name: string): Fen | null {
  const filed = filedOf(question, name);
  return filed === null ? null : yuan(filed.value);
}
