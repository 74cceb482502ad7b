import { decimal } from '../../kernel/decimal.js';
import { add, type Fen, subtract, sum, times, toDecimalFen, ZERO_FEN } from '../../kernel/money.js';
import type { Gap } from '../../policy/policy.js';
import type { MemberFacts } from '../facts.js';
import type { Figure } from '../figure.js';
import { shareOut } from '../shares.js';
import { defineStep, given, lacking, type StepQuestion, type StepRun } from '../step.js';

const RULE = 'release.rule';
const KEEPER = 'release.kept_by';
const RATIO = 'release.ratio';

/**
 * The month's assessment money paid out after the assessment (月度考核金拨付): all of it, or the part that the member's result gives; what is
 * cut stays with the lead or goes to the members by what they earned. Paid and kept make up what was held, to the fen.
 *
 * @source ganyu-2025-1 §三(二)3   paid after the monthly assessment; whether a poor result cuts it is not said
 */
export const holdbackRelease = defineStep({
  name: 'holdback-release',
  rows: ['GY-10'],
  reads: [],
  needs: () => [RULE, KEEPER],
  missing: (question) => (question.policy.gapOf(RULE) === null ? heldGaps(question) : []),
  compute: (run) => {
    const earned = run.own.members.map((member) => earnedOf(run, member));
    const held = sum(run.own.members.map(heldOf));
    const cut = subtract(held, sum(earned));
    const toMembers = run.policy.text(KEEPER) === 'members';
    const more = toMembers ? shareOut(cut, earned.map(toDecimalFen)) : earned.map(() => ZERO_FEN);
    const paid = earned.map((amount, index) => add(amount, more[index] ?? ZERO_FEN));
    const { clause } = run.policy.parameter(RULE);
    const kept: Figure = {
      key: 'released-cut',
      label: toMembers
        ? '考核扣下、转给其他成员单位的考核金'
        : '考核扣下、由牵头医疗机构留存的考核金',
      unit: 'yuan',
      value: cut,
      clause,
      formula: '月度考核金 − 按考核结果应拨付之和',
      inputs: [given('月度考核金', held), run.by(RULE), run.by(KEEPER)],
      ...(toMembers ? {} : { booking: { from: 'reserve:holdback', to: 'reserve:assessment-cut' } }),
    };
    return [
      {
        key: 'released',
        label: '拨付的月度考核金',
        unit: 'yuan',
        value: sum(paid),
        clause,
        formula: '各成员单位考核金拨付之和',
        inputs: run.own.members.map(({ institution }, index) => ({
          ...given(institution, paid[index] ?? ZERO_FEN),
          figure: `member.${institution}.released`,
        })),
      },
      kept,
      ...run.own.members.map((member, index) =>
        memberFigure(run, member, { paid: paid[index] ?? ZERO_FEN, more: more[index] ?? ZERO_FEN }),
      ),
    ];
  },
});

function heldOf({ held }: MemberFacts): Fen {
  return held ?? ZERO_FEN;
}

function earnedOf(run: StepRun, member: MemberFacts): Fen {
  const held = heldOf(member);
  if (held === ZERO_FEN || run.policy.text(RULE) === 'full') return held;
  return times(held, decimal(member.filings[RATIO]?.value ?? ''), 'half-up');
}

function memberFigure(
  run: StepRun,
  member: MemberFacts,
  { paid, more }: Readonly<Record<'paid' | 'more', Fen>>,
): Figure {
  const { institution } = member;
  const filed = run.policy.text(RULE) === 'full' ? undefined : member.filings[RATIO];
  return {
    key: `member.${institution}.released`,
    label: `成员单位 ${institution} 月度考核金`,
    unit: 'yuan',
    value: paid,
    clause: run.policy.parameter(RULE).clause,
    formula: '月度考核金 × 拨付比例 + 从其他单位扣下的考核金中分得',
    inputs: [
      given('扣留的月度考核金', heldOf(member)),
      ...(filed === undefined
        ? []
        : [{ label: run.policy.filing(RATIO).label, value: filed.value, unit: 'ratio' as const }]),
      given('分得他单位扣下的考核金', more),
      run.by(RULE),
    ],
    booking: { from: 'reserve:holdback', to: `member:${institution}` },
  };
}

function heldGaps(question: StepQuestion): readonly Gap[] {
  const { own, policy } = question;
  const { clause, rows } = policy.parameter(RULE);
  const parts = sum(own.members.map(heldOf));
  const held = { id: 'held', label: '扣留的月度考核金', clause, rows };
  if (own.held === undefined) return [lacking(question, held, '没有当月结算，或没有扣留考核金')];
  if (own.held !== parts)
    return [lacking(question, held, '各成员单位扣留之和与总数不符，须逐家写明')];
  if (policy.text(RULE) === 'full') return [];
  const open = own.members.filter((each) => heldOf(each) > 0n && each.filings[RATIO] === undefined);
  const { label } = policy.filing(RATIO);
  const reason = `没有申报（${RATIO}）：${open.map(({ institution }) => institution).join('、')}`;
  return open.length === 0 ? [] : [lacking(question, { ...held, id: RATIO, label }, reason)];
}
