import { inpatientMethod, needsUnder } from '../methods/method-parameters.js';
import { PROVISIONAL, pointsNeeds, pointsPayable } from '../methods/points-payable.js';
import { scoredInAll, scoresMissing } from '../methods/scored-members.js';
import { defineStep, lackingFilings } from '../step.js';

const RULES = 'dip.rules';

/**
 * What the DIP method pays for inpatient care: points × point value on the basis in use, per pool and member. Silent under another
 * method. A month is paid at the provisional point value; the year splits the pool and shows what that changes.
 *
 * @source hunan-2024-31 §二(五)
 * @source hainan-2025-140 §五
 * @source ganyu-2025-1 §二(二)
 */
export const dipPayable = defineStep({
  name: 'dip-payable',
  rows: ['HN-05', 'HI-07', 'GY-02'],
  reads: ['inpatient-pool'],
  needs: (question) => needsUnder(question, ['dip'], [RULES, ...pointsNeeds(question)]),
  missing: (question) => {
    if (inpatientMethod(question) !== 'dip') return [];
    const month = question.facts.plan === 'month';
    return [
      ...scoresMissing(question, scoredInAll),
      ...(month ? lackingFilings(question, [PROVISIONAL]) : []),
    ];
  },
  compute: (run) =>
    inpatientMethod(run) === 'dip'
      ? pointsPayable(run, { scored: scoredInAll, rules: RULES, name: 'DIP' })
      : [],
});
