import { INSTITUTION_LEVELS } from '../../src/claims/claim.js';
import type { KnowledgeBase, KnowledgePoint, SetId } from '../../src/knowledge/knowledge.js';
import { PREDICATES } from './twenty-rules.js';

/** The twenty rules in the plainest form, for every rival to take in its own language. They hold for service dates of 2024. */
export interface PlainRule {
  readonly id: string;
  readonly any: readonly PlainCase[];
}

/** Codes, null = any, and comparisons that all hold; an eligible amount above 0 goes without saying. */
export interface PlainCase {
  readonly codes: readonly string[] | null;
  readonly where: readonly PlainTest[];
}

export type PlainTest =
  | { readonly fact: NumberFact; readonly is: '>' | '>=' | '<' | '<='; readonly than: number }
  | { readonly fact: TextFact; readonly in: readonly string[] };

export type NumberFact = 'quantity' | 'unitPrice' | 'amount' | 'ageYears' | 'ageDays' | 'level';
export type TextFact = 'sex' | 'careType' | 'pool';

const CARE = ['outpatient', 'chronic', 'two-disease', 'emergency', 'inpatient', 'pharmacy'];
const SCALES = { quantity: 10_000, unitPrice: 1_000_000, lineAmount: 100, ageYears: 1 } as const;
const FACTS = {
  quantity: 'quantity',
  unitPrice: 'unitPrice',
  lineAmount: 'amount',
  ageYears: 'ageYears',
} as const;
const SIGNS = { above: '>', atLeast: '>=', below: '<', atMost: '<=' } as const;

export function plainRules(knowledge: KnowledgeBase): readonly PlainRule[] {
  const level = (name: string) => INSTITUTION_LEVELS.indexOf(name as 'village');
  const of = <S extends SetId>(
    id: string,
    set: S,
    cases: (limit: KnowledgePoint<S>['limit']) => readonly PlainTest[][],
  ): PlainRule => ({ id, any: casesOf(knowledge.set(set).points, cases) });
  return [
    of('CAT-01', 'insurance-type', ({ insurance }) =>
      insurance === 'maternity' ? [[{ fact: 'careType', in: CARE }]] : [[]],
    ),
    of('CAT-04', 'drug-age', ageCases),
    of('CAT-05', 'item-age', ageCases),
    of('CAT-06', 'drug-sex', ({ sex }) => [[{ fact: 'sex', in: [other(sex)] }]]),
    of('CAT-07', 'item-sex', ({ sex }) => [[{ fact: 'sex', in: [other(sex)] }]]),
    of('CAT-09', 'institution-level', ({ minLevel }) => [
      [{ fact: 'level', is: '<', than: level(minLevel) }],
    ]),
    of('CAT-10', 'care-setting', ({ settings }) => [
      [
        {
          fact: 'careType',
          in: [...CARE, 'family-planning'].filter(
            (care) => !(settings as readonly string[]).includes(care),
          ),
        },
      ],
    ]),
    ...PREDICATES.map((params, index) => predicate(params as Params, index, knowledge)),
  ];
}

/** Points alike become one case; those that superseded it since are no matter of 2024. */
function casesOf<S extends SetId>(
  points: readonly KnowledgePoint<S>[],
  cases: (limit: KnowledgePoint<S>['limit']) => readonly PlainTest[][],
): PlainCase[] {
  const groups = new Map<string, { codes: string[]; where: PlainTest[] }>();
  for (const { limit, codes, effectiveFrom } of points) {
    if (effectiveFrom !== null && effectiveFrom > '2024-12-31') continue;
    for (const where of cases(limit)) {
      const group = groups.get(JSON.stringify(where)) ?? { codes: [], where };
      group.codes.push(...codes);
      groups.set(JSON.stringify(where), group);
    }
  }
  return [...groups.values()];
}

function ageCases(limit: KnowledgePoint<'drug-age'>['limit']): PlainTest[][] {
  if (limit.audience === 'newborn') return [[{ fact: 'ageDays', is: '>', than: 28 }]];
  const bounds = { infant: [0, 1], child: [0, 14], 'working-age': [16, 60] } as const;
  const [min, max] = bounds[limit.audience];
  const least = limit.minYears ?? min;
  return [
    ...(least === 0 ? [] : [[{ fact: 'ageYears', is: '<', than: least } as const]]),
    [{ fact: 'ageYears', is: '>', than: limit.maxYears ?? max }],
  ];
}

function other(sex: string): string {
  return sex === 'male' ? 'female' : 'male';
}

type Params = Readonly<Record<string, Record<string, string> | readonly string[] | string>>;

function predicate(params: Params, index: number, knowledge: KnowledgeBase): PlainRule {
  const where: PlainTest[] = [];
  for (const name of ['sex', 'careType', 'pool'] as const)
    if (params[name] !== undefined) where.push({ fact: name, in: params[name] as string[] });
  for (const name of (params['level'] as string[] | undefined)?.slice(-1) ?? [])
    where.push({ fact: 'level', is: '<=', than: INSTITUTION_LEVELS.indexOf(name as 'village') });
  for (const [name, scale] of Object.entries(SCALES))
    for (const [sign, text] of Object.entries((params[name] ?? {}) as Record<string, string>))
      where.push({
        fact: FACTS[name as keyof typeof FACTS],
        is: SIGNS[sign as keyof typeof SIGNS],
        than: Number(text) * scale,
      });
  const set = params['itemsOfSet'] as SetId | undefined;
  const codes = set === undefined ? null : [...knowledge.set(set).codes()];
  return { id: `P-${index}`, any: [{ codes, where }] };
}
