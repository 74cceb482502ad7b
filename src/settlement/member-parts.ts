import { type Fen, negate, sum, ZERO_FEN } from '../kernel/money.js';
import {
  bookedOf,
  splitAmong,
  splitByBooked,
  splitClause,
  splitFormula,
  splitInput,
} from './distribution.js';
import { BOOKED_BUCKETS, type BookedBucket, type MemberFacts } from './facts.js';
import type { Figure, FigureInput } from './figure.js';
import { given, type StepRun } from './step.js';
import { splitByPoints } from './steps/dip-points.js';
import { prepaidOfYear, sumOf } from './steps/prepaid-total.js';

/** What a final amount consists of, each part split among the members its own way. */

const DIP = 'dip-decision';
const SERVICE = 'fee-for-service';

/** One component of the final amount, split among the members. */
export interface MemberPart {
  /** Key below `member.<institution>.` */
  readonly key: string;
  readonly label: string;
  /** Signed as it enters the final amount. */
  readonly total: Fen;
  /** As the figures show them: what is taken off is shown positive. */
  readonly shares: readonly Fen[];
  readonly off: boolean;
  /** None where an earlier step wrote it. */
  figure(member: MemberFacts, share: Fen): readonly Figure[];
}

/** What makes up the payable amount: the whole by the lead's plan, or its lines. */
export function payableParts(run: StepRun): readonly MemberPart[] {
  const lines = linesOf(run);
  if (run.facts.distribution !== undefined || lines === null) return [wholePayable(run)];
  const own = lines.filter((key): key is BookedBucket => isBucket(key));
  const others = lines.filter((key) => !isBucket(key));
  return [
    ...others.map((key) => lineOf(run, key)),
    ...(own.length === 0 ? [] : [serviceOf(run, own)]),
  ];
}

/** The figures that the payable amount is the sum of; null where it is not a plain sum. */
function linesOf(run: StepRun): readonly string[] | null {
  const keys = run.figure('payable').inputs.flatMap(({ figure }) => figure ?? []);
  const values = keys.map((key) => run.figure(key).value);
  const total = sum(values.map((value) => (typeof value === 'bigint' ? value : ZERO_FEN)));
  return total === run.fen('payable') && values.every((value) => typeof value === 'bigint')
    ? keys
    : null;
}

function isBucket(key: string): boolean {
  return BOOKED_BUCKETS.some((bucket) => bucket === key);
}

function wholePayable(run: StepRun): MemberPart {
  return byPlan(
    run,
    { key: 'payable', label: '应支付金额', off: false },
    splitAmong(run, run.fen('payable')),
  );
}

/** A line of the payable amount: by points, as an earlier step gave it, or by booked amount. */
function lineOf(run: StepRun, key: string): MemberPart {
  const { label } = run.figure(key);
  const { members } = run.own;
  const total = run.fen(key);
  if (key === DIP) {
    const shares = splitByPoints(total, members);
    return {
      key,
      label: 'DIP 决算',
      total,
      shares,
      off: false,
      figure: (member, share) => decisionOf(run, member, share),
    };
  }
  const given = members.map(({ institution }) => run.find(`member.${institution}.${key}`)?.value);
  const shares = given.flatMap((value) => (typeof value === 'bigint' ? [value] : []));
  return shares.length === members.length && sum(shares) === total
    ? { key, label, total, shares, off: false, figure: () => [] }
    : byPlan(run, { key, label, off: false }, splitByBooked(total, members, run.policy));
}

function serviceOf(run: StepRun, buckets: readonly BookedBucket[]): MemberPart {
  const shares = run.own.members.map(({ booked }) =>
    booked === null ? ZERO_FEN : sum(buckets.map((bucket) => booked[bucket])),
  );
  const label = buckets.some((bucket) => bucket === 'inpatient') ? '按实列支' : '门诊类按项目';
  const names = buckets.map((bucket) => run.figure(bucket).label).join('、');
  return {
    ...{ key: SERVICE, label, total: sum(shares), shares, off: false },
    figure: (member, share) => [
      {
        ...figureOf(run, member, { key: SERVICE, label, value: share }),
        formula: `本单位${names}`,
        claims: { buckets, institution: member.institution },
      },
    ],
  };
}

/** What is taken off: prepayments and audit deductions each its own, other deductions by booked amount. */
export function deductedParts(run: StepRun): readonly MemberPart[] {
  const { members } = run.own;
  const keys = run.figure('final').inputs.flatMap(({ figure }) => figure ?? []);
  return keys
    .filter((key) => key !== 'payable')
    .map((key) => {
      const label = OFF_LABELS[key] ?? run.figure(key).label;
      const own = ownOff(run, key);
      const part = byPlan(
        run,
        { key, label, off: true },
        own ?? splitByBooked(run.fen(key), members, run.policy),
      );
      if (own === null) return part;
      return {
        ...part,
        figure: (member, share) => [
          {
            ...figureOf(run, member, { key, label, value: share }),
            formula: OWN_OFF[key] ?? label,
          },
        ],
      };
    });
}

const OFF_LABELS: Readonly<Record<string, string>> = {
  prepaid: '已预付',
  'deposit-withheld': '质量保证金扣减',
  'audit-deductions': '智能审核扣款',
};
const OWN_OFF: Readonly<Record<string, string>> = {
  prepaid: '各次预付中分给本单位之和',
  'audit-deductions': '本单位被确认的智能审核扣款',
};

function ownOff({ facts, own, policy }: StepRun, key: string): readonly Fen[] | null {
  if (key === 'audit-deductions') return own.members.map(({ auditDeductions }) => auditDeductions);
  if (key !== 'prepaid') return null;
  return own.members.map(({ prepaid }) => sumOf(prepaidOfYear(prepaid, facts.period, policy)));
}

/** What the final amount holds beside the parts known. */
export function restOf(run: StepRun, left: Fen): MemberPart {
  const shares = splitByBooked(left, run.own.members, run.policy);
  return byPlan(run, { key: 'other-items', label: '其他项目', off: false }, shares);
}

function byPlan(
  run: StepRun,
  { key, label, off }: Pick<MemberPart, 'key' | 'label' | 'off'>,
  shares: readonly Fen[],
): MemberPart {
  const total = sum(shares);
  const planned = key === 'payable';
  const whole = planned ? splitFormula(run, label) : `${label}按记账金额比例分配（最大余数法）`;
  return {
    ...{ key, label, off, shares, total: off ? negate(total) : total },
    figure: (member, share) => {
      const figure = figureOf(run, member, { key, label, value: share });
      const weights = planned ? [] : bookedInputs(run, member);
      return [
        {
          ...figure,
          formula: whole,
          inputs: [...wholeInput(run, { key, label, total }), ...weights, ...figure.inputs],
        },
      ];
    },
  };
}

/** What is split: the group's figure, or the amount that is left over. */
function wholeInput(
  run: StepRun,
  { key, label, total }: { readonly key: string; readonly label: string; readonly total: Fen },
): readonly FigureInput[] {
  return [run.find(key) === null ? given(`${label}（合计）`, total) : run.from(key)];
}

/** By what a part goes to a member: its own booked amount and that of all. */
function bookedInputs({ own, policy }: StepRun, member: MemberFacts): readonly FigureInput[] {
  const all = sum(own.members.map((each) => bookedOf(each, policy)));
  return [given('本单位记账金额', bookedOf(member, policy)), given('各成员单位记账金额合计', all)];
}

/** A member's part of the DIP decision. */
export function decisionOf(run: StepRun, member: MemberFacts, share: Fen): readonly Figure[] {
  const { institution } = member;
  return [
    {
      ...figureOf(run, member, { key: DIP, label: '的 DIP 决算', value: share }),
      formula: 'DIP 决算支付总额：零分值病例按实，其余按分值比例（最大余数法）',
      inputs: [run.from(DIP), run.from(`member.${institution}.points`)],
      claims: { buckets: ['inpatient'], institution },
    },
  ];
}

interface Shown {
  readonly key: string;
  readonly label: string;
  readonly value: Fen;
}

/** What the figures of a member's parts have in common. */
export function figureOf(
  run: StepRun,
  { institution }: MemberFacts,
  { key, label, value }: Shown,
): Figure {
  return {
    key: `member.${institution}.${key}`,
    label: `成员单位 ${institution} ${label}`,
    unit: 'yuan',
    value,
    clause: splitClause(run),
    formula: label,
    inputs: [splitInput(run)],
  };
}
