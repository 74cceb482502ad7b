import {
  appliesOn,
  type CompiledAudit,
  type CompiledRule,
  looksAt,
} from '../../src/audit/compile.js';
import type { ClaimProfile, RowCheck, RowTest } from '../../src/audit/screen/row-check.js';
import { CARE_TYPES, INSTITUTION_LEVELS } from '../../src/claims/claim.js';

/**
 * Every rule of a book that one line and its claim decide, as SQL over `claim_line l`, `claim c` and a table of flags by item code: written
 * from the rules' conditions, so that no rule is left out because nobody wrote it down twice.
 */
export interface SqlRule {
  /** Position in the compiled audit. */
  readonly rule: number;
  readonly any: readonly SqlCase[];
}

interface SqlCase {
  /** Column of the flags; null: any code. */
  readonly flag: string | null;
  readonly codes: ReadonlySet<string> | null;
  /** Highest prices by code, in millionths of a yuan, and their column. */
  readonly prices: { readonly column: string; readonly of: ReadonlyMap<string, number> } | null;
  readonly where: readonly string[];
}

/** The books hold service dates from here to here. */
const FIRST = '2023-12-01';
const LAST = '2024-04-30';
const NEVER = '9999-12-31';

export function sqlRules({ rules }: CompiledAudit): readonly SqlRule[] {
  return rules.flatMap((compiled, rule): SqlRule[] => {
    const checks = compiled.bound.rowChecks ?? [];
    const any = checks.flatMap(
      (check, index) => caseOf(compiled, check, `f${rule}_${index}`) ?? [],
    );
    return any.length === 0 ? [] : [{ rule, any }];
  });
}

/** Null: a condition that is never sure, or never in force. */
function caseOf(compiled: CompiledRule, check: RowCheck, flag: string): SqlCase | null {
  const days = daysTest(compiled, check);
  const profiles = profileTest(compiled, check);
  if (days === null || profiles === null) return null;
  const priced = check.tests.find((test) => test.kind === 'dearer-than');
  return {
    codes: check.codes === null ? null : new Set(check.codes),
    flag: check.codes === null ? null : flag,
    prices: priced === undefined ? null : { column: `${flag}_price`, of: priced.prices },
    where: [
      ...(check.withinScope ? ['l.line_eligible_fen > 0'] : []),
      ...profiles,
      ...days,
      ...exceptions(check),
      ...check.tests.map((test) => testOf(test, flag)),
    ],
  };
}

/** Null: on no day of the books. */
function daysTest(compiled: CompiledRule, check: RowCheck): readonly string[] | null {
  if (appliesOn(compiled, FIRST) !== appliesOn(compiled, LAST))
    throw new Error(`${compiled.rule.id} changes within the books`);
  const { effectiveFrom, effectiveUntil } = check;
  const [from, until] = [effectiveFrom ?? FIRST, effectiveUntil ?? NEVER];
  if (!appliesOn(compiled, LAST) || from > LAST || until <= FIRST) return null;
  return [
    ...(from > FIRST ? [`l.charged_on >= '${from}'`] : []),
    ...(until <= LAST ? [`l.charged_on < '${until}'`] : []),
  ];
}

function exceptions({ exceptCodes }: RowCheck): readonly string[] {
  if (exceptCodes === undefined) return [];
  return [`l.item_code NOT IN (${[...exceptCodes].map(quoted).join(', ')})`];
}

const DIMENSIONS = {
  sex: ['male', 'female', 'unknown'],
  level: INSTITUTION_LEVELS,
  careType: CARE_TYPES,
  pool: ['employee', 'resident'],
} as const;
const COLUMNS = {
  sex: 'c.sex',
  level: 'c.level',
  careType: 'c.care_type',
  pool: 'c.pool',
} as const;
const NAMES = ['sex', 'level', 'careType', 'pool'] as const;

function allProfiles(): ClaimProfile[] {
  const { sex, level, careType, pool } = DIMENSIONS;
  return sex.flatMap((s) =>
    level.flatMap((l) =>
      careType.flatMap((c) => pool.map((p) => ({ sex: s, level: l, careType: c, pool: p }))),
    ),
  );
}

/** Lists by column where the claims hit are all their combinations, else the combinations; null: none. */
function profileTest(compiled: CompiledRule, check: RowCheck): readonly string[] | null {
  if (compiled.rule.facility?.institutions !== undefined)
    throw new Error(`${compiled.rule.id} names institutions`);
  const hit = allProfiles().filter(
    (profile) =>
      looksAt(compiled, { ...profile, institution: '' }) && check.profile(profile) === 'hit',
  );
  if (hit.length === 0) return null;
  const values = NAMES.map((name) => [...new Set(hit.map((profile) => profile[name]))]);
  if (values.reduce((count, { length }) => count * length, 1) > hit.length)
    return [`(${NAMES.map((name) => COLUMNS[name]).join(', ')}) IN (${hit.map(tuple).join(', ')})`];
  return NAMES.flatMap((name, at) => {
    const listed = values[at] ?? [];
    if (listed.length === DIMENSIONS[name].length) return [];
    return [`${COLUMNS[name]} IN (${listed.map(quoted).join(', ')})`];
  });
}

const tuple = (profile: ClaimProfile): string =>
  `(${NAMES.map((name) => quoted(profile[name])).join(', ')})`;
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const FIELDS = {
  quantity: ['l.quantity', 10_000],
  unitPrice: ['l.unit_price', 1_000_000],
  amount: ['l.line_amount_fen', 1],
  eligible: ['l.line_eligible_fen', 1],
  ageYears: ['extract(year FROM age(l.charged_on::timestamp, c.birth_date::timestamp))', 1],
} as const;
const YEARS = FIELDS.ageYears[0];

function testOf(test: RowTest, flag: string): string {
  switch (test.kind) {
    case 'compare': {
      const [column, scale] = FIELDS[test.field];
      return `${column} ${test.comparison} ${test.bound / scale}`;
    }
    case 'age-outside':
      return `(${YEARS} NOT BETWEEN ${test.minYears} AND ${Math.min(test.maxYears, 999)}${youngest(test.minMonths)})`;
    case 'older-than-days':
      return `l.charged_on - c.birth_date > ${test.days}`;
    case 'product-differs':
      return `abs(round(l.quantity * l.unit_price * 100) - l.line_amount_fen) > ${test.toleranceFen}`;
    case 'outside-stay':
      return `(c.admitted_at::date - l.charged_on > ${test.daysBefore} OR l.charged_on - c.discharged_at::date > ${test.daysAfter})`;
    case 'dearer-than':
      return `l.unit_price > f.${flag}_price`;
    case 'of-family':
      throw new Error('a check by families never hits');
  }
}

/** Months after the 31st of a short month run over into the next. */
function youngest(minMonths: number | null): string {
  if (minMonths === null) return '';
  return ` OR l.charged_on < (date_trunc('month', c.birth_date) + interval '${minMonths} months')::date + extract(day FROM c.birth_date)::int - 1`;
}

/** Creates `bench_flag`: a row for each code that any rule names, a flag or price for each case that asks for codes. */
export function flagTable(rules: readonly SqlRule[]): string {
  const cases = rules.flatMap(({ any }) => any);
  const flags = cases.filter(({ codes }) => codes !== null);
  const prices = cases.flatMap(({ prices: each }) => (each === null ? [] : [each]));
  const codes = new Set([
    ...flags.flatMap((each) => [...(each.codes ?? [])]),
    ...prices.flatMap(({ of }) => [...of.keys()]),
  ]);
  const columns = [
    ...flags.map(({ flag }) => `${flag} boolean NOT NULL`),
    ...prices.map(({ column }) => `${column} numeric`),
  ];
  const rows = [...codes].map((code) => {
    const cells = [
      ...flags.map((each) => String(each.codes?.has(code))),
      ...prices.map(({ of }) => (of.has(code) ? String((of.get(code) ?? 0) / 1_000_000) : 'NULL')),
    ];
    return `(${[quoted(code), ...cells].join(', ')})`;
  });
  return `
    DROP TABLE IF EXISTS bench_flag;
    CREATE TABLE bench_flag (code text PRIMARY KEY, ${columns.join(', ')});
    INSERT INTO bench_flag VALUES ${rows.join(',\n')};
    ANALYZE bench_flag`;
}

/** One pass that gives a row for each line and rule that hits it: rule number, institution, claim, line. */
export function hitsStatement(rules: readonly SqlRule[], consortium: string): string {
  const numbered = rules.map(
    ({ rule, any }) => `CASE WHEN ${any.map(condition).join(' OR ')} THEN ${rule} END`,
  );
  return `
    SELECT unnest(array_remove(ARRAY[${numbered.join(',\n')}], NULL))::smallint AS rule, l.institution, l.claim_no, l.line_no
    FROM claim_line l
    JOIN claim c ON c.consortium = l.consortium AND c.settled_on = l.settled_on AND c.institution = l.institution AND c.claim_no = l.claim_no
    LEFT JOIN bench_flag f ON f.code = l.item_code
    WHERE l.consortium = '${consortium}'`;
}

/** What fails cheaply is asked first: flags, then columns as they lie, then what has to be worked out. */
function condition({ flag, where }: SqlCase): string {
  const dear = (text: string): number => (text.includes('age(') ? 2 : text.includes('(') ? 1 : 0);
  const tests = where.toSorted((a, b) => dear(a) - dear(b));
  return `(${[...(flag === null ? [] : [`f.${flag}`]), ...tests].join(' AND ') || 'true'})`;
}
