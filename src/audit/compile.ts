import { dateOf, type IsoDate } from '../kernel/dates.js';
import { digest } from '../kernel/hash.js';
import type { KnowledgeBase } from '../knowledge/knowledge.js';
import { involvedClaimsOf, violatingClaimsOf } from './draft.js';
import { type Exemption, isExempt } from './exemption.js';
import type { ClaimFacts } from './facts.js';
import type { Grouping } from './grouping.js';
import type { LocalTables } from './local-table.js';
import type { NotApplicableReason } from './not-applicable.js';
import type { LineWatch } from './pass/line-watch.js';
import { NO_REGISTERS, type SiteRegisters } from './registers.js';
import { isInForceOn, type Rule } from './rule.js';
import { coversHit, type ScopedExemption } from './scoped-exemption.js';
import { compileScreen, type Screen, type ScreenedRule } from './screen/compile-screen.js';
import type { FilteredClaim } from './screen/profile.js';
import type { AuditSettings } from './settings.js';
import type { BoundTemplate, Hit, RegisteredTemplate } from './template.js';
import * as templates from './templates/index.js';

/** Everything a run needs besides the claims; checked when it was loaded. */
export interface AuditBook {
  readonly rules: readonly Rule[];
  readonly exemptions: ReadonlyMap<string, Exemption>;
  readonly settings: AuditSettings;
  readonly tables: LocalTables;
  /** The region's grouper; null = none. */
  readonly grouping?: Grouping | null;
  /** The locality's own exemptions, by name. */
  readonly scoped?: ReadonlyMap<string, ScopedExemption>;
}

export interface CompiledRule {
  readonly rule: Rule;
  readonly bound: BoundTemplate;
  readonly exemptions: readonly Exemption[];
  readonly scoped: readonly ScopedExemption[];
  /** Rules that replace this one while they are in force. */
  readonly supersededBy: readonly Rule[];
}

export interface UnavailableRule {
  readonly ruleId: string;
  readonly reason: NotApplicableReason;
}

/** Rules compiled once per run: a line costs one look-up of its item code and one call of the generated function. */
export interface CompiledAudit {
  readonly rules: readonly CompiledRule[];
  /** Which rules look at a line, and what lines alone decide; rule bits are positions in `rules`. */
  readonly screen: Screen;
  readonly onStays: readonly number[];
  readonly onClaims: readonly number[];
  /** Rules of these that the pass finds suspects for; the books are asked on behalf of the others. */
  readonly watches: readonly { readonly position: number; readonly watch: LineWatch }[];
  readonly gates: readonly number[];
  readonly settings: AuditSettings;
  /** Registers that say something of persons. */
  readonly registersHeld: SiteRegisters['held'];
  /** Whether any rule asks which trace codes were used twice. */
  readonly asksTraceReuse: boolean;
  /** Rules that can judge nothing here, and why. */
  readonly unavailable: readonly UnavailableRule[];
  readonly knowledgeRelease: string;
  /** Digest of rules, exemptions, settings and registers: with the knowledge release, what a run is reproducible by. */
  readonly rulesDigest: string;
}

const REGISTRY: ReadonlyMap<string, RegisteredTemplate> = new Map(
  Object.values(templates).map((template) => [template.name, template]),
);

export function templateNamed(name: string): RegisteredTemplate | null {
  return REGISTRY.get(name) ?? null;
}

/**
 * @param only  rule ids to run; null = all that are ACTIVE or SHADOW
 * @throws z.ZodError when a rule's parameters do not fit its template
 */
export function compileAudit(
  book: AuditBook,
  knowledge: KnowledgeBase,
  only: ReadonlySet<string> | null = null,
  registers: SiteRegisters = NO_REGISTERS,
): CompiledAudit {
  const chosen = book.rules
    .filter(({ status }) => status === 'ACTIVE' || status === 'SHADOW')
    .filter(({ id }) => only === null || only.has(id))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const unavailable: UnavailableRule[] = [];
  const bindings = { knowledge, tables: book.tables, registers, grouping: book.grouping ?? null };
  const rules = chosen.flatMap((rule): CompiledRule[] => {
    const bound = templateNamed(rule.template)?.bind(rule.params, bindings);
    if (bound === undefined) return [];
    if (bound.unavailable !== null) {
      unavailable.push({ ruleId: rule.id, reason: bound.unavailable });
      return [];
    }
    const exemptions = rule.exempt.flatMap((name) => book.exemptions.get(name) ?? []);
    const supersededBy = chosen.filter(
      ({ status, relations }) => status === 'ACTIVE' && relations.supersedes.includes(rule.id),
    );
    const scoped = [...(book.scoped?.values() ?? [])].filter((each) =>
      each.rules.includes(rule.id),
    );
    return [{ rule, bound, exemptions, scoped, supersededBy }];
  });
  return {
    rules,
    screen: compileScreen(rules.map(screened)),
    onStays: positionsOf(rules, 'stays'),
    onClaims: positionsOf(rules, 'claims'),
    watches: rules.flatMap(({ bound: { watch } }, position) =>
      watch === null ? [] : [{ position, watch }],
    ),
    unavailable,
    gates: positionsOf(rules, 'raw-claims'),
    settings: book.settings,
    registersHeld: registers.held,
    asksTraceReuse: rules.some(({ bound }) => bound.asksTraceReuse),
    knowledgeRelease: knowledge.release,
    rulesDigest: digestOf(book, rules, registers),
  };
}

function screened(compiled: CompiledRule): ScreenedRule {
  const { rule, bound, supersededBy } = compiled;
  return {
    rule,
    bound,
    looksAt: (claim) => looksAt(compiled, claim),
    appliesOn: (date) => appliesOn(compiled, date),
    changeDates: [rule, ...supersededBy].flatMap(({ effective: { from, until } }) =>
      until === undefined ? [from] : [from, until],
    ),
  };
}

function positionsOf(rules: readonly CompiledRule[], trigger: BoundTemplate['trigger']): number[] {
  return [...rules.keys()].filter((position) => rules[position]?.bound.trigger === trigger);
}

function digestOf(
  { exemptions, settings, tables, scoped, grouping }: AuditBook,
  rules: readonly CompiledRule[],
  registers: SiteRegisters,
): string {
  const content = {
    rules: rules.map(({ rule: { cases: _cases, ...rule } }) => rule),
    exemptions: Object.fromEntries(exemptions),
    scoped: Object.fromEntries(scoped ?? []),
    settings,
    tables: tables.content(),
    grouping: grouping?.name ?? null,
    ...(registers.digest === null ? {} : { registers: registers.digest }),
  };
  return digest(
    JSON.parse(
      JSON.stringify(content, (_key, value) =>
        typeof value === 'bigint' ? value.toString() : value,
      ),
    ),
  );
}

/** Whether a rule looks at a claim at all. */
export function looksAt({ rule }: CompiledRule, claim: FilteredClaim): boolean {
  const { scenes, pools, facility } = rule;
  if (scenes !== undefined && !scenes.includes(claim.careType)) return false;
  if (pools !== undefined && !pools.includes(claim.pool)) return false;
  if (facility?.levels !== undefined && !facility.levels.includes(claim.level)) return false;
  return facility?.institutions === undefined || facility.institutions.includes(claim.institution);
}

export function appliesOn({ rule, supersededBy }: CompiledRule, serviceDate: IsoDate): boolean {
  return (
    isInForceOn(rule, serviceDate) && !supersededBy.some((newer) => isInForceOn(newer, serviceDate))
  );
}

/** The date by which a claim as a whole is judged: discharge, else settlement. */
export function serviceDateOf(claim: ClaimFacts): IsoDate {
  return dateOf(claim.dischargedAt ?? claim.settledOn);
}

/** Whether a hit is legitimate: by a general exemption the rule names, or by the locality's own. */
export function exempts({ exemptions, scoped }: CompiledRule, hit: Hit): boolean {
  if (scoped.some((exemption) => coversHit(exemption, hit))) return true;
  if (exemptions.length === 0) return false;
  const [violating, involved] = [violatingClaimsOf(hit), involvedClaimsOf(hit)];
  return exemptions.some((exemption) => isExempt(exemption, violating, involved));
}
