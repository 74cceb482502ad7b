import { Decimal, decimal } from '../../kernel/decimal.js';
import {
  allocate,
  type Fen,
  subtract,
  toDecimalFen,
  toYuan,
  yuan,
  ZERO_FEN,
} from '../../kernel/money.js';
import type { Gap } from '../../policy/policy.js';
import { approvedBudgetOf } from '../approved-budget.js';
import type { FigureInput } from '../figure.js';
import { defineStep, filedOf, lackingFilings, type StepQuestion, stated } from '../step.js';

const WEIGHTS = 'allocation.weights';
const MEASURES = 'allocation.measures';
const AREA = 'allocation.area_budget';
const OWN = 'allocation.consortium';

type Row = Readonly<Record<string, string>>;

/**
 * One consortium's part of a budget that several of one area share (多个医共体之间分配): by persons covered, recent services and recent
 * payments, each with its weight; largest remainder over all of them, so that the parts add up to the area's budget. Runs only
 * where the area's budget was filed; all consortia of an area must stand under one budget policy.
 *
 * @source hainan-2025-140 §二    persons, services, payments, by negotiation or the like (weights open)
 * @source hunan-2024-31 §二(二)  persons, services, payments (weights open); one policy per pooling area
 */
export const consortiumAllocation = defineStep({
  name: 'consortium-allocation',
  rows: ['HI-03', 'HN-02', 'HN-11'],
  reads: [],
  needs: (question) => (filedOf(question, AREA) === null ? [] : [WEIGHTS, MEASURES]),
  missing: (question) => {
    if (filedOf(question, AREA) === null) return [];
    const filings = lackingFilings(question, [OWN]);
    const { policy } = question;
    if (filings.length > 0 || policy.gapOf(WEIGHTS) !== null || policy.gapOf(MEASURES) !== null)
      return filings;
    return tableGaps(question);
  },
  compute: (run) => {
    if (filedOf(run, AREA) === null) return [];
    const rows = rowsOf(run);
    const weights = weightsOf(run);
    const part = partOf(run.filedFen(AREA), rows, weights, run.filedText(OWN));
    return [
      {
        key: 'budget-allocated',
        label: '按参保人数、医疗服务、基金支付分得的预算',
        unit: 'yuan',
        value: part,
        clause: run.policy.parameter(WEIGHTS).clause,
        formula: '合计预算 × Σ（权重 × 本医共体占比），各医共体之间按最大余数法到分',
        inputs: [
          run.filed(AREA),
          run.filed(OWN),
          ...rows.map(measureInput),
          run.by(WEIGHTS),
          run.by(MEASURES),
        ],
        ...noteOf(run, part),
      },
    ];
  },
});

/** The parts are a reference: the figure that was negotiated and approved counts, and the difference is shown. */
function noteOf(question: StepQuestion, part: Fen): { readonly note?: string } {
  const approved = approvedBudgetOf(question);
  if (approved === null || approved.amount === part) return {};
  return {
    note: `核定 ${toYuan(approved.amount)}，与测算相差 ${toYuan(subtract(approved.amount, part))}`,
  };
}

interface Weight {
  readonly measure: string;
  readonly weight: Decimal;
}

/** The own part of a budget shared by several. @throws RangeError when the own name is not among them */
function partOf(
  budget: Fen,
  rows: readonly Row[],
  ...[weights, own]: readonly [readonly Weight[], string]
): Fen {
  const index = rows.findIndex(({ consortium }) => consortium === own);
  if (index === -1) throw new RangeError(`no row of the allocation is ${own}`);
  return sharedBudget(budget, rows, weights)[index] ?? ZERO_FEN;
}

/**
 * Every consortium's part, in the order of the rows; they sum to the budget. Quotients are multiplied out by the other measures'
 * totals, so that the shares that are compared are exact.
 */
export function sharedBudget(
  budget: Fen,
  rows: readonly Row[],
  weights: readonly Weight[],
): readonly Fen[] {
  const totals = weights.map(({ measure }) => totalOf(rows, measure));
  const factors = weights.map(({ weight }, index) =>
    totals.reduce(
      (product, total, other) => (other === index ? product : product.times(total)),
      weight,
    ),
  );
  const shares = rows.map((row) =>
    weights.reduce(
      (share, { measure }, index) =>
        share.plus((factors[index] ?? new Decimal(0)).times(measured(row, measure))),
      new Decimal(0),
    ),
  );
  return allocate(budget, shares);
}

function totalOf(rows: readonly Row[], measure: string): Decimal {
  return Decimal.sum(0, ...rows.map((row) => measured(row, measure)));
}

function measured(row: Row, measure: string): Decimal {
  const text = row[measure] ?? '0';
  return measure === 'payments' ? toDecimalFen(yuan(text)) : decimal(text);
}

function rowsOf({ policy, pool }: Pick<StepQuestion, 'policy' | 'pool'>): readonly Row[] {
  return policy.table(MEASURES).filter((row) => row['pool'] === pool);
}

function weightsOf({ policy }: Pick<StepQuestion, 'policy'>): readonly Weight[] {
  return policy
    .table(WEIGHTS)
    .map(({ measure = '', weight = '0' }) => ({ measure, weight: decimal(weight) }));
}

function measureInput(row: Row): FigureInput {
  const { consortium = '', persons = '', services = '', payments = '' } = row;
  return stated(consortium, `参保 ${persons} 人、服务 ${services} 人次、基金支付 ${payments} 元`);
}

function tableGaps(question: StepQuestion): readonly Gap[] {
  const { policy, pool } = question;
  const rows = rowsOf(question);
  const weights = weightsOf(question);
  const gap = (id: string, reason: string): Gap => {
    const { label, clause, rows: duties } = policy.parameter(id);
    return { id, label: `${label}（${pool}）`, clause, rows: duties, reason };
  };
  const own = filedOf(question, OWN)?.value;
  const policies = [...new Set(rows.map((row) => row['policy'] ?? ''))];
  const empty = weights.filter(({ measure }) => totalOf(rows, measure).isZero());
  const total = Decimal.sum(0, ...weights.map(({ weight }) => weight));
  return [
    ...(rows.some(({ consortium }) => consortium === own)
      ? []
      : [gap(MEASURES, `表中没有本医共体 ${own ?? ''} 的一行`)]),
    ...(policies.length > 1
      ? [gap(MEASURES, `同一统筹区须执行一套预算政策，表中有 ${policies.join('、')}`)]
      : []),
    ...(empty.length > 0
      ? [gap(MEASURES, `各医共体合计为零：${empty.map(({ measure }) => measure).join('、')}`)]
      : []),
    ...(total.eq(1) ? [] : [gap(WEIGHTS, `权重合计 ${total.toFixed()}，应为 1`)]),
  ];
}
