import { decimal } from '../../kernel/decimal.js';
import { roundToFen, toDecimalFen, yuan, ZERO_FEN } from '../../kernel/money.js';
import type { MemberFacts } from '../facts.js';
import { type MemberPart, payableFigures } from '../methods/member-figures.js';
import { membersLack } from '../methods/method-parameters.js';
import { clauseOf, defineStep, type StepRun, stated } from '../step.js';

const FEE = 'family_doctor.fee';
const SHARE = 'family_doctor.fund_share';
const ROWS = ['HN-05', 'HI-07'];
const MONTHS_OF_YEAR = 12;

/**
 * Family-doctor fee (家庭医生签约服务费): the fund's share of the yearly fee for every person who signed and was served; a month is a
 * twelfth.
 *
 * @source hunan-2024-31 §二(四), 二(五)
 * @source hainan-2025-140 §四, 五
 */
export const familyDoctor = defineStep({
  name: 'family-doctor',
  rows: ROWS,
  reads: [],
  needs: ({ own }) =>
    own.members.some(({ methods }) => methods.signed !== null) ? [FEE, SHARE] : [],
  missing: (question) =>
    membersLack(question, question.own.members.filter(isUnstated), {
      ...{ id: 'signed', label: '家庭医生签约和服务人数', rows: ROWS },
      clause: clauseOf(question.policy, FEE),
    }),
  compute: (run) =>
    payableFigures(
      {
        key: 'family-doctor-payable',
        label: '家庭医生签约服务费应付',
        clause: clauseOf(run.policy, FEE),
        formula: '签约且服务的人数 × 年服务费 × 基金承担比例（按月为十二分之一）',
        buckets: ['family-doctor'],
      },
      run.own.members.map((member) => partOf(run, member)),
    ),
});

/** Fees booked for persons nobody counted. */
function isUnstated({ booked, methods }: MemberFacts): boolean {
  return methods.signed === null && (booked?.['family-doctor'] ?? ZERO_FEN) !== ZERO_FEN;
}

function partOf(run: StepRun, { institution, methods }: MemberFacts): MemberPart {
  const { signed } = methods;
  if (signed === null) return { institution, amount: ZERO_FEN, inputs: [] };
  const months = run.facts.plan === 'month' ? 1 : MONTHS_OF_YEAR;
  const exact = toDecimalFen(yuan(run.policy.text(FEE)))
    .times(decimal(run.policy.text(SHARE)))
    .times(signed.served)
    .times(months)
    .div(MONTHS_OF_YEAR);
  return {
    institution,
    amount: roundToFen(exact, 'half-up'),
    inputs: [
      stated('签约人数', String(signed.persons), methods.clause),
      stated('其中已服务人数', String(signed.served), methods.clause),
      run.by(FEE),
      run.by(SHARE),
    ],
  };
}
