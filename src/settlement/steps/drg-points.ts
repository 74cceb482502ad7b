import {
  caseRules,
  coefficientsMissing,
  drgScored,
  pricesMissing,
} from '../methods/drg-members.js';
import { inpatientMethod, needsUnder } from '../methods/method-parameters.js';
import { PROVISIONAL, pointsNeeds, pointsPayable } from '../methods/points-payable.js';
import { scoresMissing } from '../methods/scored-members.js';
import { defineStep, lackingFilings } from '../step.js';

const SCALE = 'drg.point_scale';

/**
 * What the DRG points method pays for inpatient care: base points by group, low and high multiples by the table, stays outside at their
 * bookings; the pool by points. Silent under another method.
 *
 * @source hunan-2024-31 §二(五)
 * @source hainan-2025-140 §五
 */
export const drgPoints = defineStep({
  name: 'drg-points',
  rows: ['HN-05', 'HI-07'],
  reads: ['inpatient-pool'],
  needs: (question) =>
    needsUnder(question, ['drg-points'], [SCALE, ...caseRules(question), ...pointsNeeds(question)]),
  missing: (question) => {
    if (inpatientMethod(question) !== 'drg-points') return [];
    const month = question.facts.plan === 'month';
    const scored = drgScored(question, SCALE);
    return [
      ...pricesMissing(question, scored),
      ...scoresMissing(question, scored),
      ...coefficientsMissing(question),
      ...(month ? lackingFilings(question, [PROVISIONAL]) : []),
    ];
  },
  compute: (run) =>
    inpatientMethod(run) === 'drg-points'
      ? pointsPayable(run, { scored: drgScored(run, SCALE), rules: SCALE, name: 'DRG 点数' })
      : [],
});
