import { type Fen, greatest, subtract, sum, times, ZERO_FEN } from '../../kernel/money.js';
import type { Figure } from '../figure.js';
import { inputOf } from '../figure-input.js';
import { INPATIENT_METHOD, inpatientMethod } from '../methods/method-parameters.js';
import { defineStep, given, type StepQuestion, type StepRun } from '../step.js';

const LINES = 'inpatient.pool_lines';
const RISK = 'drg.risk_fund';
/** The budget after slices and overruns (控制指标), where a step wrote it. */
const LEFT = 'indicator';

/**
 * What the budget leaves for inpatient care (住院预算): budget less the lines the region takes off, less the risk fund of a DRG method.
 * It may be negative, which the payable then shows.
 *
 * @source hunan-2024-31 §二(五)
 * @source hainan-2025-140 §五
 * @source ganyu-2025-1 §二(二)
 */
export const inpatientPool = defineStep({
  name: 'inpatient-pool',
  rows: ['HN-05', 'HI-07', 'GY-02'],
  reads: ['budget'],
  needs: (question) => [INPATIENT_METHOD, LINES, ...(isDrg(question) ? [RISK] : [])],
  compute: (run) => {
    const budget = run.find(LEFT) === null ? 'budget' : LEFT;
    const lines = run.policy.list(LINES);
    const gross = subtract(run.fen(budget), sum(lines.map((key) => run.fen(key))));
    const risk = isDrg(run) ? riskFund(run, gross) : null;
    const taken = [run.figure(budget), ...lines.map((key) => run.figure(key))];
    return [
      ...(risk === null ? [] : [risk.figure]),
      {
        key: 'inpatient-pool',
        label: '住院预算',
        unit: 'yuan',
        value: subtract(gross, risk?.amount ?? ZERO_FEN),
        clause: run.policy.parameter(LINES).clause,
        formula: [...taken, ...(risk === null ? [] : [risk.figure])]
          .map(({ label }) => label)
          .join(' − '),
        inputs: [
          ...taken.map(({ key }) => run.from(key)),
          ...(risk === null ? [] : [inputOf(risk.figure)]),
          run.by(LINES),
          run.by(INPATIENT_METHOD),
        ],
      },
    ];
  },
});

function riskFund(run: StepRun, gross: Fen): { readonly figure: Figure; readonly amount: Fen } {
  const amount = times(greatest(gross, ZERO_FEN), run.policy.ratio(RISK), 'half-up');
  const figure: Figure = {
    key: 'inpatient-risk-fund',
    label: '住院预算中的风险金',
    unit: 'yuan',
    value: amount,
    clause: run.policy.parameter(RISK).clause,
    formula: '扣除各项后的预算 × 风险金比例',
    inputs: [given('扣除各项后的预算', gross), run.by(RISK)],
  };
  return { figure, amount };
}

function isDrg(question: Pick<StepQuestion, 'policy' | 'pool'>): boolean {
  return inpatientMethod(question)?.startsWith('drg-') === true;
}
