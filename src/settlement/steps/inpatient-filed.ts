import { type Fen, yuan, ZERO_FEN } from '../../kernel/money.js';
import type { Gap } from '../../policy/policy.js';
import type { Booked, Filings } from '../facts.js';
import { type MemberPart, payableFigures } from '../methods/member-figures.js';
import { INPATIENT_METHOD, inpatientMethod } from '../methods/method-parameters.js';
import {
  defineStep,
  given,
  lacking,
  lackingFilings,
  type StepQuestion,
  type StepRun,
} from '../step.js';

const MONTH = 'settlement.inpatient_month';
const YEAR = 'settlement.inpatient_year';

/**
 * Inpatient cost where points are counted above the consortium (住院核定额): as the city cleared it, filed by the agency for each member; or
 * as booked. Silent where a payment method of the region computes it.
 *
 * @source ganyu-2025-1 §三(二)3   settled by the rules in force, inpatients by the city's DIP
 * @source hunan-2024-31 §二(五)   mainly DRG or DIP, at the level of the pooling area
 */
export const inpatientFiled = defineStep({
  name: 'inpatient-filed',
  rows: ['GY-10', 'HN-05'],
  reads: [],
  needs: () => [INPATIENT_METHOD],
  missing: (question) => (inpatientMethod(question) === 'filed' ? filingGaps(question) : []),
  compute: (run) => {
    const method = inpatientMethod(run);
    if (method !== 'filed' && method !== 'booked') return [];
    const words = {
      key: 'inpatient-payable',
      label: '住院核定结算额',
      clause: run.policy.parameter(INPATIENT_METHOD).clause,
      formula: method === 'filed' ? '统筹区按病种付费核定的结算额' : '住院记账金额',
      buckets: ['inpatient'],
    };
    const { members } = run.own;
    const figures = payableFigures(
      words,
      members.map((member) => ({ institution: member.institution, ...partOf(run, member) })),
    );
    if (members.length > 0) return figures;
    const { amount, inputs } = partOf(run, run.own);
    return figures.map((figure) => ({ ...figure, value: amount, formula: words.formula, inputs }));
  },
});

function filingName({ facts }: Pick<StepQuestion, 'facts'>): string {
  return facts.plan === 'month' ? MONTH : YEAR;
}

interface Payee {
  readonly booked: Booked | null;
  readonly filings: Filings;
}

function partOf(run: StepRun, { booked, filings }: Payee): Omit<MemberPart, 'institution'> {
  const name = filingName(run);
  const filed = filings[name];
  const method = run.by(INPATIENT_METHOD, run.pool);
  if (inpatientMethod(run) === 'filed' && filed !== undefined) {
    const amount: Fen = yuan(filed.value);
    const { label } = run.policy.filing(name);
    return { amount, inputs: [given(label, amount, filed.clause), method] };
  }
  const amount = booked?.inpatient ?? ZERO_FEN;
  return { amount, inputs: [given('住院记账金额', amount), method] };
}

/** Of each member, or of the whole where members are not told apart. */
function filingGaps(question: StepQuestion): readonly Gap[] {
  const { own, policy } = question;
  const name = filingName(question);
  if (own.members.length === 0) return lackingFilings(question, [name]);
  const open = own.members.filter(({ filings }) => filings[name] === undefined);
  if (open.length === 0) return [];
  const { label, clause, rows } = policy.filing(name);
  const reason = `没有申报（${name}）：${open.map(({ institution }) => institution).join('、')}`;
  return [lacking(question, { id: name, label, clause, rows }, reason)];
}
