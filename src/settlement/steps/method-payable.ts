import { type Fen, sum, ZERO_FEN } from '../../kernel/money.js';
import type { Gap } from '../../policy/policy.js';
import { BOOKED_BUCKETS, type MemberFacts } from '../facts.js';
import type { Figure } from '../figure.js';
import { inputOf } from '../figure-input.js';
import { membersLack } from '../methods/method-parameters.js';
import { clauseOf, defineStep, given, type StepQuestion, type StepRun } from '../step.js';
import { BUCKET_LABELS } from './booked-amounts.js';

const LINES = 'method.payable_lines';
const KEY = 'method-payable';
const ROWS = ['HN-05', 'HI-07', 'GY-02'];

/**
 * What all payment methods come to (多元复合支付): the lines the region names, each by the figure of its method, or at its bookings where
 * the line is a bucket. Members add up to the pool.
 *
 * @source hunan-2024-31 §二(五)
 * @source hainan-2025-140 §五
 * @source ganyu-2025-1 §二(二)
 */
export const methodPayable = defineStep({
  name: 'method-payable',
  rows: ROWS,
  reads: [],
  needs: () => [LINES],
  missing: (question) => [...unbooked(question)],
  compute: (run) => {
    const lines = run.policy.list(LINES);
    const own = lines.map((line) => lineOf(run, line));
    const members = run.own.members.map((member) => memberFigure(run, member, lines));
    return [
      ...members,
      {
        key: KEY,
        label: '按支付方式计算的应付合计',
        unit: 'yuan',
        value: sum(own.map(({ amount }) => amount)),
        clause: run.policy.parameter(LINES).clause,
        formula: own.map(({ input }) => input.label).join(' + '),
        inputs: [...own.map(({ input }) => input), run.by(LINES)],
      },
    ];
  },
});

interface Line {
  readonly amount: Fen;
  readonly input: ReturnType<typeof inputOf>;
}

/** A method's figure; else the bucket's bookings. @throws RangeError for a line that is neither */
function lineOf(run: StepRun, line: string): Line {
  const found = run.find(line);
  if (found !== null) return { amount: run.fen(line), input: inputOf(found) };
  return bookedLine(line, run.own.booked);
}

function memberFigure(run: StepRun, member: MemberFacts, lines: readonly string[]): Figure {
  const { institution } = member;
  const own = lines.map((line) => {
    const found = run.find(`member.${institution}.${line}`);
    return found === null
      ? bookedLine(line, member.booked)
      : { amount: run.fen(found.key), input: inputOf(found) };
  });
  return {
    key: `member.${institution}.${KEY}`,
    label: `成员单位 ${institution} 按支付方式计算的应付合计`,
    unit: 'yuan',
    value: sum(own.map(({ amount }) => amount)),
    clause: run.policy.parameter(LINES).clause,
    formula: '各支付方式应付之和',
    inputs: own.map(({ input }) => input),
  };
}

function bookedLine(line: string, booked: MemberFacts['booked']): Line {
  const bucket = BOOKED_BUCKETS.find((each) => each === line);
  if (bucket === undefined) throw new RangeError(`no figure and no bucket is called ${line}`);
  const amount = booked?.[bucket] ?? ZERO_FEN;
  return { amount, input: given(`${BUCKET_LABELS[bucket]}记账金额`, amount) };
}

/** Lines at their bookings need them of every member. */
function unbooked(question: StepQuestion): readonly Gap[] {
  const { own, policy } = question;
  if (policy.gapOf(LINES) !== null) return [];
  const isBooked = policy.list(LINES).some((line) => BOOKED_BUCKETS.some((each) => each === line));
  const open = isBooked ? own.members.filter(({ booked }) => booked === null) : [];
  const gap = { id: 'booked', label: '记账金额', rows: ROWS, clause: clauseOf(policy, LINES) };
  return membersLack(question, open, gap);
}
