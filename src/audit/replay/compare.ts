import { type Fen, sum } from '../../kernel/money.js';
import type { Month } from '../../kernel/period.js';
import type { Finding } from '../finding.js';

/** What a trial changes (试算差异): found now and not before, no longer found, or found with other money, rank or words. */
export interface Difference {
  readonly kind: 'new' | 'lost' | 'changed';
  readonly ruleId: string;
  /** Of the first violating claim. */
  readonly institution: string;
  readonly month: Month;
  readonly claimNo: string;
  readonly before: Finding | null;
  readonly after: Finding | null;
}

/** Of one rule at one member: findings counted where they took place, money where it would be given back. */
export interface DifferenceSummary {
  readonly ruleId: string;
  readonly institution: string;
  readonly added: number;
  readonly lost: number;
  readonly changed: number;
  readonly beforeFen: Fen;
  readonly afterFen: Fen;
}

/**
 * Compares two audits of the same claims. Findings are the same where rule, claims and lines are; what is left over on both sides is
 * matched by rule, person and claims, so that a new version that blames other lines of the same claim shows as a change.
 */
export function compareFindings(
  before: readonly Finding[],
  after: readonly Finding[],
): readonly Difference[] {
  const exact = match(before, after, exactKey);
  const loose = match(exact.before, exact.after, claimKey);
  const changed = [...exact.pairs.filter(([a, b]) => !isSame(a, b)), ...loose.pairs];
  return [
    ...changed.map(([a, b]) => difference('changed', a, b)),
    ...loose.before.map((finding) => difference('lost', finding, null)),
    ...loose.after.map((finding) => difference('new', null, finding)),
  ].sort(byPlace);
}

export function summarise(differences: readonly Difference[]): readonly DifferenceSummary[] {
  const rows = new Map<
    string,
    { -readonly [K in keyof DifferenceSummary]: DifferenceSummary[K] }
  >();
  const at = (ruleId: string, institution: string) => {
    const key = `${ruleId} ${institution}`;
    const known = rows.get(key);
    if (known !== undefined) return known;
    const none = sum([]);
    const row = {
      ruleId,
      institution,
      added: 0,
      lost: 0,
      changed: 0,
      beforeFen: none,
      afterFen: none,
    };
    rows.set(key, row);
    return row;
  };
  for (const { kind, ruleId, institution, before, after } of differences) {
    at(ruleId, institution)[kind === 'new' ? 'added' : kind] += 1;
    for (const share of before?.shares ?? []) {
      const row = at(ruleId, share.institution);
      row.beforeFen = sum([row.beforeFen, share.amountFen]);
    }
    for (const share of after?.shares ?? []) {
      const row = at(ruleId, share.institution);
      row.afterFen = sum([row.afterFen, share.amountFen]);
    }
  }
  return [...rows.keys()].sort().flatMap((key) => rows.get(key) ?? []);
}

interface Matched {
  readonly pairs: readonly (readonly [Finding, Finding])[];
  readonly before: readonly Finding[];
  readonly after: readonly Finding[];
}

/** Pairs findings of one key in order; several of one key are told apart by their place. */
function match(
  before: readonly Finding[],
  after: readonly Finding[],
  keyOf: (finding: Finding) => string,
): Matched {
  const waiting = new Map<string, Finding[]>();
  for (const finding of before.toSorted(byMessage)) {
    const key = keyOf(finding);
    waiting.set(key, [...(waiting.get(key) ?? []), finding]);
  }
  const pairs: (readonly [Finding, Finding])[] = [];
  const unmatched: Finding[] = [];
  for (const finding of after.toSorted(byMessage)) {
    const first = waiting.get(keyOf(finding))?.shift();
    if (first === undefined) unmatched.push(finding);
    else pairs.push([first, finding]);
  }
  return { pairs, before: [...waiting.values()].flat(), after: unmatched };
}

function claimKey({ rule, personId, month, claims }: Finding): string {
  const violating = claims.filter(({ role }) => role === 'violating');
  return [rule.id, personId, month, ...violating.map(({ claim }) => claim.key).sort()].join('\n');
}

function exactKey(finding: Finding): string {
  const lines = finding.lines
    .filter(({ role }) => role === 'violating')
    .map(({ institution, claimNo, lineNo }) => `${institution}/${claimNo}/${lineNo}`);
  return [claimKey(finding), ...lines.sort()].join('\n');
}

function isSame(a: Finding, b: Finding): boolean {
  return (
    a.amountFen === b.amountFen &&
    a.role === b.role &&
    a.class === b.class &&
    a.certainty === b.certainty &&
    a.money === b.money &&
    a.message === b.message
  );
}

function difference(
  kind: Difference['kind'],
  before: Finding | null,
  after: Finding | null,
): Difference {
  const shown = after ?? before;
  const first = shown?.claims[0]?.claim;
  return {
    kind,
    ruleId: shown?.rule.id ?? '',
    institution: first?.institution ?? '',
    month: shown?.month ?? '',
    claimNo: first?.claimNo ?? '',
    before,
    after,
  };
}

function byMessage(a: Finding, b: Finding): number {
  return compare(a.message, b.message) || compare(a.findingId, b.findingId);
}

function byPlace(a: Difference, b: Difference): number {
  const order = (each: Difference): string =>
    [each.ruleId, each.institution, each.month, each.claimNo, each.kind].join('\n');
  return compare(order(a), order(b));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
