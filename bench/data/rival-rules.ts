import { rival } from '../harness/rival.js';
import type { FeeRow } from './fee-rows.js';
import type { PlainCase, PlainRule, PlainTest } from './plain-rules.js';

/** The plain rules in the languages of two rule engines, and how their hits are counted. */

type Judge = (rows: readonly FeeRow[], counts: number[]) => Promise<void>;

interface JsonRules {
  readonly Engine: new () => {
    addOperator(name: string, holds: (fact: never, value: never) => boolean): void;
    addRule(rule: object): void;
    run(facts: object): Promise<{ readonly events: readonly { readonly type: string }[] }>;
  };
}

const JSON_SIGNS = {
  '>': 'greaterThan',
  '>=': 'greaterThanInclusive',
  '<': 'lessThan',
  '<=': 'lessThanInclusive',
} as const;

/** json-rules-engine, with facts as plain values and sets by name (it copies what a condition holds at every run), asked by an operator that does not search a list; what fails most is asked first. */
export async function jsonRules(rules: readonly PlainRule[]): Promise<Judge> {
  const { Engine } = await rival<JsonRules>('json-rules-engine');
  const engine = new Engine();
  const sets = new Map<string, ReadonlySet<string>>();
  const named = (values: readonly string[]): string => {
    sets.set(String(sets.size), new Set(values));
    return String(sets.size - 1);
  };
  engine.addOperator('inSet', (fact: string, set: string) => sets.get(set)?.has(fact) === true);
  rules.forEach(({ any }, index) => {
    const conditions = { any: any.map((each) => jsonCase(each, named)) };
    engine.addRule({ conditions, event: { type: String(index) } });
  });
  return async (rows, counts) => {
    for (const row of rows) {
      const { events } = await engine.run(row);
      for (const { type } of events) counts[Number(type)] = (counts[Number(type)] ?? 0) + 1;
    }
  };
}

function jsonCase(
  { codes, where }: PlainCase,
  named: (values: readonly string[]) => string,
): object {
  const level = ['village', 'primary', 'secondary', 'tertiary'];
  const test = (each: PlainTest): object => {
    if ('in' in each) return { fact: each.fact, operator: 'inSet', value: named(each.in) };
    if (each.fact !== 'level')
      return { fact: each.fact, operator: JSON_SIGNS[each.is], value: each.than };
    const below = level.slice(0, each.is === '<' ? each.than : each.than + 1);
    return { fact: 'level', operator: 'inSet', value: named(below) };
  };
  return {
    all: [
      { fact: 'eligible', operator: 'greaterThan', value: 0, priority: 2 },
      ...(codes === null
        ? []
        : [{ fact: 'itemCode', operator: 'inSet', value: named(codes), priority: 3 }]),
      ...where.map(test),
    ],
  };
}

interface Zen {
  readonly ZenEngine: new () => {
    createDecision(content: Buffer): {
      evaluate(context: object): Promise<{ readonly result: Readonly<Record<string, number>> }>;
    };
  };
}

const BATCH = 1_000;

/**
 * zen-engine: one decision over a batch of rows, a rule being the length of a filter. Code sets are asked through flags that are put into
 * the rows, by a look-up of ours: its own `in` would search a list of thousands.
 */
export async function zenRules(rules: readonly PlainRule[]): Promise<Judge> {
  const { ZenEngine } = await rival<Zen>('@gorules/zen-engine');
  const flags = new Map<string, string[]>();
  const expressions = rules.map(({ any }, rule) => ({
    id: `e${rule}`,
    key: `r${rule}`,
    value: `len(filter(rows, ${any.map((each, index) => `(${zenCase(each, `f${rule}_${index}`)})`).join(' or ')}))`,
  }));
  for (const [rule, { any }] of rules.entries())
    for (const [index, { codes }] of any.entries())
      for (const code of codes ?? [])
        flags.set(code, [...(flags.get(code) ?? []), `f${rule}_${index}`]);
  const decision = new ZenEngine().createDecision(
    Buffer.from(JSON.stringify(graphOf(expressions))),
  );
  return async (rows, counts) => {
    for (let from = 0; from < rows.length; from += BATCH) {
      const batch = rows
        .slice(from, from + BATCH)
        .map((row) => withFlags(row, flags.get(row.itemCode)));
      const { result } = await decision.evaluate({ rows: batch });
      rules.forEach((_, rule) => {
        counts[rule] = (counts[rule] ?? 0) + (result[`r${rule}`] ?? 0);
      });
    }
  };
}

function withFlags(row: FeeRow, flags: readonly string[] | undefined): object {
  const levels = { village: 0, primary: 1, secondary: 2, tertiary: 3 };
  const flat: Record<string, unknown> = { ...row, level: levels[row.level] };
  for (const flag of flags ?? []) flat[flag] = true;
  return flat;
}

function zenCase({ codes, where }: PlainCase, flag: string): string {
  const test = (each: PlainTest): string =>
    'in' in each
      ? `#.${each.fact} in [${each.in.map((value) => `'${value}'`).join(', ')}]`
      : `#.${each.fact} ${each.is} ${each.than}`;
  return [
    ...(codes === null ? [] : [`#.${flag} == true`]),
    '#.eligible > 0',
    ...where.map(test),
  ].join(' and ');
}

function graphOf(expressions: readonly object[]): object {
  const node = (id: string, type: string, content?: object) => ({
    ...{ id, name: id, type, position: { x: 0, y: 0 } },
    ...(content === undefined ? {} : { content }),
  });
  const edge = (sourceId: string, targetId: string) => ({
    id: `${sourceId}-${targetId}`,
    ...{ type: 'edge', sourceId, targetId },
  });
  return {
    nodes: [
      node('in', 'inputNode'),
      node('rules', 'expressionNode', { expressions }),
      node('out', 'outputNode'),
    ],
    edges: [edge('in', 'rules'), edge('rules', 'out')],
  };
}
