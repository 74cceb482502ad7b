import { type Fen, sum, times, toDecimalFen, ZERO_FEN } from '../../kernel/money.js';
import type { PolicyAt } from '../../policy/policy.js';
import type { MemberFacts } from '../facts.js';
import { shareOut } from '../shares.js';
import { defineStep, given, lacking } from '../step.js';
import { ownBuckets } from './booked-amounts.js';

const RATE = 'prepayment.monthly_rate';
const SPLIT = 'prepayment.members_split';

/**
 * Monthly prepayment (月度预付): 90 % of the month's declared booked amount, paid to the lead hospital in the following month, rounded
 * half-up; the rest waits for annual clearing. The lead's default plan splits it by booked amount, to the fen.
 *
 * @source sanya-2024-6 §三(二)
 */
export const monthlyPrepayment = defineStep({
  name: 'monthly-prepayment',
  rows: ['SY-03', 'SY-07'],
  reads: ['booked'],
  needs: ({ own }) => (own.members.length === 0 ? [RATE] : [RATE, SPLIT]),
  missing: (question) => {
    const open = question.own.members.filter(({ booked }) => booked === null);
    if (open.length === 0) return [];
    const reason = `没有写记账金额：${open.map(({ institution }) => institution).join('、')}`;
    const gap = { id: 'members.booked', label: '成员单位的记账金额' };
    return [lacking(question, { ...gap, clause: 'sanya-2024-6 §三(二)', rows: ['SY-07'] }, reason)];
  },
  compute: (run) => {
    const buckets = ownBuckets(run.policy);
    const prepayment = times(run.fen('booked'), run.policy.ratio(RATE), 'half-up');
    const clause = run.policy.parameter(RATE).clause;
    const label = '月度预付金额（次月拨付牵头医院）';
    const shares = splitByBooked(prepayment, run.own.members, run.policy);
    return [
      {
        key: 'prepayment',
        label,
        unit: 'yuan',
        value: prepayment,
        clause,
        formula: '当月申报记账金额 × 月度预付比例',
        inputs: [run.from('booked'), run.by(RATE)],
        claims: { buckets },
      },
      ...run.own.members.map((member, index) => ({
        key: `member.${member.institution}.prepayment`,
        label: `成员单位 ${member.institution} 预付`,
        unit: 'yuan' as const,
        value: shares[index] ?? ZERO_FEN,
        clause: run.policy.parameter(SPLIT).clause,
        formula: '月度预付金额按成员单位记账金额比例分配（最大余数法）',
        inputs: [
          { ...given(label, prepayment, clause), figure: 'prepayment' },
          given('成员单位记账金额', bookedOf(member, run.policy)),
          run.by(SPLIT),
        ],
        claims: { buckets, institution: member.institution },
      })),
    ];
  },
});

/** Splits by the members' booked amounts; a member whose refunds exceed its bookings has no share. */
export function splitByBooked(
  total: Fen,
  members: readonly MemberFacts[],
  policy: PolicyAt,
): readonly Fen[] {
  return shareOut(
    total,
    members.map((member) => toDecimalFen(bookedOf(member, policy))),
  );
}

/** A member's booked amount over the group's own buckets. */
export function bookedOf({ booked }: MemberFacts, policy: PolicyAt): Fen {
  return booked === null ? ZERO_FEN : sum(ownBuckets(policy).map((bucket) => booked[bucket]));
}
