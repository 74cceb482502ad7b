import { Decimal } from '../../kernel/decimal.js';
import { sum } from '../../kernel/money.js';
import type { Figure, FigureInput } from '../figure.js';
import { inputOf } from '../figure-input.js';
import type { CaseChange } from './case-reviews.js';

/** What reviews changed at one member. */
export interface MemberChange {
  readonly institution: string;
  readonly cases: readonly (CaseChange & { readonly input: FigureInput })[];
}

interface Words {
  readonly key: string;
  readonly label: string;
  readonly clause: string;
  readonly formula: string;
  readonly by: readonly FigureInput[];
}

/** Points added or taken off by reviewed cases, of each member and in all. */
export function changeFigures(words: Words, members: readonly MemberChange[]): readonly Figure[] {
  const { key, label, clause, formula, by } = words;
  const own = members.map(
    ({ institution, cases }): Figure => ({
      key: `member.${institution}.${key}`,
      label: `成员单位 ${institution} ${label}`,
      unit: 'points',
      value: total(cases.map(({ points }) => points)),
      clause,
      formula,
      inputs: [...cases.map(({ input }) => input), ...by],
      claims: { buckets: ['inpatient'], institution },
    }),
  );
  return [
    ...own,
    {
      key,
      label,
      unit: 'points',
      value: total(members.flatMap(({ cases }) => cases.map(({ points }) => points))),
      clause,
      formula: '各成员单位之和',
      inputs: own.map(inputOf),
    },
  ];
}

/** Amounts paid by item, off the pool, of each member with reviewed cases. */
export function byItemFigures(
  { key, label, clause, by }: Words,
  members: readonly MemberChange[],
): readonly Figure[] {
  return members.map(({ institution, cases }) => ({
    key: `member.${institution}.${key}`,
    label: `成员单位 ${institution} ${label}`,
    unit: 'yuan',
    value: sum(cases.map(({ amount }) => amount)),
    clause,
    formula: '评审决定按项目支付的病例之和',
    inputs: [...cases.map(({ input }) => input), ...by],
    claims: { buckets: ['inpatient'], institution },
  }));
}

function total(values: readonly Decimal[]): Decimal {
  return values.reduce((before, value) => before.plus(value), new Decimal(0));
}
