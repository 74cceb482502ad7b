import { decimal } from '../../kernel/decimal.js';
import { toYuan } from '../../kernel/money.js';
import type { Gap, PolicyAt } from '../../policy/policy.js';
import type { SpecialCaseFacts } from '../../records/method-facts.js';
import type { MemberFacts } from '../facts.js';
import type { Figure } from '../figure.js';
import {
  isSigned,
  mostApplications,
  specialChange,
  type TakenRule,
} from '../methods/case-reviews.js';
import { cell, membersLack, rowOfLevel } from '../methods/method-parameters.js';
import { byItemFigures, changeFigures, type MemberChange } from '../methods/reviewed-cases.js';
import { clauseOf, defineStep, type StepQuestion, type StepRun, stated } from '../step.js';

const CAP = 'special_case.cap';
const TAKEN = 'special_case.taken';
const ROWS = ['HN-05', 'HI-07', 'GY-02'];

/**
 * Special-case review (特例单议): a reviewed case keeps its score, takes the one decided, or is paid by item off the pool. Applications are
 * capped by discharged cases, and two different people sign each; what breaks either halts.
 *
 * @source hunan-2024-31 §二(五)
 * @source hainan-2025-140 §五
 * @source ganyu-2025-1 §二(二)
 */
export const specialCases = defineStep({
  name: 'special-cases',
  rows: ROWS,
  reads: [],
  needs: ({ own }) => (own.members.some(hasCases) ? [CAP, TAKEN] : []),
  missing: (question) => [...unsigned(question), ...overCap(question)],
  compute: (run) => {
    const members = run.own.members.filter(hasCases);
    return members.length === 0 ? [] : figuresOf(run, members);
  },
});

function hasCases({ methods }: MemberFacts): boolean {
  return methods.specialCases.length > 0;
}

function figuresOf(run: StepRun, members: readonly MemberFacts[]): readonly Figure[] {
  const rule = run.policy.text(TAKEN) as TakenRule;
  const changes = members.map(
    ({ institution, methods }): MemberChange => ({
      institution,
      cases: methods.specialCases.map((found) => ({
        ...specialChange(found, rule),
        input: stated(`特例单议 ${found.caseNo}`, wordsOf(found), methods.clause),
      })),
    }),
  );
  const { clause } = run.policy.parameter(TAKEN);
  const shared = { clause, by: [run.by(TAKEN), run.by(CAP)] };
  const points = { key: 'special-case-points', label: '特例单议增减分值' };
  const amount = { key: 'special-case-amount', label: '特例单议按项目支付' };
  return [
    ...changeFigures({ ...points, ...shared, formula: '取用分值 − 原计分值，逐例相加' }, changes),
    ...byItemFigures({ ...amount, ...shared, formula: '' }, changes),
  ];
}

function wordsOf({ counted, outcome, decided, byItem, reviewers }: SpecialCaseFacts): string {
  const result =
    outcome === 'score'
      ? `评定 ${decided?.toFixed() ?? ''} 分`
      : outcome === 'by-item'
        ? `按项目支付 ${byItem === null ? '' : toYuan(byItem)} 元`
        : '维持原结算';
  return `原计 ${counted.toFixed()} 分，${result}，评审 ${reviewers.join('、')}`;
}

function unsigned(question: StepQuestion): readonly Gap[] {
  const open = question.own.members.filter(({ methods }) =>
    methods.specialCases.some((found) => !isSigned(found)),
  );
  const gap = { id: 'special_case_reviewers', label: '特例单议的两名不同评审人', rows: ROWS };
  return membersLack(question, open, { ...gap, clause: clauseOf(question.policy, TAKEN) });
}

/** More applications than the cap allows, or nobody said by how many discharged cases to measure them. */
function overCap(question: StepQuestion): readonly Gap[] {
  const { own, policy } = question;
  if (policy.gapOf(CAP) !== null) return [];
  const open = own.members.filter((member) => hasCases(member) && isOver(policy, member));
  const label = '特例单议申请数（须写出院人次 discharges，申请不超过上限）';
  const gap = { id: 'special_case_cap', label, rows: ROWS, clause: clauseOf(policy, CAP) };
  return membersLack(question, open, gap);
}

function isOver(policy: PolicyAt, { level, methods }: MemberFacts): boolean {
  const row = rowOfLevel(policy.table(CAP), level);
  if (row === null || methods.discharges === null) return true;
  const most = mostApplications(methods.discharges, decimal(cell(row, 'cap')));
  return methods.specialCases.length > most;
}
