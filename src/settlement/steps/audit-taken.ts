import { type Fen, sum, toYuan, yuan } from '../../kernel/money.js';
import type { Gap } from '../../policy/policy.js';
import { defineStep, filedOf, given, lacking, lackingFilings, type StepQuestion } from '../step.js';

const TIMING = 'audit.timing';
const TAKEN = 'audit.taken_in_months';

/**
 * What the months of the year already took for violations (按月已扣的违规费用). The payable amount of the year counts without it, so that
 * deducted money never returns; the year itself takes only what is left. Nothing where the region deducts at the year's end.
 *
 * @source ganyu-2025-1 §四(二)   deducted in the monthly settlement and reflected in the annual clearing
 */
export const auditTaken = defineStep({
  name: 'audit-taken',
  rows: ['GY-19'],
  reads: [],
  needs: () => [TIMING],
  missing: (question) => {
    if (question.policy.gapOf(TIMING) !== null || question.policy.text(TIMING) !== 'monthly')
      return [];
    return takenOf(question) === null ? lackingFilings(question, [TAKEN]) : memberGaps(question);
  },
  compute: (run) => {
    if (run.policy.text(TIMING) !== 'monthly') return [];
    return [
      {
        key: 'audit-taken',
        label: '各月结算中已扣的违规费用',
        unit: 'yuan',
        value: run.own.auditTaken ?? run.filedFen(TAKEN),
        clause: run.policy.parameter(TIMING).clause,
        formula: '本年各月审核、稽查扣款之和',
        inputs: [
          run.own.auditTaken === undefined
            ? run.filed(TAKEN)
            : given('各月结算已扣金额（账上）', run.own.auditTaken),
          run.by(TIMING),
        ],
      },
    ];
  },
});

/** As the books say, else as filed; null when nobody said. */
function takenOf(question: Pick<StepQuestion, 'facts' | 'own'>): Fen | null {
  const filed = filedOf(question, TAKEN);
  return question.own.auditTaken ?? (filed === null ? null : yuan(filed.value));
}

/** What was taken of each member, where it is told, must make up the whole. */
function memberGaps(question: StepQuestion): readonly Gap[] {
  const parts = question.own.members.flatMap(({ auditTaken: taken }) => taken ?? []);
  const whole = takenOf(question);
  if (parts.length === 0 || sum(parts) === whole) return [];
  const { label, clause, rows } = question.policy.parameter(TIMING);
  const reason = `成员单位已扣合计 ${toYuan(sum(parts))} 与总数 ${toYuan(whole ?? sum([]))} 不符`;
  return [lacking(question, { id: 'members.audit_taken', label, clause, rows }, reason)];
}
