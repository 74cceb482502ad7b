import { decimal } from '../../kernel/decimal.js';
import { yuan } from '../../kernel/money.js';
import type { Gap, PolicyAt } from '../../policy/policy.js';
import type { MemberFacts } from '../facts.js';
import { lacking, type StepQuestion } from '../step.js';
import type { BedDayRate } from './bed-day.js';
import type { DrgRules, HighMultiple, OutlierRule } from './drg-value.js';
import { PAYABLE_BASES, type PayableBasis } from './payable-basis.js';

/** Parameters of the payment methods, read in the form that the methods take. */

/** How a pool pays inpatient care: `dip`, `drg-points`, `drg-rate`. */
export const INPATIENT_METHOD = 'inpatient.method';
export const PAYABLE_BASIS = 'inpatient.payable_basis';

type OfPool = Pick<StepQuestion, 'policy' | 'pool'>;

/** The method of the pool; null while it is open, which the gap list says. */
export function inpatientMethod({ policy, pool }: OfPool): string | null {
  return policy.gapOf(INPATIENT_METHOD) === null ? policy.text(INPATIENT_METHOD, pool) : null;
}

/** The parameters that a step reads under its own method; under another it only asks which method there is. */
export function needsUnder(
  question: OfPool,
  methods: readonly string[],
  ids: readonly string[],
): readonly string[] {
  const method = inpatientMethod(question);
  return method !== null && methods.includes(method)
    ? [INPATIENT_METHOD, ...ids]
    : [INPATIENT_METHOD];
}

/** @throws RangeError for a basis that is none */
export function basisOf(policy: PolicyAt, id: string): PayableBasis {
  const text = policy.text(id);
  const found = PAYABLE_BASES.find((basis) => basis === text);
  if (found === undefined) throw new RangeError(`${id} is no payable basis: ${text}`);
  return found;
}

/** A whole number, or null for `none`. */
export function countOrNone(policy: PolicyAt, id: string): number | null {
  const text = policy.text(id);
  return text === 'none' ? null : Number(text);
}

export function bedDayRates(policy: PolicyAt): readonly BedDayRate[] {
  return policy.table('bed_day.rates').map((row) => ({
    class: orNull(cell(row, 'class')),
    level: orNull(cell(row, 'level')),
    upTo: numberOrNull(cell(row, 'up-to')),
    rate: yuan(cell(row, 'rate')),
  }));
}

export const DRG_RULES = [
  'drg.low_multiple',
  'drg.high_multiples',
  'drg.stay_shortest',
  'drg.stay_longest',
  'drg.outlier',
  'drg.coefficients',
] as const;

/** Rules of a DRG method; `scale` is 1 where weights are paid. */
export function drgRules(policy: PolicyAt, scale: DrgRules['scale']): DrgRules {
  return {
    scale,
    low: decimal(policy.text('drg.low_multiple')),
    high: policy.table('drg.high_multiples').map(
      (row): HighMultiple => ({
        upTo: cell(row, 'up-to') === 'none' ? null : decimal(cell(row, 'up-to')),
        multiple: decimal(cell(row, 'multiple')),
      }),
    ),
    shortest: countOrNone(policy, 'drg.stay_shortest'),
    longest: countOrNone(policy, 'drg.stay_longest'),
    outlier: policy.text('drg.outlier') as OutlierRule,
  };
}

/** The row of a table that speaks of a member's level, else the one of any level (`none`). */
export function rowOfLevel(
  rows: readonly Readonly<Record<string, string>>[],
  level: string | null,
): Readonly<Record<string, string>> | null {
  const own = rows.find((row) => level !== null && row['level'] === level);
  return own ?? rows.find((row) => row['level'] === 'none') ?? null;
}

/** A table's cell. @throws RangeError when the table has no such column */
export function cell(row: Readonly<Record<string, string>>, column: string): string {
  const text = row[column];
  if (text === undefined) throw new RangeError(`a table has no column ${column}`);
  return text;
}

function orNull(text: string): string | null {
  return text === 'none' ? null : text;
}

function numberOrNull(text: string): number | null {
  return text === 'none' ? null : Number(text);
}

/** A fact that some members lack, as a gap with their names. */
export function membersLack(
  question: StepQuestion,
  open: readonly MemberFacts[],
  gap: Pick<Gap, 'id' | 'label' | 'clause' | 'rows'>,
): readonly Gap[] {
  if (open.length === 0) return [];
  const names = open.map(({ institution }) => institution).join('、');
  const label = `成员单位的${gap.label}`;
  return [lacking(question, { ...gap, id: `members.${gap.id}`, label }, `没有写：${names}`)];
}
