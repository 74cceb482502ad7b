import { Decimal } from '../../kernel/decimal.js';
import { add, type Fen, subtract, sum, toDecimalFen, ZERO_FEN } from '../../kernel/money.js';
import type { MemberFacts } from '../facts.js';
import type { Figure } from '../figure.js';
import { shareOut } from '../shares.js';
import { defineStep, given, type StepRun } from '../step.js';

const RULES = 'dip.rules';
const FEN_PER_YUAN = 100;

/**
 * Points and point value (总分值, 点值), and each member's part of the pool. Cases without a score are paid off the pool at their booked
 * amount; the rest is split by points with the largest remainder, never by a rounded point value. Without members' points only the
 * group's figures follow.
 *
 * @source sanya-2024-6 §三(三)4(2)   points by member institution; the rule package stands for the absent DIP rules
 */
export const dipPoints = defineStep({
  name: 'dip-points',
  rows: ['SY-13'],
  reads: ['dip-pool'],
  needs: () => [RULES, 'dip.point_unit'],
  compute: (run) => {
    const members = scoredMembers(run.own.members);
    if (members.length === 0) return [];
    const points = Decimal.sum(...members.map(pointsOf));
    const left = subtract(run.fen('dip-pool'), paidAtActual(members));
    return [
      figureOfPoints(run, points, members),
      ...(points.isZero() ? [] : [pointValue(run, left, points)]),
      ...memberShares(run, members),
    ];
  },
});

export function scoredMembers(members: readonly MemberFacts[]): readonly MemberFacts[] {
  return members.filter(({ points }) => points !== null);
}

export function pointsOf({ points }: MemberFacts): Decimal {
  return points ?? new Decimal(0);
}

export function paidAtActual(members: readonly MemberFacts[]): Fen {
  return sum(members.map(({ paidAtActual: amount }) => amount));
}

/** An amount for the members: cases paid at actual first, the rest by points. Sums to the amount. */
export function splitByPoints(amount: Fen, members: readonly MemberFacts[]): readonly Fen[] {
  const shares = shareOut(subtract(amount, paidAtActual(members)), members.map(pointsOf));
  return members.map((member, index) => add(member.paidAtActual, shares[index] ?? ZERO_FEN));
}

function figureOfPoints(run: StepRun, points: Decimal, members: readonly MemberFacts[]): Figure {
  return {
    key: 'points',
    label: '年度总分值',
    unit: 'points',
    value: points,
    clause: run.policy.parameter('dip.point_unit').clause,
    formula: '各成员单位病例分值之和',
    inputs: [
      ...members.map((member) => ({
        label: `${member.institution} 分值`,
        value: pointsOf(member).toFixed(),
        unit: 'points' as const,
      })),
      run.by('dip.point_unit'),
      run.by(RULES),
    ],
    claims: { buckets: ['inpatient'] },
  };
}

function pointValue(run: StepRun, left: Fen, points: Decimal): Figure {
  return {
    key: 'point-value',
    label: '每分值点值（仅供展示，分配不用取整后的点值）',
    unit: 'yuan-per-point',
    value: shown(toDecimalFen(left).div(FEN_PER_YUAN).div(points), run.facts.pointValueDecimals),
    clause: run.policy.parameter(RULES).clause,
    formula: '（DIP 预算总额 − 按实支付的零分值病例）÷ 年度总分值',
    inputs: [
      run.from('dip-pool'),
      given('按实支付的零分值病例', subtract(run.fen('dip-pool'), left)),
      { label: '年度总分值', value: points.toFixed(), unit: 'points', figure: 'points' },
    ],
  };
}

function shown(value: Decimal, decimals: number | null): Decimal {
  return decimals === null ? value : value.toDecimalPlaces(decimals, Decimal.ROUND_HALF_UP);
}

function memberShares(run: StepRun, members: readonly MemberFacts[]): readonly Figure[] {
  const shares = splitByPoints(run.fen('dip-pool'), members);
  return members.flatMap((member, index): readonly Figure[] => [
    {
      key: `member.${member.institution}.points`,
      label: `成员单位 ${member.institution} 分值`,
      unit: 'points',
      value: pointsOf(member),
      clause: run.policy.parameter('dip.point_unit').clause,
      formula: '本单位病例分值之和',
      inputs: [run.by(RULES)],
      claims: { buckets: ['inpatient'], institution: member.institution },
    },
    {
      key: `member.${member.institution}.pool-share`,
      label: `成员单位 ${member.institution} 的 DIP 预算份额`,
      unit: 'yuan',
      value: shares[index] ?? ZERO_FEN,
      clause: run.policy.parameter('dip.point_unit').clause,
      formula: '零分值病例按实支付 + 其余按分值比例分配（最大余数法）',
      inputs: [
        run.from('dip-pool'),
        { label: '本单位分值', value: pointsOf(member).toFixed(), unit: 'points' },
        given('零分值病例按实支付', member.paidAtActual),
      ],
    },
  ]);
}
