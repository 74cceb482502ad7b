import { Decimal } from '../../kernel/decimal.js';
import { addMonths, type Month } from '../../kernel/period.js';
import {
  hasEnoughCases,
  judgePart,
  judgeStatistic,
  type PartVerdict,
  type StatisticReason,
} from './judge.js';
import type { Part, Statistic } from './statistic.js';

/** Institution → accounting month → total. */
export type MonthlyTotals = ReadonlyMap<string, ReadonlyMap<Month, Decimal>>;

/** The whole consortium, where a rule is about that. */
export const WHOLE = '';
export const SPANS = { month: 1, 'rolling-12': 12 } as const;
export type Span = keyof typeof SPANS;

/** What was read for one part. */
export interface PartTotals {
  readonly numerator: MonthlyTotals;
  readonly denominator: MonthlyTotals;
  /** Service cost that nobody can put into a fee group, and all of it; null where the part needs no fee groups. */
  readonly unclassified: { readonly none: MonthlyTotals; readonly all: MonthlyTotals } | null;
}

export interface StatisticTotals {
  readonly cases: MonthlyTotals;
  /** By part; a part that the books cannot give is absent. */
  readonly parts: ReadonlyMap<string, PartTotals>;
}

export interface StatisticResult {
  readonly month: Month;
  readonly span: Span;
  /** WHOLE for the consortium. */
  readonly institution: string;
  readonly rule: Statistic;
  readonly part: Part;
  readonly numerator: Decimal | null;
  readonly denominator: Decimal | null;
  readonly cases: number;
  readonly value: Decimal | null;
  readonly verdict: PartVerdict;
  /** Whether enough parts of the rule stand out at this institution; null: cannot be said. */
  readonly ruleFlagged: boolean | null;
  /** Fen that assessment may use; 0 where there is nothing. */
  readonly exportFen: bigint;
}

export interface StatisticQuestion {
  readonly rule: Statistic;
  readonly month: Month;
  readonly span: Span;
  /** Institution → peer group. */
  readonly members: ReadonlyMap<string, string>;
  readonly totals: StatisticTotals;
}

type Ratio = Pick<StatisticResult, 'numerator' | 'denominator' | 'value' | 'cases'> & {
  readonly reason: StatisticReason | null;
};

/** One rule over one span: every institution's parts against its peers and its own last year. */
export function computeStatistic(question: StatisticQuestion): readonly StatisticResult[] {
  const { rule, members } = question;
  const institutions = rule.of === 'consortium' ? [WHOLE] : [...members.keys()].sort();
  const years = rule.parts.map((part) => ({
    part,
    now: ratios(question, part, question.month, institutions),
    before: ratios(question, part, addMonths(question.month, -12), institutions),
  }));
  return institutions.flatMap((institution) => {
    const results = years.map(({ part, now, before }) =>
      resultOf(question, part, { institution, now, before }),
    );
    const ruleFlagged = judgeStatistic(
      rule,
      results.map(({ verdict }) => verdict),
    );
    return results.map((result) => ({ ...result, ruleFlagged }));
  });
}

function resultOf(
  { rule, month, span, members }: StatisticQuestion,
  part: Part,
  {
    institution,
    now,
    before,
  }: {
    readonly institution: string;
    readonly now: ReadonlyMap<string, Ratio>;
    readonly before: ReadonlyMap<string, Ratio>;
  },
): Omit<StatisticResult, 'ruleFlagged'> {
  const { reason, ...ratio } = now.get(institution) ?? NOTHING;
  const peers = [...now]
    .filter(([other]) => members.get(other) === members.get(institution))
    .flatMap(([, { value, reason: why }]) => (value === null || why !== null ? [] : [value]));
  const prior = before.get(institution);
  const lastYear = prior === undefined || prior.reason !== null ? null : prior.value;
  const verdict: PartVerdict =
    ratio.value === null || reason !== null
      ? { ...UNJUDGED, peers: peers.length, lastYear, reasons: [reason ?? 'no-denominator'] }
      : judgePart(rule, part, { value: ratio.value, cases: ratio.cases, peers, lastYear });
  return {
    ...{ month, span, institution, rule, part, verdict },
    ...ratio,
    exportFen: rule.exports === part.id ? exported(ratio, verdict) : 0n,
  };
}

const UNJUDGED: PartVerdict = {
  ...{ peers: 0, p90: null, z: null, lastYear: null },
  ...{ flagged: null, reasons: [] },
};
const NOTHING: Ratio = {
  ...{ numerator: null, denominator: null, value: null, cases: 0 },
  reason: 'unavailable',
};

/** What the share's increase over last year comes to, of this period's denominator; in fen, rounded half up. */
function exported(
  { value, denominator }: Pick<Ratio, 'value' | 'denominator'>,
  { lastYear }: PartVerdict,
): bigint {
  if (value === null || denominator === null || lastYear === null || value.lte(lastYear)) return 0n;
  return BigInt(value.minus(lastYear).times(denominator).toFixed(0, Decimal.ROUND_HALF_UP));
}

function ratios(
  { rule, span, totals }: StatisticQuestion,
  part: Part,
  last: Month,
  institutions: readonly string[],
): ReadonlyMap<string, Ratio> {
  const months = Array.from({ length: SPANS[span] }, (_, back) => addMonths(last, -back));
  const read = totals.parts.get(part.id);
  return new Map(
    institutions.map((institution) => {
      const total = (of: MonthlyTotals): Decimal => totalOf(of, institution, months);
      const cases = total(totals.cases).toNumber();
      if (read === undefined) return [institution, { ...NOTHING, cases }];
      const [numerator, denominator] = [total(read.numerator), total(read.denominator)];
      const value = denominator.lte(0) ? null : numerator.div(denominator);
      const reason = reasonOf(rule, { value, cases, read, total });
      return [institution, { numerator, denominator, value, cases, reason }];
    }),
  );
}

function reasonOf(
  rule: Statistic,
  {
    value,
    cases,
    read,
    total,
  }: {
    readonly value: Decimal | null;
    readonly cases: number;
    readonly read: PartTotals;
    total(of: MonthlyTotals): Decimal;
  },
): StatisticReason | null {
  if (!hasEnoughCases(rule, cases)) return 'too-few-cases';
  if (value === null) return 'no-denominator';
  if (read.unclassified === null) return null;
  const allowed = total(read.unclassified.all).times(rule.unclassifiedAtMost);
  return total(read.unclassified.none).gt(allowed) ? 'fee-class-missing' : null;
}

function totalOf(of: MonthlyTotals, institution: string, months: readonly Month[]): Decimal {
  const whose = institution === WHOLE ? [...of.values()] : [of.get(institution)];
  return whose.reduce(
    (all, byMonth) => months.reduce((sum, month) => sum.plus(byMonth?.get(month) ?? 0), all),
    new Decimal(0),
  );
}
