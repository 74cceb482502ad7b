import { Decimal, decimal } from '../kernel/decimal.js';
import type { Gap, PolicyAt } from '../policy/policy.js';
import type { Grade } from '../policy/policy-schema.js';
import {
  FILED_MEASURES,
  type FiledMeasure,
  type Indicators,
  type IndicatorValue,
  indicatorValue,
  isFiledAmount,
  type Measures,
  type Term,
} from './indicator.js';
import { gradeBounds, gradeOf, points, schemeRow } from './score.js';

const SCHEME = 'assessment.scheme';
const BOUNDS = 'assessment.grade_bounds';
const LIMITS = 'indicators.limits';

/** What the region's text asks for under one indicator. */
export interface Asked {
  readonly id: string;
  readonly clause: string;
  readonly rows: readonly string[];
}

export interface AssessedIndicator extends Asked, IndicatorValue {
  readonly label: string;
  readonly unit: 'ratio' | 'yuan' | 'days' | 'count';
  readonly direction: 'higher' | 'lower' | 'stable';
  readonly proxy: string | null;
  /** The limit the region or the site set, as text; null: shown, but raises no alarm. */
  readonly limit: string | null;
  readonly alarm: boolean;
  /** Points earned and possible under the scheme; null where it gives the indicator no weight. */
  readonly earned: Decimal | null;
  readonly weight: Decimal | null;
}

export interface Assessment {
  readonly indicators: readonly AssessedIndicator[];
  /** Percentage of all weights; null while the scheme is open or an indicator it weighs has no value. */
  readonly score: Decimal | null;
  /** What the score proposes; the cited record in records.yaml decides. */
  readonly proposed: Grade | null;
  readonly gaps: readonly Gap[];
}

export interface AssessQuestion {
  readonly asked: readonly Asked[];
  readonly catalogue: Indicators;
  readonly policy: PolicyAt;
  readonly now: Measures;
  readonly before: Measures | null;
}

/** Indicators of one unit or the whole, with limits and points. Nothing here decides: a grade is a cited record. */
export function assess({ asked, catalogue, policy, now, before }: AssessQuestion): Assessment {
  const limits = tableOf(policy, LIMITS);
  const scheme = tableOf(policy, SCHEME)?.map(schemeRow) ?? null;
  const indicators = asked.map((each): AssessedIndicator => {
    const found = indicatorValue(each.id, catalogue, { now, before });
    const { label, unit, direction, proxy } = catalogue[each.id] ?? UNKNOWN;
    const limit = limits?.find((row) => row['indicator'] === each.id) ?? null;
    const weighed = scheme?.find(({ indicator }) => indicator === each.id) ?? null;
    return {
      ...each,
      ...found,
      label,
      unit,
      direction,
      proxy: proxy ?? null,
      limit: limit === null ? null : limitText(limit),
      alarm: limit !== null && found.value !== null && isOutside(limit, found.value),
      earned: weighed === null || found.value === null ? null : points(weighed, found.value),
      weight: weighed?.weight ?? null,
    };
  });
  const gaps = [SCHEME, BOUNDS, LIMITS].map((id) => policy.gapOf(id)).filter((gap) => gap !== null);
  const score = scoreOf(indicators);
  const bounds = tableOf(policy, BOUNDS);
  const proposed = score === null || bounds === null ? null : gradeOf(score, gradeBounds(bounds));
  return { indicators, score, proposed, gaps };
}

/** A unit's measures with what was filed for the consortium. */
export function withFilings(
  measures: ReadonlyMap<Term, Decimal>,
  filed: (name: string) => string | null,
): Measures {
  const all = new Map<Term, Decimal>(measures);
  for (const [name, filing] of Object.entries(FILED_MEASURES)) {
    const text = filed(filing);
    const measure = name as FiledMeasure;
    if (text !== null) all.set(measure, decimal(text).times(isFiledAmount(measure) ? 100 : 1));
  }
  return all;
}

const UNKNOWN = {
  label: '指标目录中没有',
  unit: 'ratio',
  direction: 'stable',
  proxy: undefined,
} as const;

function tableOf(policy: PolicyAt, id: string): readonly Readonly<Record<string, string>>[] | null {
  return policy.gapOf(id) === null ? policy.table(id) : null;
}

function isOutside(row: Readonly<Record<string, string>>, value: Decimal): boolean {
  const { 'at-least': least = 'none', 'at-most': most = 'none' } = row;
  return (
    (least !== 'none' && value.lt(decimal(least))) || (most !== 'none' && value.gt(decimal(most)))
  );
}

function limitText(row: Readonly<Record<string, string>>): string {
  const { 'at-least': least = 'none', 'at-most': most = 'none' } = row;
  return [least === 'none' ? '' : `≥ ${least}`, most === 'none' ? '' : `≤ ${most}`]
    .filter((each) => each !== '')
    .join('，');
}

function scoreOf(indicators: readonly AssessedIndicator[]): Decimal | null {
  const weighed = indicators.filter(({ weight }) => weight !== null);
  if (weighed.length === 0 || weighed.some(({ earned }) => earned === null)) return null;
  const possible = Decimal.sum(...weighed.map(({ weight }) => weight ?? 0));
  if (possible.isZero()) return null;
  return Decimal.sum(...weighed.map(({ earned }) => earned ?? 0))
    .div(possible)
    .times(100);
}
