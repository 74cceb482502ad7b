import type { IsoDate } from '../../kernel/dates.js';
import type { NotApplicableReason } from '../not-applicable.js';
import type { Rule } from '../rule.js';
import type { BoundTemplate } from '../template.js';
import { fieldIntervals, type TestedCheck } from './field-intervals.js';
import { generateRowFunction, type RowFunction } from './generate.js';
import { dayNumber } from './positional-row.js';
import { type FilteredClaim, ProfileTable } from './profile.js';
import type { ProfileVerdict, RowCheck, RowTest } from './row-check.js';

/** A rule as the screen sees it. */
export interface ScreenedRule {
  readonly rule: Rule;
  readonly bound: Pick<BoundTemplate, 'codes' | 'rowChecks' | 'trigger'>;
  looksAt(claim: FilteredClaim): boolean;
  appliesOn(serviceDate: IsoDate): boolean;
  /** Days on which what applies may change. */
  readonly changeDates: readonly IsoDate[];
}

/** The compiled rows' half of a rule book: tables of bits, and one generated function over positional rows. */
export interface Screen {
  readonly judge: RowFunction;
  /** After a call: check words that hit, check words that are unsure, rule words that look at the line. */
  readonly words: Int32Array;
  readonly checkWords: number;
  readonly ruleWords: number;
  /** Number of an item code; 0 for one that no rule names. */
  codeOf(itemCode: string | null): number;
  readonly codes: ReadonlyMap<string, number>;
  readonly profiles: ProfileTable;
  /** Position of the rule that a check belongs to. */
  readonly ruleOfCheck: Int32Array;
  /** Why a check that is unsure cannot be judged; null: somebody has to look. */
  readonly reasonOfCheck: readonly (NotApplicableReason | null)[];
  /** By code number: 1 where some rule woken by codes may look at a line. */
  readonly mayWake: Uint8Array;
}

const EVERY_CODE = 0;

/** @param rules  in the positions that rule bits shall have */
export function compileScreen(rules: readonly ScreenedRule[]): Screen {
  const checks = rules.flatMap((screened, position) =>
    (screened.bound.rowChecks ?? []).map((check) => ({ check, screened, position })),
  );
  const codes = numberCodes(
    rules,
    checks.map(({ check }) => check),
  );
  const eras = erasOf(
    rules,
    checks.map(({ check }) => check),
  );
  const profiles = new ProfileTable(rules.flatMap(({ rule }) => rule.facility?.institutions ?? []));
  const [checkWords, ruleWords] = [wordsFor(checks.length), wordsFor(rules.length)];
  const tables = new Tables(codes, ['', ...eras], profiles);
  const words = new Int32Array(2 * checkWords + ruleWords);
  const tested = checks.flatMap(({ check: { tests } }, bit): TestedCheck[] =>
    tests.length === 0 ? [] : [{ bit, tests }],
  );
  const judge = generateRowFunction({
    eras: eras.map(dayNumber),
    ...{ checkWords, ruleWords, words },
    codeChecks: tables.byCode(
      checks.map(({ check }) => check.codes),
      checks.map(({ check }) => check.exceptCodes ?? []),
    ),
    prices: pricesByCode(tested, codes),
    eraChecks: tables.byEra(
      checks.map(
        ({ check, screened }) =>
          (date: IsoDate) =>
            screened.appliesOn(date) && covers(check, date),
      ),
    ),
    profileHits: tables.byProfile(verdictsAre(checks, 'hit')),
    profileUnsure: tables.byProfile(verdictsAre(checks, 'unsure')),
    codeRules: tables.byCode(rules.map(({ bound }) => bound.codes)),
    eraRules: tables.byEra(rules.map((screened) => (date: IsoDate) => screened.appliesOn(date))),
    profileRules: tables.byProfile(
      rules.map((screened) => (claim: FilteredClaim) => screened.looksAt(claim)),
    ),
    withinScope: bitsOf(checks.map(({ check }) => check.withinScope)),
    tested,
    intervals: fieldIntervals(tested, checkWords),
  });
  const waking = rules.map(({ bound }) =>
    bound.trigger === 'codes' ? bound.codes : new Set<string>(),
  );
  return {
    ...{ judge, words, checkWords, ruleWords, codes, profiles },
    codeOf: (itemCode) => (itemCode === null ? EVERY_CODE : (codes.get(itemCode) ?? EVERY_CODE)),
    ruleOfCheck: Int32Array.from(checks, ({ position }) => position),
    reasonOfCheck: checks.map(({ check }) => check.unjudged ?? null),
    mayWake: mayWake(codes, waking),
  };
}

/** For each check, whether a claim's profile comes to a verdict. */
function verdictsAre(
  checks: readonly { readonly check: RowCheck; readonly screened: ScreenedRule }[],
  verdict: ProfileVerdict,
): ((claim: FilteredClaim) => boolean)[] {
  return checks.map(
    ({ check, screened }) =>
      (claim) =>
        screened.looksAt(claim) && check.profile(claim) === verdict,
  );
}

function covers({ effectiveFrom, effectiveUntil }: RowCheck, date: IsoDate): boolean {
  if (effectiveFrom !== null && date < effectiveFrom) return false;
  return effectiveUntil === null || date < effectiveUntil;
}

function numberCodes(
  rules: readonly ScreenedRule[],
  checks: readonly RowCheck[],
): Map<string, number> {
  const codes = new Map<string, number>();
  for (const named of [
    ...rules.map(({ bound }) => bound.codes),
    ...checks.flatMap((check) => [check.codes, check.exceptCodes ?? []]),
  ])
    for (const code of named ?? []) if (!codes.has(code)) codes.set(code, codes.size + 1);
  return codes;
}

/** For each test of prices, the price of each code; infinite where it has none. */
function pricesByCode(
  tested: readonly TestedCheck[],
  codes: ReadonlyMap<string, number>,
): ReadonlyMap<RowTest, Float64Array> {
  const tests = tested.flatMap(({ tests: own }) =>
    own.flatMap((test) => (test.kind === 'dearer-than' ? [test] : [])),
  );
  return new Map(
    tests.map((test) => {
      const prices = new Float64Array(codes.size + 1).fill(Number.POSITIVE_INFINITY);
      for (const [code, price] of test.prices) prices[codes.get(code) ?? 0] = price;
      return [test, prices];
    }),
  );
}

/** First days of the eras within which nothing changes, ascending; before the first is era 0. */
function erasOf(rules: readonly ScreenedRule[], checks: readonly RowCheck[]): IsoDate[] {
  const dates = new Set(rules.flatMap(({ changeDates }) => changeDates));
  for (const { effectiveFrom, effectiveUntil } of checks) {
    if (effectiveFrom !== null) dates.add(effectiveFrom);
    if (effectiveUntil !== null) dates.add(effectiveUntil);
  }
  return [...dates].sort();
}

function wordsFor(bits: number): number {
  return Math.max(1, Math.ceil(bits / 32));
}

function bitsOf(flags: readonly boolean[]): Int32Array {
  const words = new Int32Array(wordsFor(flags.length));
  flags.forEach((flag, bit) => {
    if (flag) setBit(words, 0, bit);
  });
  return words;
}

function setBit(words: Int32Array, offset: number, bit: number): void {
  const word = offset + (bit >> 5);
  words[word] = (words[word] ?? 0) | (1 << (bit & 31));
}

function mayWake(
  codes: ReadonlyMap<string, number>,
  waking: readonly (ReadonlySet<string> | null)[],
): Uint8Array {
  const flags = new Uint8Array(codes.size + 1);
  if (waking.includes(null)) flags.fill(1);
  for (const named of waking) for (const code of named ?? []) flags[codes.get(code) ?? 0] = 1;
  return flags;
}

/** Bit tables: a row for each code, era or profile, a bit for each rule or check. */
class Tables {
  constructor(
    private readonly codes: ReadonlyMap<string, number>,
    /** A day of each era. */
    private readonly days: readonly IsoDate[],
    private readonly profiles: ProfileTable,
  ) {}

  byCode(
    named: readonly (Iterable<string> | null)[],
    except: readonly Iterable<string>[] = [],
  ): Int32Array {
    const width = wordsFor(named.length);
    const table = new Int32Array((this.codes.size + 1) * width);
    named.forEach((codes, bit) => {
      for (const code of this.numbersOf(codes, except[bit] ?? [])) setBit(table, code * width, bit);
    });
    return table;
  }

  private numbersOf(codes: Iterable<string> | null, except: Iterable<string>): Iterable<number> {
    const numberOf = (code: string): number => this.codes.get(code) ?? 0;
    if (codes !== null) return Array.from(codes, numberOf);
    const left = new Set(Array.from(except, numberOf));
    return Array.from({ length: this.codes.size + 1 }, (_, code) => code).filter(
      (code) => !left.has(code),
    );
  }

  byEra(holds: readonly ((date: IsoDate) => boolean)[]): Int32Array {
    return table(holds, [...this.days.entries()], this.days.length);
  }

  byProfile(holds: readonly ((claim: FilteredClaim) => boolean)[]): Int32Array {
    return table(holds, [...this.profiles.all()], this.profiles.size);
  }
}

function table<Key>(
  holds: readonly ((key: Key) => boolean)[],
  keys: readonly (readonly [number, Key])[],
  rows: number,
): Int32Array {
  const width = wordsFor(holds.length);
  const bits = new Int32Array(rows * width);
  holds.forEach((holdsFor, bit) => {
    for (const [row, key] of keys) if (holdsFor(key)) setBit(bits, row * width, bit);
  });
  return bits;
}
