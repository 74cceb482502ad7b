import { Decimal } from '../../kernel/decimal.js';
import { type Fen, roundToFen, sum, toDecimalFen, yuan, ZERO_FEN } from '../../kernel/money.js';
import type { Gap } from '../../policy/policy.js';
import type { Filings, Prepaid } from '../facts.js';
import type { Figure, FigureInput } from '../figure.js';
import { inputOf } from '../figure-input.js';
import { defineStep, given, lackingFilings, type StepQuestion, type StepRun } from '../step.js';

const MONTHS = 'prefund.months';
const MULTIPLE = 'prefund.multiple';
const SET_OFF = 'prefund.set_off';
const SETTLED = 'prefund.settled';

/**
 * Start-of-year prepayment (年初预付): the mean month of last year's first eleven months × the multiple, rounded half-up for each member,
 * paid to the lead and passed on whole. Last year's settlements are those of the books, or filed where the books do not reach back.
 *
 * @source ganyu-2025-1 §三(二)2   base January to November; the amount on it 按规定 (multiple unspecified)
 */
export const startPrepayment = defineStep({
  name: 'start-prepayment',
  rows: ['GY-09'],
  reads: [],
  needs: () => [MONTHS, MULTIPLE, SET_OFF],
  missing: (question) => {
    if (question.policy.gapOf(MONTHS) !== null) return [];
    const { members } = question.own;
    const all =
      members.length === 0 ? baseOf(question, question.own) !== null : membersKnown(question);
    return all ? [] : gapOf(question);
  },
  compute: (run) => {
    const members = run.own.members.map((member) => {
      const base = baseOf(run, member) ?? NOTHING;
      return { institution: member.institution, base, amount: amountOn(run, base.total) };
    });
    const own = members.length === 0 ? (baseOf(run, run.own) ?? NOTHING) : null;
    const total = own?.total ?? sum(members.map(({ base }) => base.total));
    const base = baseFigure(
      run,
      total,
      own?.inputs ?? members.map(({ institution, base: each }) => given(institution, each.total)),
    );
    const paid = own === null ? sum(members.map(({ amount }) => amount)) : amountOn(run, total);
    const whole: Figure = {
      key: 'prepayment',
      label: '年初预付金额（拨付牵头医疗机构）',
      unit: 'yuan',
      value: paid,
      clause: run.policy.parameter(MONTHS).clause,
      formula: own === null ? '各成员单位预付金额之和' : '平均月结算额 × 预付月数',
      inputs: [inputOf(base), run.by(MULTIPLE), run.by(SET_OFF)],
      booking: { from: 'agency', to: 'lead' },
    };
    return [
      base,
      whole,
      ...members.map(
        ({ institution, base: each, amount }): Figure => ({
          key: `member.${institution}.prepayment`,
          label: `成员单位 ${institution} 年初预付`,
          unit: 'yuan',
          value: amount,
          clause: whole.clause,
          formula: '本单位上年度 1–11 月结算额 ÷ 11 × 预付月数',
          inputs: [...each.inputs, run.by(MONTHS), run.by(MULTIPLE)],
          booking: { from: 'lead', to: `member:${institution}` },
        }),
      ),
    ];
  },
});

interface Base {
  readonly total: Fen;
  readonly inputs: readonly FigureInput[];
}

const NOTHING: Base = { total: ZERO_FEN, inputs: [] };

interface Payee {
  readonly filings: Filings;
  readonly prepaid: readonly Prepaid[] | null;
}

/** What was settled in last year's first months: as filed, else as paid in each of them; null when a month lacks. */
function baseOf(
  { facts, policy }: Pick<StepQuestion, 'facts' | 'policy'>,
  payee: Payee,
): Base | null {
  const filed = payee.filings[SETTLED];
  if (filed !== undefined) {
    const amount = yuan(filed.value);
    return { total: amount, inputs: [given(policy.filing(SETTLED).label, amount, filed.clause)] };
  }
  const year = Number(facts.period) - 1;
  const count = policy.ratio(MONTHS).toNumber();
  const months = Array.from(
    { length: count },
    (_, index) => `${year}-${String(index + 1).padStart(2, '0')}`,
  );
  const paid = months.map((month) => (payee.prepaid ?? []).filter((each) => each.month === month));
  if (paid.some((each) => each.length === 0)) return null;
  const amounts = paid.map((each) => sum(each.map(({ amount }) => amount)));
  return {
    total: sum(amounts),
    inputs: months.map((month, index) => given(`${month} 结算额`, amounts[index] ?? ZERO_FEN)),
  };
}

function membersKnown(question: StepQuestion): boolean {
  return question.own.members.every((member) => baseOf(question, member) !== null);
}

function gapOf(question: StepQuestion): readonly Gap[] {
  const { filings } = question.own;
  const found = lackingFilings({ ...question, own: { ...question.own, filings: {} } }, [SETTLED]);
  const some = filings[SETTLED] === undefined ? '' : '成员单位须逐家写明；';
  return found.map((gap) => ({
    ...gap,
    reason: `${some}账上没有上年度 1–11 月的结算额，${gap.reason}`,
  }));
}

function amountOn(run: StepRun, total: Fen): Fen {
  const mean = toDecimalFen(total).div(run.policy.ratio(MONTHS));
  return roundToFen(mean.times(run.policy.ratio(MULTIPLE)), 'half-up');
}

function baseFigure(run: StepRun, total: Fen, inputs: readonly FigureInput[]): Figure {
  return {
    key: 'start-base',
    label: '上年度 1–11 月平均月结算额',
    unit: 'yuan',
    value: roundToFen(toDecimalFen(total).div(Decimal.max(run.policy.ratio(MONTHS), 1)), 'half-up'),
    clause: run.policy.parameter(MONTHS).clause,
    formula: '上年度 1–11 月结算额之和 ÷ 11',
    inputs: [...inputs, run.by(MONTHS)],
  };
}
