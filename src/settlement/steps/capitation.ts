import type { Gap } from '../../policy/policy.js';
import { type Booked, NOTHING_BOOKED } from '../facts.js';
import type { Figure } from '../figure.js';
import { rosterFigures, rosterMissing, rosterNeeds } from '../methods/roster-pay.js';
import { clauseOf, defineStep, given, lacking, type StepQuestion, type StepRun } from '../step.js';

const METHOD = 'outpatient.method';
const ROWS = ['HN-05', 'HI-07'];
const KEY = 'outpatient-payable';

/**
 * What ordinary outpatient care is paid: by service at its bookings, or by capitation (按人头付费), as the region's method says.
 *
 *     net = Σ member-months ÷ 12 × per capita × age weight × chronic weight × factor of the grade, rounded once, − paid elsewhere
 *
 * @source hunan-2024-31 §二(五)
 * @source hainan-2025-140 §五
 */
export const capitation = defineStep({
  name: 'capitation',
  rows: ROWS,
  reads: [],
  needs: (question) => [METHOD, ...(isCapitated(question) ? rosterNeeds(question) : [])],
  missing: (question) => (isCapitated(question) ? rosterMissing(question) : unbooked(question)),
  compute: (run) => (isCapitated(run) ? rosterFigures(run, KEY) : byService(run)),
});

function isCapitated({ policy, pool }: Pick<StepQuestion, 'policy' | 'pool'>): boolean {
  return policy.gapOf(METHOD) === null && policy.text(METHOD, pool) === 'capitation';
}

/** By service: what was booked is what is paid. */
function byService(run: StepRun): readonly Figure[] {
  const { clause } = run.policy.parameter(METHOD);
  const figureOf = (key: string, label: string, booked: Booked): Figure => ({
    key,
    label,
    unit: 'yuan',
    value: booked.outpatient,
    clause,
    formula: '普通门诊记账金额',
    inputs: [given('普通门诊记账金额', booked.outpatient), run.by(METHOD)],
    claims: { buckets: ['outpatient'] },
  });
  const members = run.own.members.flatMap(({ institution, booked }) =>
    booked === null
      ? []
      : [
          figureOf(
            `member.${institution}.${KEY}`,
            `成员单位 ${institution} 的普通门诊应付`,
            booked,
          ),
        ],
  );
  return [...members, figureOf(KEY, '普通门诊（按项目）应付', run.own.booked ?? NOTHING_BOOKED)];
}

function unbooked(question: StepQuestion): readonly Gap[] {
  if (question.own.booked !== null) return [];
  const clause = clauseOf(question.policy, METHOD);
  return [lacking(question, { id: 'booked', label: '本期记账金额', clause, rows: ROWS })];
}
