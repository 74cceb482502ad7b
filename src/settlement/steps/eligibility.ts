import { Decimal } from '../../kernel/decimal.js';
import {
  type Breach,
  breachesOf,
  conditionInputs,
  conditionsOf,
  haltingGaps,
} from '../conditions.js';
import type { Figure } from '../figure.js';
import { defineStep, type StepRun } from '../step.js';

const CONDITIONS = 'eligibility.conditions';

/**
 * Whether the consortium may be settled under a global budget at all (纳入总额付费的条件): certified, authorised by its members, under an
 * agreement with the lead, with its area's plan on file. What is not met halts with what to file, or is noted, as the region's table says.
 *
 * @source jilin-2025-13 §一(一)–(三)   certification, application, review, filing, agreement
 * @source jilin-2025-13 §四(一)         the area's plan filed with the province before it runs; start by the end of October 2025
 * @source hainan-2025-140 §一、三       certified by the province; plan approved and agreed; agreement with the lead only
 * @source hunan-2024-31 §二(一)、(三)   certified and in real operation; one agreement on the members' authorisation
 * @source sanya-2024-6 §四(二)、(三)    list of certified groups; the lead's rules on file
 */
export const eligibility = defineStep({
  name: 'eligibility',
  rows: ['JL-01', 'JL-15', 'HI-01', 'HI-05', 'HN-01', 'HN-03', 'HN-16', 'SY-21', 'SY-22'],
  reads: [],
  needs: () => [CONDITIONS],
  missing: (question) => haltingGaps(question, CONDITIONS),
  compute: (run) => [
    conditionsFigure(run, CONDITIONS, { key: 'eligibility', label: '纳入总额付费的条件' }),
  ],
});

/** Share of the conditions that hold; what does not hold stands in the note. */
export function conditionsFigure(
  run: StepRun,
  parameter: string,
  { key, label }: Pick<Figure, 'key' | 'label'>,
): Figure {
  const total = conditionsOf(run.policy, parameter).length;
  const breaches = breachesOf(run, parameter);
  return {
    key,
    label: `${label}（满足比例）`,
    unit: 'ratio',
    value: new Decimal(total - breaches.length).div(total),
    clause: run.policy.parameter(parameter).clause,
    formula: '满足的条件数 ÷ 条件总数',
    inputs: [...conditionInputs(run, parameter), run.by(parameter)],
    ...(breaches.length === 0 ? {} : { note: noteOf(run, breaches) }),
  };
}

function noteOf({ policy }: StepRun, breaches: readonly Breach[]): string {
  return breaches
    .map(({ condition, reason }) => `${policy.filing(condition.filing).label}：${reason}`)
    .join('；');
}
