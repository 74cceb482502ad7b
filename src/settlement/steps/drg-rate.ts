import { type Decimal, decimal } from '../../kernel/decimal.js';
import { type Fen, sum } from '../../kernel/money.js';
import type { Figure, FigureInput } from '../figure.js';
import { inputOf } from '../figure-input.js';
import {
  caseRules,
  coefficientsMissing,
  drgScored,
  pricesMissing,
} from '../methods/drg-members.js';
import { differenceFigures, paidInputs, payableFigures } from '../methods/member-figures.js';
import {
  basisOf,
  inpatientMethod,
  needsUnder,
  PAYABLE_BASIS,
} from '../methods/method-parameters.js';
import type { PayableBasis } from '../methods/payable-basis.js';
import { type PointsMember, payableAt } from '../methods/point-value.js';
import { adjusted, scoreFigure, scoresMissing } from '../methods/scored-members.js';
import { defineStep, filedOf, given, type StepQuestion, type StepRun } from '../step.js';

const RATE = 'drg.rate';
/** Last year's rate, by which months are paid until the year's is set. */
const PROVISIONAL = 'drg.provisional_rate';

/**
 * What the DRG rate method pays for inpatient care: weight × coefficient × rate, outliers as the rules say, stays outside at their
 * bookings. A month is paid at the provisional rate where one was filed; the year shows what the rate set since changes. Silent under
 * another method.
 *
 * @source hunan-2024-31 §二(五)
 * @source hainan-2025-140 §五
 */
export const drgRate = defineStep({
  name: 'drg-rate',
  rows: ['HN-05', 'HI-07'],
  reads: [],
  needs: (question) =>
    needsUnder(
      question,
      ['drg-rate'],
      [...(isProvisional(question) ? [] : [RATE]), PAYABLE_BASIS, ...caseRules(question)],
    ),
  missing: (question) => {
    if (inpatientMethod(question) !== 'drg-rate') return [];
    const scored = drgScored(question, null);
    return [
      ...pricesMissing(question, scored),
      ...scoresMissing(question, scored),
      ...coefficientsMissing(question),
    ];
  },
  compute: (run) => (inpatientMethod(run) === 'drg-rate' ? figuresOf(run) : []),
});

function isProvisional(question: Pick<StepQuestion, 'facts' | 'own'>): boolean {
  return question.facts.plan === 'month' && filedOf(question, PROVISIONAL) !== null;
}

/** The price of one weight in yuan, and where it comes from. */
function priceOf(run: StepRun): { readonly rate: Decimal; readonly input: FigureInput } {
  return isProvisional(run)
    ? { rate: run.filedDecimal(PROVISIONAL), input: run.filed(PROVISIONAL) }
    : { rate: decimal(run.policy.text(RATE, run.pool)), input: run.by(RATE, run.pool) };
}

const FORMULAS: Readonly<Record<PayableBasis, string>> = {
  'fund-points': '按实支付的病例 + 权重 × 费率',
  'cost-ratio': '按实支付的病例 + 权重 × 费率 × 记账金额 ÷ 总费用',
  'standard-minus-patient': '按实支付的病例 + 权重 × 费率 −（总费用 − 记账金额）',
};

function figuresOf(run: StepRun): readonly Figure[] {
  const scored = run.own.members.map(drgScored(run, null));
  const words = { key: 'drg-weight', label: '权重（已乘机构系数）', rules: PAYABLE_BASIS };
  const weights = scored.map((each) => scoreFigure(run, each, words));
  const members = scored.map((each) => adjusted(run, each));
  const basis = basisOf(run.policy, PAYABLE_BASIS);
  const { rate, input } = priceOf(run);
  const parts = members.map((member, index) => ({
    institution: scored[index]?.institution ?? '',
    amount: payableAt(rate, member, basis),
    inputs: [
      ...weights.slice(index, index + 1).map(inputOf),
      given('按实支付的病例', member.atActual),
      ...(basis === 'fund-points' ? [] : paidInputs([member])),
      input,
      run.by(PAYABLE_BASIS),
    ],
  }));
  const shown = { label: '住院（DRG 费率）应付', formula: FORMULAS[basis], buckets: ['inpatient'] };
  const paid = payableFigures(
    { ...shown, key: 'inpatient-payable', clause: input.clause ?? '' },
    parts,
  );
  return [...weights, ...paid, ...trueUp(run, members, sum(parts.map(({ amount }) => amount)))];
}

/** What the rate set since changes beside the provisional one, where one was filed. */
function trueUp(run: StepRun, members: readonly PointsMember[], settled: Fen): readonly Figure[] {
  if (run.facts.plan === 'month' || filedOf(run, PROVISIONAL) === null) return [];
  const basis = basisOf(run.policy, PAYABLE_BASIS);
  const rate = run.filedDecimal(PROVISIONAL);
  const provisional = sum(members.map((member) => payableAt(rate, member, basis)));
  return differenceFigures(run, { settled, provisional, by: [run.filed(PROVISIONAL)] });
}
