import { Decimal } from '../../kernel/decimal.js';
import { add, type Fen, subtract, ZERO_FEN } from '../../kernel/money.js';
import type { Gap } from '../../policy/policy.js';
import type { MemberFacts } from '../facts.js';
import type { Figure } from '../figure.js';
import { clauseOf, lacking, type StepQuestion, type StepRun, stated } from '../step.js';
import { membersLack, PAYABLE_BASIS } from './method-parameters.js';
import type { PointsMember } from './point-value.js';

/** A member's cases as a method by points or weight counts them. */
export interface Scored {
  readonly institution: string;
  /** Points or weight; null: nobody scored them. */
  readonly score: Decimal | null;
  /** Booked amount of the cases without score. */
  readonly atActual: Fen;
  /** What was booked of the scored cases, and what they cost; null: not known. */
  readonly booked: Fen | null;
  readonly cost: Fen | null;
  readonly note?: string;
}

/** A member whose points are known as a sum. */
export function scoredInAll({
  institution,
  points,
  paidAtActual,
  booked,
  methods,
}: MemberFacts): Scored {
  return {
    institution,
    score: points,
    atActual: paidAtActual,
    booked: booked === null ? null : subtract(booked.inpatient, paidAtActual),
    cost: methods.inpatientCost,
  };
}

const ROWS = ['HN-05', 'HI-07', 'GY-02'];

/** Scores nobody gave; and, where the fund pays a part of standards, bookings and costs nobody gave. */
export function scoresMissing(
  question: StepQuestion,
  scored: (member: MemberFacts) => Scored,
): readonly Gap[] {
  const { own, policy } = question;
  const clause = clauseOf(policy, 'inpatient.method');
  if (own.members.length === 0)
    return [
      lacking(question, { id: 'members.points', label: '成员单位的分值', clause, rows: ROWS }),
    ];
  const without = own.members.filter((member) => scored(member).score === null);
  const label = '分值（没有病例写 0）';
  const gaps = membersLack(question, without, { id: 'points', label, clause, rows: ROWS });
  if (policy.gapOf(PAYABLE_BASIS) !== null || policy.text(PAYABLE_BASIS) === 'fund-points')
    return gaps;
  const open = own.members.filter((member) => {
    const { score, booked, cost } = scored(member);
    return score?.isZero() === false && (booked === null || cost === null);
  });
  const gap = { id: 'inpatient_cost', label: '住院总费用和记账金额', rows: ROWS };
  return [
    ...gaps,
    ...membersLack(question, open, { ...gap, clause: clauseOf(policy, PAYABLE_BASIS) }),
  ];
}

/** The member with what special cases and re-priced TCM cases change. */
export function adjusted(run: StepRun, scored: Scored): PointsMember {
  const { institution, score, atActual, booked, cost } = scored;
  const changed = changeKeys(run, institution).map((key) => run.decimal(key));
  const byItem = run.find(`member.${institution}.special-case-amount`);
  return {
    score: changed.reduce((total, each) => total.plus(each), score ?? new Decimal(0)),
    atActual: byItem === null ? atActual : add(atActual, run.fen(byItem.key)),
    booked: booked ?? ZERO_FEN,
    cost: cost ?? ZERO_FEN,
  };
}

/** The member's score as a figure. */
export function scoreFigure(
  run: StepRun,
  scored: Scored,
  { key, label, rules }: { readonly key: string; readonly label: string; readonly rules: string },
): Figure {
  const changes = changeKeys(run, scored.institution);
  return {
    key: `member.${scored.institution}.${key}`,
    label: `成员单位 ${scored.institution} ${label}`,
    unit: 'points',
    value: adjusted(run, scored).score,
    clause: run.policy.parameter(rules).clause,
    formula: `本单位病例${label}之和${changes.length === 0 ? '' : '，加评审和重新计价的增减'}`,
    inputs: [
      stated(`病例${label}之和`, (scored.score ?? new Decimal(0)).toFixed()),
      ...changes.map((change) => run.from(change)),
      run.by(rules),
    ],
    claims: { buckets: ['inpatient'], institution: scored.institution },
    ...(scored.note === undefined ? {} : { note: scored.note }),
  };
}

function changeKeys(run: StepRun, institution: string): readonly string[] {
  return ['special-case-points', 'tcm-points']
    .map((key) => `member.${institution}.${key}`)
    .filter((key) => run.find(key) !== null);
}
