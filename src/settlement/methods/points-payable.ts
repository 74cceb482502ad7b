import { Decimal } from '../../kernel/decimal.js';
import { type Fen, sum, ZERO_FEN } from '../../kernel/money.js';
import type { MemberFacts } from '../facts.js';
import type { Figure, FigureInput } from '../figure.js';
import { inputOf } from '../figure-input.js';
import { filedOf, given, type StepQuestion, type StepRun } from '../step.js';
import { differenceFigures, paidInputs, payableFigures } from './member-figures.js';
import { basisOf, countOrNone, PAYABLE_BASIS } from './method-parameters.js';
import type { PayableBasis } from './payable-basis.js';
import { type PointsMember, type PoolSplit, payableAt, splitPool } from './point-value.js';
import { adjusted, type Scored, scoreFigure } from './scored-members.js';

const PUBLISHED = 'inpatient.published_value';
/** The point value that months are paid by until the year's is known. */
export const PROVISIONAL = 'points.provisional_value';

/** Parameters of a method by points, besides its own. */
export function pointsNeeds({ facts }: Pick<StepQuestion, 'facts'>): readonly string[] {
  return facts.plan === 'month' ? [PAYABLE_BASIS] : [PAYABLE_BASIS, PUBLISHED];
}

interface PointsMethod {
  scored(member: MemberFacts): Scored;
  /** The parameter that says how cases get their points. */
  readonly rules: string;
  /** Words for the method, e.g. `DIP`. */
  readonly name: string;
}

/** What a method by points pays: in a month at the provisional value, in a year the pool by points. */
export function pointsPayable(run: StepRun, method: PointsMethod): readonly Figure[] {
  const scored = run.own.members.map(method.scored);
  const words = { key: 'points', label: '分值', rules: method.rules };
  const points = scored.map((each) => scoreFigure(run, each, words));
  const total = totalPoints(run, method, points);
  const members = scored.map((each) => adjusted(run, each));
  const own: Own = { run, method, members, points, total };
  const paid = run.facts.plan === 'month' ? provisionalFigures(own) : settledFigures(own);
  return [...points, total, ...paid];
}

interface Own {
  readonly run: StepRun;
  readonly method: PointsMethod;
  readonly members: readonly PointsMember[];
  readonly points: readonly Figure[];
  readonly total: Figure;
}

function totalPoints(run: StepRun, method: PointsMethod, points: readonly Figure[]): Figure {
  return {
    key: 'points',
    label: '总分值',
    unit: 'points',
    value: points.reduce((total, { value }) => total.plus(value.toString()), new Decimal(0)),
    clause: run.policy.parameter(method.rules).clause,
    formula: '各成员单位分值之和',
    inputs: points.map(inputOf),
    claims: { buckets: ['inpatient'] },
  };
}

function settledFigures(own: Own): readonly Figure[] {
  const { run, members } = own;
  const published = countOrNone(run.policy, PUBLISHED);
  const basis = basisOf(run.policy, PAYABLE_BASIS);
  const split = splitPool(run.fen('inpatient-pool'), members, { basis, published });
  const value = split.value === null ? [] : [valueFigure(own, split.value)];
  const paid = payable(own, split.payable, [run.from('inpatient-pool'), ...value.map(inputOf)]);
  return [...value, ...paid, residueFigure(own, paid, split), ...trueUp(own, sum(split.payable))];
}

const VALUE_FORMULAS: Readonly<Record<PayableBasis, string>> = {
  'fund-points': '（住院预算 − 按实支付的病例）÷ 总分值',
  'cost-ratio': '（住院预算 − 按实支付的病例）÷（病例记账金额 ÷ 病例总费用）÷ 总分值',
  'standard-minus-patient': '（住院预算 − 按实支付的病例 + 病例总费用 − 病例记账金额）÷ 总分值',
};
const PAID_FORMULAS: Readonly<Record<PayableBasis, string>> = {
  'fund-points': '按实支付的病例 + 分值 × 点值',
  'cost-ratio': '按实支付的病例 + 分值 × 点值 × 本单位记账金额 ÷ 本单位总费用',
  'standard-minus-patient': '按实支付的病例 + 分值 × 点值 −（本单位总费用 − 本单位记账金额）',
};

function valueFigure({ run, method, members, total }: Own, value: Decimal): Figure {
  const basis = basisOf(run.policy, PAYABLE_BASIS);
  return {
    key: 'point-value',
    label: `${method.name} 结算点值`,
    unit: 'yuan-per-point',
    value,
    clause: run.policy.parameter(PAYABLE_BASIS).clause,
    formula: VALUE_FORMULAS[basis],
    inputs: [
      run.from('inpatient-pool'),
      given('按实支付的病例', sum(members.map(({ atActual }) => atActual))),
      ...(basis === 'fund-points' ? [] : paidInputs(members)),
      inputOf(total),
      run.by(PAYABLE_BASIS),
      run.by(PUBLISHED),
    ],
  };
}

function payable(
  { run, method, members, points }: Own,
  amounts: readonly Fen[],
  by: readonly FigureInput[],
): readonly Figure[] {
  const basis = basisOf(run.policy, PAYABLE_BASIS);
  const exact = run.facts.plan !== 'month' && run.policy.text(PUBLISHED) === 'none';
  const words = {
    key: 'inpatient-payable',
    label: `住院（${method.name}）应付`,
    clause: run.policy.parameter(PAYABLE_BASIS).clause,
    formula: `${PAID_FORMULAS[basis]}${exact && basis !== 'cost-ratio' ? '（最大余数法，合计等于住院预算）' : ''}`,
    buckets: ['inpatient'],
  };
  return payableFigures(
    words,
    points.map((figure, index) => {
      const member = members[index] as PointsMember;
      return {
        institution: run.own.members[index]?.institution ?? '',
        amount: amounts[index] ?? ZERO_FEN,
        inputs: [
          inputOf(figure),
          given('按实支付的病例', member.atActual),
          ...(basis === 'fund-points' ? [] : paidInputs([member])),
          ...by,
          run.by(PAYABLE_BASIS),
        ],
      };
    }),
  );
}

/** What the members leave of the pool is shown, not lost. */
function residueFigure({ run }: Own, paid: readonly Figure[], { residue }: PoolSplit): Figure {
  return {
    key: 'point-value-residue',
    label: '点值余额（住院预算未分完或多分的部分）',
    unit: 'yuan',
    value: residue,
    clause: run.policy.parameter(PUBLISHED).clause,
    formula: '住院预算 − 住院应付合计',
    inputs: [run.from('inpatient-pool'), ...paid.slice(-1).map(inputOf), run.by(PUBLISHED)],
  };
}

function provisionalFigures(own: Own): readonly Figure[] {
  const { run, members } = own;
  const basis = basisOf(run.policy, PAYABLE_BASIS);
  const value = run.filedDecimal(PROVISIONAL);
  return payable(
    own,
    members.map((member) => payableAt(value, member, basis)),
    [run.filed(PROVISIONAL)],
  );
}

/** What the year's point value comes to beside the provisional one, where one was filed. */
function trueUp({ run, members, total }: Own, settled: Fen): readonly Figure[] {
  if (filedOf(run, PROVISIONAL) === null) return [];
  const basis = basisOf(run.policy, PAYABLE_BASIS);
  const value = run.filedDecimal(PROVISIONAL);
  const provisional = sum(members.map((member) => payableAt(value, member, basis)));
  return differenceFigures(run, {
    settled,
    provisional,
    by: [inputOf(total), run.filed(PROVISIONAL)],
  });
}
