import type { z } from 'zod';
import type { Fen } from '../kernel/money.js';
import type { KnowledgeBase, KnowledgePoint } from '../knowledge/knowledge.js';
import type { ClaimFacts, LineFacts, PersonHistory } from './facts.js';
import type { Grouping } from './grouping.js';
import type { LocalTable, LocalTables, TableCells } from './local-table.js';
import type { NotApplicableReason } from './not-applicable.js';
import type { LineWatch } from './pass/line-watch.js';
import type { ClaimProbe, LinesProbe } from './pass/probe.js';
import type { RegisterName, SiteRegisters } from './registers.js';
import type { RuleClass } from './rule.js';
import type { RowCheck } from './screen/row-check.js';
import type { AuditSettings } from './settings.js';
import type { Suspicion } from './suspects/suspicion.js';

/** Parts of a line's units, in ten-thousandths: `from` ≤ unit < `to`. The latest units stand at the end. */
export interface UnitRange {
  readonly line: LineFacts;
  readonly from: number;
  readonly to: number;
  /** Part of each unit's value at stake, of WHOLE_PART. */
  readonly part: number;
}

/** A thousand-millionth of a line is less than a fen for any line there is. */
export const WHOLE_PART = 1_000_000_000;

export function wholeLine(line: LineFacts): UnitRange {
  return { line, from: 0, to: line.quantity, part: WHOLE_PART };
}

/**
 * What a case-level hit puts at stake: `days` of `ofDays` of the case's fund (all of it when equal), or an amount worked out, in fen of
 * fund money and never more than was paid.
 */
export interface CasePart {
  readonly claim: ClaimFacts;
  readonly days: number;
  readonly ofDays: number;
  readonly amountFen?: Fen;
}

/** What a template found, before money. */
export interface Hit {
  /** `core`: the condition holds outright. `watch`: worth a look. */
  readonly certainty: 'core' | 'watch';
  /** Weaker than the rule's own class, when the facts are less clear. */
  readonly class?: RuleClass;
  /** Names the window, so that the same violation keeps its finding id from run to run. */
  readonly windowKey: string;
  readonly violating: readonly UnitRange[];
  readonly involvedLines: readonly LineFacts[];
  /** For hits on claims rather than lines. */
  readonly violatingClaims: readonly CasePart[];
  readonly involvedClaims: readonly ClaimFacts[];
  /** Values for the message and the evidence. */
  readonly facts: Readonly<Record<string, string | number>>;
  readonly point: KnowledgePoint | null;
  /** The facts hold, the amount does not follow from them: 0 until a panel sets it. */
  readonly awaitsPanel?: true;
  /** The row of a local table that sets the limit. */
  readonly tableRow?: { readonly table: string; readonly cells: TableCells };
}

/** A hit on lines only. */
export function lineHit(
  hit: Pick<Hit, 'windowKey' | 'violating' | 'facts' | 'point'> & Partial<Hit>,
): Hit {
  return {
    certainty: 'core',
    involvedLines: [],
    violatingClaims: [],
    involvedClaims: [],
    ...hit,
  };
}

export interface EvaluationContext<P> {
  readonly params: P;
  readonly knowledge: KnowledgeBase;
  readonly tables: LocalTables;
  readonly registers: SiteRegisters;
  /** Null: the region has not said what cases are grouped by. */
  readonly grouping: Grouping | null;
  readonly settings: AuditSettings;
  notApplicable(reason: NotApplicableReason, claim: ClaimFacts): void;
}

/**
 * What wakes a rule: lines with one of its codes, two or more stays, a person's claims whatever they hold, or every claim as it came
 * (before refunds are netted).
 */
export type Trigger = 'codes' | 'stays' | 'claims' | 'raw-claims';

/**
 * A template: one tested implementation behind any number of rule records. It sees one person at a time, with the lines whose codes it
 * asked for; a batch and a single claim take the same path.
 */
export interface Template<P> {
  readonly name: string;
  readonly params: z.ZodType<P>;
  readonly trigger: Trigger;
  /** The strongest class a rule of this template may have; absent: any. */
  readonly strongest?: RuleClass;
  /** Local tables and registers without which no rule of it can judge. */
  needs?(params: P): Needs;
  /** Item codes to be woken by; null = every line. Only for trigger `codes`. */
  codes(params: P, knowledge: KnowledgeBase, tables: LocalTables): Iterable<string> | null;
  /**
   * The conditions under which a line and its claim alone are a violation; absent: the template looks at more than that. Of a template
   * woken by codes `evaluate` then gets only the lines that the compiled conditions pick out, and puts the evidence to them.
   */
  rowChecks?(params: P, knowledge: KnowledgeBase, tables: LocalTables): Iterable<RowCheck>;
  /** Probe of a template that looks at several lines of a person; absent: it has to be asked whenever it is woken. */
  suspectsLines?(
    params: P,
    knowledge: KnowledgeBase,
    codes: ReadonlyMap<string, number>,
    tables: LocalTables,
  ): LinesProbe;
  /** Whatever it finds, or cannot judge, is of the lines that woke it and their claims: of a person without one in the audited months, nothing. */
  readonly ownLines?: true;
  /** Probe of a template that looks at claims as they came; absent: it has to be asked about every person. */
  suspectsClaim?(params: P): ClaimProbe;
  /** Of trigger `claims`: a question to the books that names everybody who may have something; absent: everybody is asked about. */
  suspects?(params: P, tables: LocalTables, knowledge: KnowledgeBase): Suspicion;
  /** Of trigger `claims`, in place of a question: what the pass over everybody's lines shall watch for. */
  watch?(params: P, tables: LocalTables, knowledge: KnowledgeBase): LineWatch;
  /** Lines come by claim, oldest first; only those the rule applies to (scene, facility, effective date). */
  evaluate(
    person: PersonHistory,
    lines: readonly LineFacts[],
    context: EvaluationContext<P>,
  ): readonly Hit[];
}

/** What lies outside the claims. */
export interface Needs {
  readonly tables?: readonly LocalTable<unknown>[];
  readonly registers?: readonly RegisterName[];
  readonly grouper?: true;
  /** Which trace codes were used twice; found in the books. */
  readonly traceReuse?: true;
}

/** What templates are bound to. */
export interface Bindings {
  readonly knowledge: KnowledgeBase;
  readonly tables: LocalTables;
  readonly registers: SiteRegisters;
  readonly grouping?: Grouping | null;
}

/** A template with its parameter type closed over, so that the registry can hold all of them. */
export interface BoundTemplate {
  readonly trigger: Trigger;
  /** Null = every line. */
  readonly codes: ReadonlySet<string> | null;
  /** Null: more than the line and its claim decides. */
  readonly rowChecks: readonly RowCheck[] | null;
  /** @param codes  the numbers by which lines name their codes */
  suspectsLines(codes: ReadonlyMap<string, number>): LinesProbe | null;
  readonly ownLines: boolean;
  readonly suspectsClaim: ClaimProbe | null;
  /** Null: of trigger `claims`, everybody. */
  readonly suspects: Suspicion | null;
  /** Null: the pass finds nothing of it. */
  readonly watch: LineWatch | null;
  readonly asksTraceReuse: boolean;
  /** Why the rule cannot judge anything here; null: it can. */
  readonly unavailable: NotApplicableReason | null;
  evaluate(
    person: PersonHistory,
    lines: readonly LineFacts[],
    settings: AuditSettings,
    notApplicable: EvaluationContext<unknown>['notApplicable'],
  ): readonly Hit[];
}

export interface RegisteredTemplate {
  readonly name: string;
  /** Null: rules of it may have any class. */
  readonly strongest: RuleClass | null;
  /** What a rule with these parameters needs beside the claims. @throws z.ZodError */
  needs(params: unknown): Needs;
  /** Checks the parameters and fixes them. @throws z.ZodError */
  bind(params: unknown, bindings: Bindings): BoundTemplate;
}

export function defineTemplate<P>(template: Template<P>): RegisteredTemplate {
  return {
    name: template.name,
    strongest: template.strongest ?? null,
    needs: (input) => template.needs?.(template.params.parse(input)) ?? {},
    bind(input, bindings) {
      const { knowledge, tables, registers, grouping = null } = bindings;
      const params = template.params.parse(input);
      const codes = template.codes(params, knowledge, tables);
      const checks = template.rowChecks?.(params, knowledge, tables);
      return {
        trigger: template.trigger,
        codes: codes === null ? null : new Set(codes),
        rowChecks: checks === undefined ? null : [...checks],
        suspectsLines: (numbers) =>
          template.suspectsLines?.(params, knowledge, numbers, tables) ?? null,
        ownLines: template.ownLines ?? false,
        suspectsClaim: template.suspectsClaim?.(params) ?? null,
        suspects: template.suspects?.(params, tables, knowledge) ?? null,
        watch: template.watch?.(params, tables, knowledge) ?? null,
        asksTraceReuse: template.needs?.(params).traceReuse ?? false,
        unavailable: missing(template.needs?.(params) ?? {}, bindings),
        evaluate: (person, lines, settings, notApplicable) =>
          template.evaluate(person, lines, {
            ...{ params, knowledge, tables, registers, grouping, settings, notApplicable },
          }),
      };
    },
  };
}

function missing(needs: Needs, bindings: Bindings): NotApplicableReason | null {
  const { tables, registers, grouping = null } = bindings;
  if (needs.grouper === true && grouping === null) return 'no-grouper';
  const register = needs.registers?.find((name) => !registers.held.has(name));
  if (register !== undefined) return `no-register:${register}`;
  const table = needs.tables?.find((each) => tables.get(each).isEmpty);
  return table === undefined ? null : `no-table:${table.name}`;
}
