import { add, type Fen, sum, ZERO_FEN } from '../../kernel/money.js';
import type { PolicyAt } from '../../policy/policy.js';
import { BOOKED_BUCKETS } from '../facts.js';
import type { Figure } from '../figure.js';
import { amountOf, inputOf } from '../figure-input.js';
import { defineStep, given, lackingFilings, type StepRun } from '../step.js';
import { BUCKET_LABELS } from './booked-amounts.js';

const LINES = 'cost.lines';
const OUTSIDE = 'cost.outside_lines';
const NONE = 'none';
/** A rule with one of these values leaves its line out of the budget. */
const OUT: readonly string[] = ['out', 'excluded'];

/**
 * The cost that the year's budget bears (预算内费用): the members' own, as booked or as cleared by their payment methods, and what was
 * spent on the insured elsewhere, known only to the agency.
 *
 * @source ganyu-2025-1 §三(一)2、三(三)4   members; out-of-area and manual reimbursement at actual, off the consortium's budget
 * @source hunan-2024-31 §二(四)、三(二)    whole scope incl. out-of-county care, cleared by the mixed methods
 */
export const inBudgetCost = defineStep({
  name: 'in-budget-cost',
  rows: ['GY-08', 'GY-11', 'GY-15', 'HN-04', 'HN-08'],
  reads: ['booked'],
  needs: ({ policy }) => [LINES, OUTSIDE, ...rulesOf(policy)],
  missing: (question) =>
    lackingFilings(
      question,
      counted(question.policy).map(({ filing }) => filing),
    ),
  compute: (run) => {
    const cleared = clearedFigure(run);
    const outside = counted(run.policy).map((line) => outsideFigure(run, line));
    const all = [cleared, ...outside];
    return [
      ...all,
      {
        key: 'cost',
        label: '预算内费用合计',
        unit: 'yuan',
        value: sum(all.map(amountOf)),
        clause: run.policy.parameter(OUTSIDE).clause,
        formula: all.map(({ label }) => label).join(' + '),
        inputs: all.map(inputOf),
      },
    ];
  },
});

interface Outside {
  readonly line: string;
  readonly filing: string;
  readonly bucket: string;
  readonly rule: string;
}

function outsideLines(policy: PolicyAt): readonly Outside[] {
  if (policy.gapOf(OUTSIDE) !== null) return [];
  return policy
    .table(OUTSIDE)
    .map((row) => ({
      line: row['line'] ?? '',
      filing: row['filing'] ?? '',
      bucket: row['bucket'] ?? NONE,
      rule: row['rule'] ?? NONE,
    }))
    .filter(({ line }) => line !== NONE);
}

function rulesOf(policy: PolicyAt): readonly string[] {
  return outsideLines(policy).flatMap(({ rule }) => (rule === NONE ? [] : [rule]));
}

function counted(policy: PolicyAt): readonly Outside[] {
  return outsideLines(policy).filter(
    ({ rule }) => rule === NONE || policy.gapOf(rule) !== null || !OUT.includes(policy.text(rule)),
  );
}

function clearedFigure(run: StepRun): Figure {
  const keys = run.policy.list(LINES);
  return {
    key: 'cleared',
    label: '医共体内费用',
    unit: 'yuan',
    value: sum(keys.map((key) => run.fen(key))),
    clause: run.policy.parameter(LINES).clause,
    formula: keys.map((key) => run.figure(key).label).join(' + '),
    inputs: [...keys.map((key) => run.from(key)), run.by(LINES)],
  };
}

function outsideFigure(run: StepRun, { line, filing, bucket, rule }: Outside): Figure {
  const { label, clause } = run.policy.filing(filing);
  const found = BOOKED_BUCKETS.find((each) => each === bucket);
  const own: Fen = found === undefined ? ZERO_FEN : (run.own.booked?.[found] ?? ZERO_FEN);
  return {
    key: `cost.${line}`,
    label,
    unit: 'yuan',
    value: add(run.filedFen(filing), own),
    clause,
    formula:
      found === undefined
        ? '经办机构提供的实际支出'
        : '经办机构提供的实际支出 + 结算记录中的同类支出',
    inputs: [
      run.filed(filing),
      ...(found === undefined ? [] : [given(`${BUCKET_LABELS[found]}（结算记录）`, own)]),
      ...(rule === NONE ? [] : [run.by(rule)]),
    ],
    ...(found === undefined ? {} : { claims: { buckets: [found] } }),
  };
}
