import { times, ZERO_FEN } from '../../kernel/money.js';
import {
  bookedOf,
  splitAmong,
  splitClause,
  splitFaults,
  splitFormula,
  splitInput,
  splitNeeds,
} from '../distribution.js';
import { clauseOf, defineStep, given, lacking } from '../step.js';
import { ownBuckets } from './booked-amounts.js';

const RATE = 'prepayment.monthly_rate';

/**
 * Monthly prepayment (月度预付): 90 % of the month's declared booked amount, paid to the lead hospital in the following month, rounded
 * half-up; the rest waits for annual clearing. It is split among members by the lead's plan, by default by booked amount, to the fen.
 *
 * @source sanya-2024-6 §三(二)
 */
export const monthlyPrepayment = defineStep({
  name: 'monthly-prepayment',
  rows: ['SY-03', 'SY-07'],
  reads: ['booked'],
  needs: (question) => [RATE, ...splitNeeds(question)],
  missing: (question) => {
    const open = question.own.members.filter(({ booked }) => booked === null);
    if (open.length === 0) return splitFaults(question);
    const reason = `没有写记账金额：${open.map(({ institution }) => institution).join('、')}`;
    const gap = { id: 'members.booked', label: '成员单位的记账金额' };
    const clause = clauseOf(question.policy, RATE);
    return [lacking(question, { ...gap, clause, rows: ['SY-07'] }, reason)];
  },
  compute: (run) => {
    const buckets = ownBuckets(run.policy);
    const prepayment = times(run.fen('booked'), run.policy.ratio(RATE), 'half-up');
    const clause = run.policy.parameter(RATE).clause;
    const label = '月度预付金额（次月拨付牵头医院）';
    const shares = splitAmong(run, prepayment);
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
        booking: { from: 'agency', to: 'lead' },
      },
      ...run.own.members.map((member, index) => ({
        key: `member.${member.institution}.prepayment`,
        label: `成员单位 ${member.institution} 预付`,
        unit: 'yuan' as const,
        value: shares[index] ?? ZERO_FEN,
        clause: splitClause(run),
        formula: splitFormula(run, '月度预付金额'),
        inputs: [
          { ...given(label, prepayment, clause), figure: 'prepayment' },
          given('成员单位记账金额', bookedOf(member, run.policy)),
          splitInput(run),
        ],
        claims: { buckets, institution: member.institution },
        booking: { from: 'lead' as const, to: `member:${member.institution}` as const },
      })),
    ];
  },
});
