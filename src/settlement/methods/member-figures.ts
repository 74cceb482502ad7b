import { type Fen, subtract, sum, toYuan } from '../../kernel/money.js';
import type { Figure, FigureInput } from '../figure.js';
import { inputOf } from '../figure-input.js';
import { given, type StepRun } from '../step.js';
import { PAYABLE_BASIS } from './method-parameters.js';
import type { Paid } from './payable-basis.js';

/** A member's part of a method's payable. */
export interface MemberPart {
  readonly institution: string;
  readonly amount: Fen;
  readonly inputs: readonly FigureInput[];
  readonly note?: string;
}

/** How a method's figures read. */
export interface PayableWords {
  readonly key: string;
  readonly label: string;
  readonly clause: string;
  /** How a member's part comes about. */
  readonly formula: string;
  readonly buckets: readonly string[];
}

/** What a method pays: of each member, and in all. */
export function payableFigures(
  words: PayableWords,
  parts: readonly MemberPart[],
): readonly Figure[] {
  const { key, label, clause, formula, buckets } = words;
  const members = parts.map(
    ({ institution, amount, inputs, note }): Figure => ({
      key: `member.${institution}.${key}`,
      label: `成员单位 ${institution} 的${label}`,
      unit: 'yuan',
      value: amount,
      clause,
      formula,
      inputs,
      claims: { buckets, institution },
      ...(note === undefined ? {} : { note }),
    }),
  );
  return [
    ...members,
    {
      key,
      label,
      unit: 'yuan',
      value: sum(parts.map(({ amount }) => amount)),
      clause,
      formula: '各成员单位之和',
      inputs: members.map((figure) => inputOf(figure)),
      claims: { buckets },
    },
  ];
}

/** What cases cost and what was booked of them, as inputs. */
export function paidInputs(paid: readonly Paid[]): readonly FigureInput[] {
  return [
    given('病例总费用', sum(paid.map(({ cost }) => cost))),
    given('病例记账金额', sum(paid.map(({ booked }) => booked))),
  ];
}

interface Difference {
  readonly settled: Fen;
  readonly provisional: Fen;
  /** What the provisional amount comes from. */
  readonly by: readonly FigureInput[];
}

/** What a price settled at the end changes beside the provisional one that months were paid by (补差). */
export function differenceFigures(
  run: StepRun,
  { settled, provisional, by }: Difference,
): readonly Figure[] {
  const { clause } = run.policy.parameter(PAYABLE_BASIS);
  const at: Figure = {
    key: 'provisional-payable',
    label: '按预算点值（费率）计算的住院应付',
    unit: 'yuan',
    value: provisional,
    clause,
    formula: '各成员单位按预算点值（费率）计算的应付之和',
    inputs: by,
  };
  const payable = {
    label: '住院应付',
    value: toYuan(settled),
    unit: 'yuan' as const,
    figure: 'inpatient-payable',
  };
  return [
    at,
    {
      key: 'provisional-difference',
      label: '点值（费率）确定后的补差',
      unit: 'yuan',
      value: subtract(settled, provisional),
      clause,
      formula: '住院应付 − 按预算点值（费率）计算的住院应付',
      inputs: [payable, inputOf(at)],
    },
  ];
}
