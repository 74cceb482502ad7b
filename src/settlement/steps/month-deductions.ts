import { negate, sum, toYuan, ZERO_FEN } from '../../kernel/money.js';
import type { Gap } from '../../policy/policy.js';
import type { MemberFacts } from '../facts.js';
import type { Figure } from '../figure.js';
import { clauseOf, defineStep, given, lacking, type StepQuestion, type StepRun } from '../step.js';

const TIMING = 'audit.timing';
const KEY = 'audit-deductions';
const ROWS = ['JL-05', 'HI-05'];

/**
 * Violations deducted from a month that is prepaid by its bookings (按月扣减), where the region reads it so: what no run has taken, off the
 * lead's money and off that of the member it was found at. Silent where the year deducts.
 *
 * @source jilin-2025-13 §二(二)   by provincial rule, which is not at hand (reading)
 * @source hainan-2025-140 §三     not said (reading)
 */
export const monthDeductions = defineStep({
  name: 'month-deductions',
  rows: ROWS,
  reads: ['prepayment'],
  needs: () => [TIMING],
  missing: (question) => (isMonthly(question) ? deductionGaps(question) : []),
  compute: (run) => {
    if (!isMonthly(run)) return [];
    const amount = run.own.auditDeductions ?? ZERO_FEN;
    const whole: Figure = {
      key: KEY,
      label: '审核、稽查扣款（从当月预付中扣减）',
      unit: 'yuan',
      value: amount,
      clause: run.policy.parameter(TIMING).clause,
      formula: '已确认且此前未扣过的扣款之和（每分只扣一次）',
      inputs: [given('已确认未扣的扣款', amount), run.by(TIMING)],
      booking: { from: 'lead', to: 'agency' },
    };
    return [whole, ...run.own.members.flatMap((member) => memberFigure(run, member))];
  },
});

function isMonthly({ policy }: Pick<StepQuestion, 'policy'>): boolean {
  return policy.gapOf(TIMING) === null && policy.text(TIMING) === 'monthly';
}

/** Below zero, so that what the member was paid counts without it. */
function memberFigure(run: StepRun, { institution, auditDeductions }: MemberFacts) {
  if (auditDeductions === ZERO_FEN) return [];
  const figure: Figure = {
    key: `member.${institution}.audit-charge`,
    label: `成员单位 ${institution} 审核、稽查扣款（扣减）`,
    unit: 'yuan',
    value: negate(auditDeductions),
    clause: run.policy.parameter(TIMING).clause,
    formula: '− 本单位被确认、此前未扣过的扣款',
    inputs: [given('本单位审核、稽查扣款', auditDeductions)],
    booking: { from: 'lead', to: `member:${institution}` },
  };
  return [figure];
}

/** The deductions must be told, and the members' make them up. */
function deductionGaps(question: StepQuestion): readonly Gap[] {
  const { auditDeductions: whole, members } = question.own;
  const gap = { id: 'audit_deductions', clause: clauseOf(question.policy, TIMING), rows: ROWS };
  if (whole === null)
    return [lacking(question, { ...gap, label: '当月审核、稽查扣款（没有扣款须写 0.00）' })];
  const parts = sum(members.map(({ auditDeductions }) => auditDeductions));
  if (members.length === 0 || parts === whole) return [];
  const reason = `成员单位合计 ${toYuan(parts)} 与集团 ${toYuan(whole)} 不符`;
  const label = '成员单位的审核、稽查扣款';
  return [lacking(question, { ...gap, id: 'members.audit_deductions', label }, reason)];
}
