import { byText } from '../kernel/order.js';
import type { Month } from '../kernel/period.js';
import type { Rule } from './rule.js';
import { REASON_KINDS, type ReasonKind, reasonWords } from './words.js';

/** What one rule did at one institution in one month, as the books have it. */
export interface StoredCoverage {
  readonly month: Month;
  readonly ruleId: string;
  readonly institution: string;
  readonly examined: number;
  readonly hits: number;
  readonly exempted: number;
  readonly belowMinimum: number;
  /** Reason → times. */
  readonly notApplicable: Readonly<Record<string, number>>;
}

/**
 * `checked` everything it met was judged · `partly` some could not be · `unchecked` nothing could be · `idle` it met nothing to look at.
 */
export type CoverageState = 'checked' | 'partly' | 'unchecked' | 'idle';

export const COVERAGE_WORDS: Readonly<Record<CoverageState, string>> = {
  checked: '已检查',
  partly: '部分未能检查',
  unchecked: '未能检查',
  idle: '没有遇到可检查的费用',
};

/** A rule over all institutions. */
export interface RuleCoverage {
  readonly ruleId: string;
  readonly title: string;
  readonly trial: boolean;
  readonly state: CoverageState;
  readonly institutions: number;
  readonly examined: number;
  readonly hits: number;
  readonly exempted: number;
  readonly belowMinimum: number;
  readonly notApplicable: number;
}

/** Why rules could not judge, the reason with the most rules first. */
export interface CoverageGap {
  readonly kind: ReasonKind;
  readonly kindWords: string;
  readonly words: string;
  readonly rules: readonly string[];
  readonly institutions: number;
  readonly times: number;
}

export interface CoverageReport {
  readonly rules: readonly RuleCoverage[];
  readonly gaps: readonly CoverageGap[];
}

export interface CoverageSource {
  readonly rows: readonly StoredCoverage[];
  /** Of the book; those that do not run are left out. */
  readonly rules: readonly Pick<Rule, 'id' | 'status' | 'title'>[];
  /** Name of a local table → its title. */
  readonly tableTitles: ReadonlyMap<string, string>;
}

/** The coverage report (覆盖情况): which rules looked at what, and which had no data. */
export function coverageReport({ rows, rules, tableTitles }: CoverageSource): CoverageReport {
  const running = rules.filter(({ status }) => status === 'ACTIVE' || status === 'SHADOW');
  return {
    rules: running.map((rule) =>
      ruleCoverage(
        rule,
        rows.filter(({ ruleId }) => ruleId === rule.id),
      ),
    ),
    gaps: gapsOf(rows, tableTitles),
  };
}

function ruleCoverage(
  { id, title, status }: Pick<Rule, 'id' | 'status' | 'title'>,
  rows: readonly StoredCoverage[],
): RuleCoverage {
  const total = (of: (row: StoredCoverage) => number) =>
    rows.reduce((sum, row) => sum + of(row), 0);
  const examined = total((row) => row.examined);
  const notApplicable = total(timesOf);
  return {
    ...{ ruleId: id, title, trial: status === 'SHADOW', examined, notApplicable },
    state: stateOf(examined, notApplicable),
    institutions: new Set(rows.map(({ institution }) => institution)).size,
    hits: total(({ hits }) => hits),
    exempted: total(({ exempted }) => exempted),
    belowMinimum: total(({ belowMinimum }) => belowMinimum),
  };
}

function stateOf(examined: number, notApplicable: number): CoverageState {
  if (notApplicable === 0) return examined === 0 ? 'idle' : 'checked';
  return examined === 0 ? 'unchecked' : 'partly';
}

export function timesOf({ notApplicable }: Pick<StoredCoverage, 'notApplicable'>): number {
  return Object.values(notApplicable).reduce((sum, times) => sum + times, 0);
}

function gapsOf(
  rows: readonly StoredCoverage[],
  tableTitles: ReadonlyMap<string, string>,
): readonly CoverageGap[] {
  const reasons = [...new Set(rows.flatMap(({ notApplicable }) => Object.keys(notApplicable)))];
  const gaps = reasons.map((reason): CoverageGap => {
    const of = rows.filter(({ notApplicable }) => notApplicable[reason] !== undefined);
    const { kind, words } = reasonWords(reason, tableTitles);
    return {
      ...{ kind, words, kindWords: REASON_KINDS[kind] },
      rules: [...new Set(of.map(({ ruleId }) => ruleId))].sort(byText),
      institutions: new Set(of.map(({ institution }) => institution)).size,
      times: of.reduce((sum, { notApplicable }) => sum + (notApplicable[reason] ?? 0), 0),
    };
  });
  return gaps.toSorted(
    (a, b) => byText(a.kind, b.kind) || b.rules.length - a.rules.length || byText(a.words, b.words),
  );
}

/** `没有出生日期 3 次；…`: the reasons of one row, the most frequent first. */
export function reasonsText(
  notApplicable: Readonly<Record<string, number>>,
  tableTitles: ReadonlyMap<string, string>,
): string {
  return Object.entries(notApplicable)
    .toSorted(([a, times], [b, others]) => others - times || byText(a, b))
    .map(([reason, times]) => `${reasonWords(reason, tableTitles).words} ${times} 次`)
    .join('；');
}
