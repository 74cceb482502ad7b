import { type CompiledAudit, type CompiledRule, looksAt } from '../compile.js';
import type { Coverage } from '../coverage.js';
import { ROW } from '../screen/positional-row.js';
import { type ClaimGroup, ClaimTable } from './claim-table.js';
import { LineScanner, type LineTarget } from './line-scanner.js';
import { countStays, mayHit, severalStays } from './stay-suspects.js';
import { WokenLines } from './woken-lines.js';

/** Who has to be looked at with all the facts. */
export interface Suspects {
  /** Persons whose whole history matters. */
  readonly persons: readonly string[];
  /** Claims of other persons, of which only their own lines matter. */
  readonly claims: readonly (readonly [institution: string, claimNo: string])[];
}

/** Called for each line that a rule finds in violation on its own: rule position, claim, and the scanner standing on the line. */
export type HitSink = (rule: number, claim: number, scanner: LineScanner) => void;

/**
 * One pass over everybody's claims and lines, in numbers: the compiled function judges each line, probes judge each person's lines that
 * belong together, and most persons turn out to have nothing. What the rules looked at is counted for those; the others are handed on.
 */
export class PersonPass implements LineTarget {
  readonly claims: ClaimTable;
  readonly scanner: LineScanner;
  private readonly woken: readonly (WokenLines | null)[];
  private readonly gates: Uint8Array;
  /** Lines that each rule looked at, by claim. */
  private readonly examined: (Uint16Array | null)[];
  private readonly suspectPersons = new Set<number>();
  private readonly suspectClaims = new Set<number>();

  constructor(
    private readonly audit: CompiledAudit,
    private readonly sink: HitSink | null = null,
  ) {
    const { screen, rules } = audit;
    this.claims = new ClaimTable(screen.profiles);
    this.scanner = new LineScanner(screen, this.claims.keys, this);
    this.woken = rules.map(({ bound }) =>
      bound.trigger === 'codes' && bound.rowChecks === null ? new WokenLines() : null,
    );
    this.gates = Uint8Array.from(rules, ({ bound }) => (bound.trigger === 'raw-claims' ? 1 : 0));
    this.examined = rules.map(() => null);
  }

  startClaim(claim: number, row: Float64Array): void {
    this.claims.fill(claim, row);
  }

  line(claim: number, flags: number): void {
    const { claims, scanner } = this;
    claims.lines.add(claim, 1);
    claims.linesFen.add(claim, scanner.row[ROW.amount] ?? 0);
    if ((scanner.row[ROW.quantity] ?? 0) < 0) claims.refundsOfPerson.add(claims.person.at(claim));
    if (flags === 0) return;
    const { words, checkWords, ruleWords } = this.audit.screen;
    for (let word = 0; word < ruleWords; word += 1)
      for (let left = words[2 * checkWords + word] ?? 0; left !== 0; left &= left - 1)
        this.look((word << 5) + 31 - Math.clz32(left & -left), claim);
    this.foundAmong(0, claim);
    this.foundAmong(checkWords, claim);
  }

  /**
   * Counts what was looked at of persons who have nothing, and names the others.
   *
   * @param asked  persons whom the books named when asked on behalf of rules that look at claims whatever they hold; null: everybody
   */
  finish(coverage: Coverage, asked: ReadonlySet<string> | null = NOBODY): Suspects {
    const { claims, suspectPersons } = this;
    if (asked === null || asked.size > 0)
      for (let person = 0; person < claims.persons.length; person += 1)
        if (asked === null || asked.has(claims.persons.at(person))) suspectPersons.add(person);
    for (const person of claims.refundsOfPerson) suspectPersons.add(person);
    this.probeClaims();
    const wanted = claims.groups.map(({ period }) => coverage.counts(period));
    this.probeLines(wanted);
    this.probeStays(coverage);
    this.dropHistory(wanted);
    this.count(coverage);
    return {
      persons: [...suspectPersons].sort((a, b) => a - b).map((person) => claims.persons.at(person)),
      claims: [...this.suspectClaims]
        .filter((claim) => !suspectPersons.has(claims.person.at(claim)))
        .sort((a, b) => a - b)
        .map((claim) => claims.nameOf(claim)),
    };
  }

  private look(rule: number, claim: number): void {
    const examined = this.examined[rule] ?? this.openExamined(rule);
    examined[claim] = (examined[claim] ?? 0) + 1;
    this.woken[rule]?.push(claim, this.scanner.row);
  }

  /** Claims are read before their lines, so their number stands. */
  private openExamined(rule: number): Uint16Array {
    const examined = new Uint16Array(this.claims.size);
    this.examined[rule] = examined;
    return examined;
  }

  /** What is sure begins at word 0, what is not behind it. */
  private foundAmong(first: number, claim: number): void {
    const { words, checkWords } = this.audit.screen;
    let last = -1;
    for (let word = first; word < first + checkWords; word += 1)
      if (words[word] !== 0) last = this.found(word, claim, last);
  }

  /** @returns the last rule found: the checks of one may run on into the next word, and it is told once */
  private found(word: number, claim: number, before: number): number {
    const { words, checkWords, ruleOfCheck } = this.audit.screen;
    const first = (word % checkWords) << 5;
    let last = before;
    for (let left = words[word] ?? 0; left !== 0; left &= left - 1) {
      const rule = ruleOfCheck[first + 31 - Math.clz32(left & -left)] ?? 0;
      if (rule === last) continue;
      last = rule;
      if (this.gates[rule] === 1) this.suspectPersons.add(this.claims.person.at(claim));
      else this.suspectClaims.add(claim);
      if (word < checkWords) this.sink?.(rule, claim, this.scanner);
    }
    return last;
  }

  /** A claim that may be returned holds back its lines from the other rules, so its person is looked at whole. */
  private probeClaims(): void {
    const { claims, audit } = this;
    const probes = audit.gates.map(
      (position) => audit.rules[position]?.bound.suspectsClaim ?? null,
    );
    if (probes.length === 0) return;
    for (let claim = 0; claim < claims.size; claim += 1) {
      const totals = claims.totalsOf(claim);
      if (probes.some((probe) => probe === null || probe(totals)))
        this.suspectPersons.add(claims.person.at(claim));
    }
  }

  /** @param wanted  by claim group: whether its month is */
  private probeLines(wanted: readonly boolean[]): void {
    const { audit, claims, suspectPersons } = this;
    const isWanted = (claim: number): boolean => wanted[claims.group.at(claim)] === true;
    for (const [position, lines] of this.woken.entries()) {
      const bound = audit.rules[position]?.bound;
      const probe = bound?.suspectsLines(audit.screen.codes) ?? (() => true);
      lines?.suspects(
        claims,
        { probe, concerns: bound?.ownLines === true ? isWanted : () => true },
        (person) => suspectPersons.add(person),
      );
    }
  }

  private probeStays(coverage: Coverage): void {
    const { audit, claims, suspectPersons } = this;
    const rules = audit.onStays.flatMap((position) => audit.rules[position] ?? []);
    for (const { person, history } of severalStays(claims)) {
      if (suspectPersons.has(person)) continue;
      if (rules.some((rule) => mayHit(rule, history, audit.settings))) suspectPersons.add(person);
      else countStays(rules, history, coverage);
    }
  }

  /** What a claim's own lines come to belongs to its month: of a month that is not wanted, nobody has to look at them. */
  private dropHistory(wanted: readonly boolean[]): void {
    const { claims, suspectClaims } = this;
    for (const claim of suspectClaims)
      if (wanted[claims.group.at(claim)] === false) suspectClaims.delete(claim);
  }

  /** 1 for each claim that a rule of trigger `claims` looks at. */
  private lookedAt(compiled: CompiledRule): Uint16Array {
    const { claims, audit } = this;
    const byProfile = new Uint8Array(audit.screen.profiles.size);
    for (const [profile, claim] of audit.screen.profiles.all())
      byProfile[profile] = looksAt(compiled, claim) ? 1 : 0;
    const looked = new Uint16Array(claims.size);
    for (let claim = 0; claim < claims.size; claim += 1)
      looked[claim] = byProfile[claims.profileOf(claim)] ?? 0;
    return looked;
  }

  private count(coverage: Coverage): void {
    const { audit, claims, suspectClaims, suspectPersons } = this;
    const clean = new Uint8Array(claims.size);
    for (let claim = 0; claim < claims.size; claim += 1)
      clean[claim] =
        suspectClaims.has(claim) || suspectPersons.has(claims.person.at(claim)) ? 0 : 1;
    const everyClaim = new Uint16Array(claims.size).fill(1);
    for (const [place, times] of timesByGroup(claims, everyClaim, clean))
      coverage.seen(place, times);
    for (const [position, compiled] of audit.rules.entries()) {
      const examined = this.examinedBy(position, compiled, everyClaim);
      if (examined === null) continue;
      for (const [place, times] of timesByGroup(claims, examined, clean))
        coverage.examined(compiled.rule.id, place, times);
    }
  }

  /** How much of each claim a rule looked at; null where that is counted elsewhere. */
  private examinedBy(
    position: number,
    compiled: CompiledRule,
    everyClaim: Uint16Array,
  ): Uint16Array | null {
    switch (compiled.bound.trigger) {
      case 'raw-claims':
        return everyClaim;
      case 'claims':
        return this.lookedAt(compiled);
      case 'codes':
        return this.examined[position] ?? null;
      case 'stays':
        return null;
    }
  }
}

const NOBODY: ReadonlySet<string> = new Set();

/** How often the clean claims of each institution and month were looked at. */
function timesByGroup(
  claims: ClaimTable,
  examined: Uint16Array,
  clean: Uint8Array,
): (readonly [ClaimGroup, number])[] {
  const times = new Float64Array(claims.groups.length);
  for (let claim = 0; claim < claims.size; claim += 1) {
    const group = claims.group.at(claim);
    times[group] = (times[group] ?? 0) + (examined[claim] ?? 0) * (clean[claim] ?? 0);
  }
  return claims.groups.map((place, group) => [place, times[group] ?? 0] as const);
}
