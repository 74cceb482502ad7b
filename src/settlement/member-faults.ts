import { type Fen, sum, toYuan, ZERO_FEN } from '../kernel/money.js';
import type { Gap } from '../policy/policy.js';
import { SPLIT } from './distribution.js';
import type { MemberFacts } from './facts.js';
import { clauseOf, lacking, type StepQuestion } from './step.js';
import { BUCKET_LABELS, ownBuckets } from './steps/booked-amounts.js';
import { scoredMembers } from './steps/dip-points.js';
import { prepaidOfYear, sumOf } from './steps/prepaid-total.js';

/** Points of some members only would leave the others nothing; and members known in full must add up to the group. */
export function memberFaults(question: StepQuestion): readonly Gap[] {
  const { members } = question.own;
  const scored = scoredMembers(members);
  if (scored.length > 0 && scored.length < members.length) {
    const open = members.filter(({ points }) => points === null);
    const names = open.map(({ institution }) => institution).join('、');
    const reason = `其他成员单位有分值，下列没有：${names}（没有病例须写 0）`;
    return [memberGap(question, { id: 'points', label: '分值' }, reason)];
  }
  const full = members.length > 0 && members.every(({ booked }) => booked !== null);
  return full && question.policy.gapOf(BUCKETS) === null ? sumFaults(question) : [];
}

const BUCKETS = 'scope.booked_buckets';

function sumFaults(question: StepQuestion): readonly Gap[] {
  const { own, facts, policy } = question;
  const { members } = own;
  const prepaidOf = ({ prepaid }: Pick<MemberFacts, 'prepaid'>): Fen =>
    sumOf(prepaidOfYear(prepaid, facts.period, policy));
  const pairs: readonly (readonly [MemberGap, Fen, Fen])[] = [
    [
      { id: 'prepaid', label: '累计预付' },
      prepaidOf({ prepaid: own.prepaid ?? [] }),
      sum(members.map(prepaidOf)),
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
  const gap = { clause: clauseOf(question.policy, SPLIT), rows: ['SY-14'] };
  return lacking(question, { ...gap, id: `members.${id}`, label: `成员单位的${label}` }, reason);
}
