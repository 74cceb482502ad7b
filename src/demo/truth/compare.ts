import type { Truth } from './truth.js';

/** The gateway's books as facts of the same shape, read by plain SQL. */
export interface Observed {
  readonly sources: Truth['sources'];
  readonly landed: Truth['landed'];
  readonly quarantine: Truth['quarantine'];
  readonly unmapped: Truth['unmapped'];
  readonly findings: readonly ObservedFinding[];
  readonly figures: Truth['figures'];
  readonly differences: readonly ObservedDifference[];
}

export interface ObservedFinding {
  readonly rule: string;
  readonly institution: string;
  readonly claimNo: string;
  /** Lines that violate, in order. */
  readonly lines: readonly string[];
  readonly amount: string;
}

/** The agency names no claim for what it alone knows: unit, month and amount must do. */
export interface ObservedDifference {
  readonly kind: string;
  readonly month: string;
  readonly settledBy: string;
  readonly amount: string;
}

export interface Difference {
  readonly topic:
    | 'source'
    | 'landed'
    | 'quarantine'
    | 'unmapped'
    | 'violation'
    | 'figure'
    | 'reconciliation';
  readonly key: string;
  /** What the truth says; null: it knows nothing of the kind. */
  readonly expected: string | null;
  readonly observed: string | null;
}

/** Everything in which the gateway's year differs from the generator's truth; empty when they agree. */
export function compareWithTruth(truth: Truth, observed: Observed): readonly Difference[] {
  return [
    ...compared(
      'source',
      keyed(truth.sources, sourceKey, sourceText),
      keyed(observed.sources, sourceKey, sourceText),
    ),
    ...compared(
      'landed',
      keyed(truth.landed, landedKey, landedText),
      keyed(observed.landed, landedKey, landedText),
    ),
    ...compared(
      'quarantine',
      keyed(truth.quarantine, quarantineKey, rowsText),
      keyed(observed.quarantine, quarantineKey, rowsText),
    ),
    ...compared(
      'unmapped',
      keyed(truth.unmapped, unmappedKey, unmappedText),
      keyed(observed.unmapped, unmappedKey, unmappedText),
    ),
    ...compareViolations(truth, observed.findings),
    ...compareFigures(truth, observed.figures),
    ...compared(
      'reconciliation',
      keyed(truth.reconciliation, reconciliationKey, kindText),
      keyed(observed.differences, reconciliationKey, kindText),
    ),
  ];
}

/** How the audit did, by rule: planted, found, missed, and found though nothing was planted. */
export interface RuleScore {
  readonly rule: string;
  readonly planted: number;
  readonly found: number;
  readonly missed: number;
  readonly unplanted: number;
}

export function scoreRules(
  truth: Truth,
  findings: readonly ObservedFinding[],
): readonly RuleScore[] {
  const planted = new Set(truth.violations.map(violationKey));
  const found = new Set(findings.map(violationKey));
  const rules = [...new Set([...truth.violations, ...findings].map(({ rule }) => rule))].sort();
  return rules.map((rule) => {
    const wanted = [...planted].filter((key) => key.startsWith(`${rule} `));
    const hits = wanted.filter((key) => found.has(key)).length;
    const unplanted = [...found].filter(
      (key) => key.startsWith(`${rule} `) && !planted.has(key),
    ).length;
    return { rule, planted: wanted.length, found: hits, missed: wanted.length - hits, unplanted };
  });
}

function compareViolations(truth: Truth, findings: readonly ObservedFinding[]): Difference[] {
  const expected = keyed(
    truth.violations,
    violationKey,
    ({ amount }) => amount ?? 'person decides',
  );
  const decided = new Map(truth.violations.map((one) => [violationKey(one), one.amount !== null]));
  const observed = keyed(findings, violationKey, (one) =>
    decided.get(violationKey(one)) === false ? 'person decides' : one.amount,
  );
  return compared('violation', expected, observed);
}

/** Only the figures that the truth computes; the gateway has more. */
function compareFigures(truth: Truth, figures: Truth['figures']): Difference[] {
  const known = new Set(truth.figures.map(({ id }) => id));
  const own = figures.filter(({ id }) => known.has(id));
  return compared(
    'figure',
    keyed(truth.figures, figureKey, figureText),
    keyed(own, figureKey, figureText),
  );
}

function compared(
  topic: Difference['topic'],
  expected: ReadonlyMap<string, string>,
  observed: ReadonlyMap<string, string>,
): Difference[] {
  const keys = [...new Set([...expected.keys(), ...observed.keys()])].sort();
  return keys.flatMap((key) => {
    const [wanted, got] = [expected.get(key) ?? null, observed.get(key) ?? null];
    return wanted === got ? [] : [{ topic, key, expected: wanted, observed: got }];
  });
}

function keyed<T>(
  rows: readonly T[],
  key: (row: T) => string,
  text: (row: T) => string,
): Map<string, string> {
  return new Map(rows.map((row) => [key(row), text(row)]));
}

const sourceKey = (row: Truth['sources'][number]): string => `${row.institution} ${row.stream}`;
const sourceText = (row: Truth['sources'][number]): string =>
  `${row.rows} rows, ${row.amount ?? 'no amount'}`;
const landedKey = (row: Truth['landed'][number]): string =>
  `${row.period} ${row.institution} ${row.pool} ${row.careType}`;
const landedText = (row: Truth['landed'][number]): string =>
  `${row.claims} claims, ${row.lines} lines, total ${row.total}, booked ${row.booked}, settled by ${row.settledBy}`;
const quarantineKey = (row: Truth['quarantine'][number]): string =>
  `${row.institution} ${row.stream} ${row.rule}`;
const rowsText = (row: Truth['quarantine'][number]): string => `${row.rows} rows`;
const unmappedKey = (row: Truth['unmapped'][number]): string => `${row.institution} ${row.code}`;
const unmappedText = (row: Truth['unmapped'][number]): string =>
  `${row.lines} lines, ${row.amount}`;
const violationKey = (row: {
  rule: string;
  institution: string;
  claimNo: string;
  lines: readonly string[];
}): string => `${row.rule} ${row.institution} ${row.claimNo} ${row.lines.join('+')}`.trim();
const figureKey = ({ id }: Truth['figures'][number]): string => id;
const figureText = ({ value }: Truth['figures'][number]): string => value;
const reconciliationKey = (row: ObservedDifference): string =>
  `${row.month} ${row.kind} ${row.settledBy} ${row.amount}`;
const kindText = ({ kind }: ObservedDifference): string => kind;
