import type { Decimal } from '../../kernel/decimal.js';
import {
  add,
  type Fen,
  greatest,
  least,
  subtract,
  sum,
  times,
  toYuan,
  ZERO_FEN,
} from '../../kernel/money.js';
import type { Gap } from '../../policy/policy.js';
import type { MemberFacts } from '../facts.js';
import type { Figure } from '../figure.js';
import { defineStep, given, lacking, type StepQuestion, type StepRun } from '../step.js';
import { scoredMembers, splitByPoints } from './dip-points.js';

const BASE = 'overspend.base';
const TEST = 'overspend.reasonable_test';
const CEILING = 'overspend.ceiling';
const SHARE = 'overspend.fund_share';
const WHOSE = 'overspend.disqualified_scope';
const BARRING = 'overspend.disqualifiers';

/**
 * Reasonable overspend and the part the fund bears (合理超支分担).
 *
 *     overspend = max(0, inpatient booked − pool)               or max(0, all cost − budget), as the DIP rules say
 *     shareable = min(overspend − that of sanctioned members, what is reasonable, budget × ceiling)
 *     borne     = shareable × the grade's share, rounded half-up
 *
 * @source sanya-2024-6 §三(四)2¶1   80 / 50 / 20 / 0 % by grade; what is reasonable, base and ceiling: DIP rules
 * @source sanya-2024-6 §三(四)2¶2   sanctioned institutions: not shared
 */
export const overspend = defineStep({
  name: 'overspend',
  rows: ['SY-15', 'SY-16', 'SY-20'],
  reads: ['budget', 'booked', 'other', 'inpatient', 'dip-pool'],
  needs: ({ own }) => [
    ...[BASE, TEST, CEILING, SHARE, 'overspend.scope'],
    ...(own.members.some(({ sanctions }) => sanctions.length > 0) ? [WHOSE, BARRING] : []),
  ],
  missing: (question) => [
    ...missingGrade(question),
    ...missingApproval(question),
    ...missingShares(question),
  ],
  compute: (run) => {
    const total = overspendOf(run);
    const barred = barredOverspend(run, total);
    const ceiling = ceilingOf(run);
    const reasonable = reasonableOf(run);
    const shareable = [reasonable, ceiling]
      .filter((limit) => limit !== null)
      .reduce(least, greatest(subtract(total, barred), ZERO_FEN));
    const { grade } = run.grade;

    return [
      overspendFigure(run, total),
      shareableFigure(run, { total, barred, ceiling, reasonable, shareable }),
      {
        key: 'overspend-borne',
        label: '医保基金分担的合理超支',
        unit: 'yuan',
        value: borneByFund(shareable, run.policy.ratio(SHARE, grade)),
        clause: run.policy.parameter(SHARE).clause,
        formula: '可分担超支 × 考核等次对应的分担比例',
        inputs: [
          { ...given('可分担超支', shareable), figure: 'overspend-shareable' },
          run.by(SHARE, grade),
        ],
      },
    ];
  },
});

/** shareable × share, rounded half-up once. */
export function borneByFund(shareable: Fen, share: Decimal): Fen {
  return times(shareable, share, 'half-up');
}

function overspendOf(run: StepRun): Fen {
  const excess =
    run.policy.text(BASE) === 'cost-minus-budget'
      ? subtract(add(run.fen('booked'), run.fen('other')), run.fen('budget'))
      : subtract(run.fen('inpatient'), run.fen('dip-pool'));
  return greatest(excess, ZERO_FEN);
}

/** Overspend of sanctioned members, each on its own part of the pool; or all of it under the group reading. */
function barredOverspend(run: StepRun, total: Fen): Fen {
  const { members } = run.own;
  if (!members.some((member) => isBarred(run, member))) return ZERO_FEN;
  if (run.policy.text(WHOSE) === 'group') return total;
  const scored = scoredMembers(members);
  const shares = splitByPoints(run.fen('dip-pool'), scored);
  return sum(
    scored
      .map((member, index) => ({ member, share: shares[index] ?? ZERO_FEN }))
      .filter(({ member }) => isBarred(run, member))
      .map(({ member, share }) => greatest(subtract(inpatientOf(member), share), ZERO_FEN)),
  );
}

/** Whether a sanction of the year is among those that the region's text names. */
function isBarred({ policy }: Pick<StepQuestion, 'policy'>, { sanctions }: MemberFacts): boolean {
  return sanctions.some(
    (kind) => policy.gapOf(BARRING) !== null || policy.list(BARRING).includes(kind),
  );
}

function inpatientOf({ booked }: MemberFacts): Fen {
  return booked?.inpatient ?? ZERO_FEN;
}

function ceilingOf(run: StepRun): Fen | null {
  if (run.policy.text(CEILING) === 'none') return null;
  return times(run.fen('budget'), run.policy.ratio(CEILING), 'half-up');
}

function reasonableOf(run: StepRun): Fen | null {
  if (run.policy.text(TEST) !== 'approved-amount') return null;
  return run.own.reasonableOverspend?.amount ?? ZERO_FEN;
}

function overspendFigure(run: StepRun, total: Fen): Figure {
  const byCost = run.policy.text(BASE) === 'cost-minus-budget';
  return {
    key: 'overspend',
    label: '住院超支',
    unit: 'yuan',
    value: total,
    clause: run.policy.parameter(BASE).clause,
    formula: byCost
      ? '记账金额合计 + 其他统筹基金支出 − 总额预算（不足零取零）'
      : '住院记账金额 − DIP 预算总额（不足零取零）',
    inputs: [
      ...(byCost ? ['booked', 'other', 'budget'] : ['inpatient', 'dip-pool']).map((key) =>
        run.from(key),
      ),
      run.by(BASE),
      run.by('overspend.scope'),
    ],
  };
}

interface Shareable {
  readonly total: Fen;
  readonly barred: Fen;
  readonly ceiling: Fen | null;
  readonly reasonable: Fen | null;
  readonly shareable: Fen;
}

function shareableFigure(
  run: StepRun,
  { total, barred, ceiling, reasonable, shareable }: Shareable,
): Figure {
  const limits = [
    ...(reasonable === null
      ? []
      : [given('核定的合理超支', reasonable, run.own.reasonableOverspend?.clause)]),
    ...(ceiling === null ? [] : [given('合理超支上限', ceiling)]),
  ];
  return {
    key: 'overspend-shareable',
    label: '可分担超支',
    unit: 'yuan',
    value: shareable,
    clause: run.policy.parameter(TEST).clause,
    formula: '（住院超支 − 受处理成员单位的超支）与合理认定、上限取小',
    inputs: [
      { ...given('住院超支', total), figure: 'overspend' },
      given('受处理成员单位的超支', barred),
      ...(barred === ZERO_FEN ? [] : [run.by(WHOSE)]),
      ...limits,
      run.by(TEST),
      run.by(CEILING),
    ],
    ...(barred === ZERO_FEN
      ? {}
      : { note: `扣除 ${toYuan(barred)} 元：该单位本年度受到处理或处罚` }),
  };
}

/** The grade drives deposit, overspend sharing and retention; without it clearing halts. */
function missingGrade({ facts }: StepQuestion): readonly Gap[] {
  if (facts.grade !== null) return [];
  return [
    {
      id: 'assessment.grade',
      label: '年终考核等次',
      reason: `没有 ${facts.period} 年的考核等次记录`,
      clause: 'sanya-2024-6 §三(四)1',
      rows: ['SY-20'],
    },
  ];
}

function missingApproval(question: StepQuestion): readonly Gap[] {
  const { own, policy } = question;
  if (policy.gapOf(TEST) !== null || policy.text(TEST) !== 'approved-amount') return [];
  if (own.reasonableOverspend !== null) return [];
  return [
    lacking(question, {
      id: 'reasonable_overspend',
      label: '核定的合理超支金额',
      clause: policy.parameter(TEST).clause,
      rows: ['SY-15'],
    }),
  ];
}

/** Only where points could be known: without rule package that gap is already listed. */
function missingShares(question: StepQuestion): readonly Gap[] {
  if (question.policy.gapOf('dip.rules') !== null) return [];
  const open = question.own.members.some(
    (member) => isBarred(question, member) && (member.points === null || member.booked === null),
  );
  if (!open) return [];
  return [
    lacking(question, {
      id: 'sanctioned_member',
      label: '受处理成员单位的分值和记账金额',
      clause: 'sanya-2024-6 §三(四)2¶2',
      rows: ['SY-16'],
    }),
  ];
}
