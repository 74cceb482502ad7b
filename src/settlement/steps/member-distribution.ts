import { type Fen, subtract, sum, toYuan, ZERO_FEN } from '../../kernel/money.js';
import type { Gap } from '../../policy/policy.js';
import type { MemberFacts } from '../facts.js';
import type { Figure } from '../figure.js';
import { defineStep, given, lacking, type StepQuestion, type StepRun } from '../step.js';
import { BUCKET_LABELS, ownBuckets } from './booked-amounts.js';
import { scoredMembers, splitByPoints } from './dip-points.js';
import { splitByBooked } from './monthly-prepayment.js';
import { prepaidOfYear, sumOf } from './prepaid-total.js';

const SPLIT = 'prepayment.members_split';
const DECEMBER = 'prepayment.december';
const FEE_FOR_SERVICE = ['outpatient', 'chronic', 'two-disease'] as const;

/**
 * The lead's distribution to members (成员单位分配), default plan: DIP decision by points, outpatient lines at their own bookings,
 * deposit by booked amount, prepayments as they were split, audit deductions each its own. Members sum to the group, to the fen.
 *
 * @source sanya-2024-6 §三(二)    分配办法由牵头医院自行制定
 * @source sanya-2024-6 §三(三)6   由其对成员单位再进行分配
 */
export const memberDistribution = defineStep({
  name: 'member-distribution',
  rows: ['SY-07', 'SY-14'],
  reads: ['dip-decision', 'deposit-withheld', 'prepaid', 'audit-deductions', 'final'],
  needs: ({ own }) => (own.members.length === 0 ? [] : [SPLIT]),
  missing: (question) => memberFaults(question),
  compute: (run) => {
    const members = scoredMembers(run.own.members);
    if (members.length === 0) return [];
    const decisions = splitByPoints(run.fen('dip-decision'), members);
    if (!isFull(members))
      return members.map((member, index) => decisionOf(run, member, decisions[index]));
    const deposits = splitByBooked(run.fen('deposit-withheld'), members, run.policy);
    return members.flatMap((member, index) =>
      figuresOf(run, member, {
        decision: decisions[index] ?? ZERO_FEN,
        deposit: deposits[index] ?? ZERO_FEN,
      }),
    );
  },
});

/** Members known with all their bookings, so that the whole final amount can be split. */
function isFull(members: readonly MemberFacts[]): boolean {
  return members.every(({ booked }) => booked !== null);
}

function decisionOf(run: StepRun, member: MemberFacts, share: Fen = ZERO_FEN): Figure {
  return {
    key: `member.${member.institution}.dip-decision`,
    label: `成员单位 ${member.institution} 的 DIP 决算`,
    unit: 'yuan',
    value: share,
    clause: run.policy.parameter(SPLIT).clause,
    formula: 'DIP 决算支付总额：零分值病例按实，其余按分值比例（最大余数法）',
    inputs: [run.from('dip-decision'), run.from(`member.${member.institution}.points`)],
    claims: { buckets: ['inpatient'], institution: member.institution },
  };
}

interface Shares {
  readonly decision: Fen;
  readonly deposit: Fen;
}

function figuresOf(
  run: StepRun,
  member: MemberFacts,
  { decision, deposit }: Shares,
): readonly Figure[] {
  const { institution } = member;
  const service = feeForService(member);
  const prepaid = prepaidOf(run, member);
  const final = subtract(sum([decision, service]), sum([prepaid, deposit, member.auditDeductions]));
  const part = (key: string, label: string, value: Fen): Figure => ({
    key: `member.${institution}.${key}`,
    label: `成员单位 ${institution} ${label}`,
    unit: 'yuan',
    value,
    clause: run.policy.parameter(SPLIT).clause,
    formula: PARTS[key] ?? label,
    inputs: [run.by(SPLIT)],
  });
  return [
    decisionOf(run, member, decision),
    {
      ...part('fee-for-service', '门诊类按项目', service),
      claims: { buckets: FEE_FOR_SERVICE, institution },
    },
    part('prepaid', '已预付', prepaid),
    part('deposit-withheld', '质量保证金扣减', deposit),
    part('audit-deductions', '智能审核扣款', member.auditDeductions),
    {
      ...part('final', '应得清算金额', final),
      formula: 'DIP 决算 + 门诊类按项目 − 已预付 − 质量保证金扣减 − 智能审核扣款',
      inputs: [
        given('DIP 决算', decision),
        given('门诊类按项目', service),
        given('已预付', prepaid),
        given('质量保证金扣减', deposit),
        given('智能审核扣款', member.auditDeductions),
      ].map((input, index) => ({
        ...input,
        figure: `member.${institution}.${FINAL_INPUTS[index]}`,
      })),
    },
  ];
}

const FINAL_INPUTS = [
  'dip-decision',
  'fee-for-service',
  'prepaid',
  'deposit-withheld',
  'audit-deductions',
] as const;
const PARTS: Readonly<Record<string, string>> = {
  'fee-for-service': '本单位普通门诊、慢特病、“两病”记账金额',
  prepaid: '各月预付按当月记账金额比例分得之和',
  'deposit-withheld': '质量保证金扣减按记账金额比例分配（最大余数法）',
  'audit-deductions': '本单位被确认的智能审核扣款',
};

function feeForService({ booked }: MemberFacts): Fen {
  return booked === null ? ZERO_FEN : sum(FEE_FOR_SERVICE.map((bucket) => booked[bucket]));
}

function prepaidOf({ facts, policy }: Pick<StepRun, 'facts' | 'policy'>, member: MemberFacts): Fen {
  return sumOf(prepaidOfYear(member.prepaid, facts.period, policy.text(DECEMBER)));
}

/** Points of some members only would leave the others nothing; and full members must add up to the group. */
function memberFaults(question: StepQuestion): readonly Gap[] {
  const { members } = question.own;
  const scored = scoredMembers(members);
  if (scored.length === 0) return [];
  if (scored.length < members.length) {
    const open = members.filter(({ points }) => points === null);
    const names = open.map(({ institution }) => institution).join('、');
    const reason = `其他成员单位有分值，下列没有：${names}（没有病例须写 0）`;
    return [memberGap(question, { id: 'points', label: '分值' }, reason)];
  }
  return isFull(members) && question.policy.gapOf(DECEMBER) === null ? sumFaults(question) : [];
}

function sumFaults(question: StepQuestion): readonly Gap[] {
  const { own, facts, policy } = question;
  const { members } = own;
  const reading = policy.text(DECEMBER);
  const pairs: readonly (readonly [MemberGap, Fen, Fen])[] = [
    [
      { id: 'prepaid', label: '累计预付' },
      sumOf(prepaidOfYear(own.prepaid ?? [], facts.period, reading)),
      sum(members.map((each) => prepaidOf(question, each))),
    ],
    [
      { id: 'audit_deductions', label: '智能审核扣款' },
      own.auditDeductions ?? ZERO_FEN,
      sum(members.map((each) => each.auditDeductions)),
    ],
    ...ownBuckets(policy).map((bucket): readonly [MemberGap, Fen, Fen] => [
      { id: `booked.${bucket}`, label: `${BUCKET_LABELS[bucket]}记账金额` },
      own.booked?.[bucket] ?? ZERO_FEN,
      sum(members.map(({ booked }) => booked?.[bucket] ?? ZERO_FEN)),
    ]),
  ];
  return pairs
    .filter(([, group, parts]) => group !== parts)
    .map(([gap, group, parts]) =>
      memberGap(question, gap, `成员单位合计 ${toYuan(parts)} 与集团 ${toYuan(group)} 不符`),
    );
}

type MemberGap = Pick<Gap, 'id' | 'label'>;

function memberGap(question: StepQuestion, { id, label }: MemberGap, reason: string): Gap {
  const gap = { clause: 'sanya-2024-6 §三(三)6', rows: ['SY-14'] };
  return lacking(question, { ...gap, id: `members.${id}`, label: `成员单位的${label}` }, reason);
}
