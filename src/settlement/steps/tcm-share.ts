import { ZERO_FEN } from '../../kernel/money.js';
import type { PolicyAt } from '../../policy/policy.js';
import type { MemberFacts } from '../facts.js';
import { type TcmRules, tcmChange, tcmFault } from '../methods/case-reviews.js';
import { cell } from '../methods/method-parameters.js';
import { changeFigures } from '../methods/reviewed-cases.js';
import { defineStep, stated } from '../step.js';

const SHARE = 'tcm.min_share';
const STAY = 'tcm.min_stay';
const CLASSES = 'tcm.min_classes';

/**
 * TCM diseases (中医优势病种): a case valued as one keeps its score only with the stay, the operations and the share of TCM fees that the
 * rules ask for; else it is re-priced as an ordinary case, at clearing.
 *
 * @source hunan-2024-31 §二(五)
 * @source hainan-2025-140 §五
 * @source ganyu-2025-1 §二(二)
 */
export const tcmShare = defineStep({
  name: 'tcm-share',
  rows: ['HN-05', 'HI-07', 'GY-02'],
  reads: [],
  needs: ({ own }) => (own.members.some(hasCases) ? [SHARE, STAY, CLASSES] : []),
  compute: (run) => {
    const members = run.own.members.filter(hasCases);
    if (members.length === 0) return [];
    const rules = rulesOf(run.policy);
    return changeFigures(
      {
        key: 'tcm-points',
        label: '中医优势病种重新计价的增减分值',
        clause: run.policy.parameter(SHARE).clause,
        formula: '不符合条件的病例：普通病种分值 − 原计分值，逐例相加',
        by: [run.by(SHARE), run.by(STAY), run.by(CLASSES)],
      },
      members.map(({ institution, methods }) => ({
        institution,
        cases: methods.tcmCases.map((found) => ({
          points: tcmChange(found, rules),
          amount: ZERO_FEN,
          input: stated(
            `中医病例 ${found.caseNo}`,
            tcmFault(found, rules) ?? '符合条件',
            methods.clause,
          ),
        })),
      })),
    );
  },
});

function hasCases({ methods }: MemberFacts): boolean {
  return methods.tcmCases.length > 0;
}

function rulesOf(policy: PolicyAt): TcmRules {
  return {
    share: policy.ratio(SHARE),
    stay: new Map(policy.table(STAY).map((row) => [cell(row, 'group'), Number(cell(row, 'days'))])),
    classes: Number(policy.text(CLASSES)),
  };
}
