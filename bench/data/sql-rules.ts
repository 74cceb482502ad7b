import type { PlainCase, PlainRule, PlainTest } from './plain-rules.js';

/** The plain rules as SQL over `claim_line l`, `claim c` and a table of flags by item code. */

/** Creates `bench_flag`: a row for each code that any rule names, a flag for each case that asks for codes. */
export function flagTable(rules: readonly PlainRule[]): string {
  const flags = new Map<string, Set<string>>();
  const names: string[] = [];
  for (const { name, codes } of cases(rules)) {
    if (codes === null) continue;
    names.push(name);
    for (const code of codes) flags.set(code, (flags.get(code) ?? new Set()).add(name));
  }
  const rows = [...flags].map(
    ([code, set]) => `('${code}', ${names.map((name) => set.has(name)).join(', ')})`,
  );
  return `
    DROP TABLE IF EXISTS bench_flag;
    CREATE TABLE bench_flag (code text PRIMARY KEY, ${names.map((name) => `${name} boolean NOT NULL`).join(', ')});
    INSERT INTO bench_flag VALUES ${rows.join(',\n')};
    ANALYZE bench_flag`;
}

/** One pass that gives a row for each line and rule that hits it: rule number, institution, claim, line. */
export function hitsStatement(rules: readonly PlainRule[], consortium: string): string {
  const numbered = rules.map(
    ({ any }, rule) =>
      `CASE WHEN ${any.map((each, index) => `(${condition(each, `f${rule}_${index}`)})`).join(' OR ')} THEN ${rule} END`,
  );
  return `
    SELECT unnest(array_remove(ARRAY[${numbered.join(',\n')}], NULL))::smallint AS rule, l.institution, l.claim_no, l.line_no
    FROM claim_line l
    JOIN claim c ON c.consortium = l.consortium AND c.settled_on = l.settled_on AND c.institution = l.institution AND c.claim_no = l.claim_no
    LEFT JOIN bench_flag f ON f.code = l.item_code
    WHERE l.consortium = '${consortium}' AND l.line_eligible_fen > 0`;
}

function* cases(rules: readonly PlainRule[]): Generator<PlainCase & { readonly name: string }> {
  for (const [rule, { any }] of rules.entries())
    for (const [index, each] of any.entries()) yield { ...each, name: `f${rule}_${index}` };
}

function condition({ codes, where }: PlainCase, flag: string): string {
  const cost = (each: PlainTest) => ('in' in each ? 0 : COSTS.indexOf(each.fact));
  const tests = where.toSorted((a, b) => cost(a) - cost(b)).map(test);
  return [...(codes === null ? [] : [`f.${flag}`]), ...tests].join(' AND ') || 'true';
}

/** Dearest last: what fails cheaply is asked first. */
const COSTS = ['level', 'amount', 'unitPrice', 'quantity', 'ageDays', 'ageYears'];
const LEVELS = ['village', 'primary', 'secondary', 'tertiary'];
const COLUMNS = {
  quantity: ['l.quantity', 10_000],
  unitPrice: ['l.unit_price', 1_000_000],
  amount: ['l.line_amount_fen', 1],
  ageYears: ['extract(year FROM age(l.charged_on::timestamp, c.birth_date::timestamp))', 1],
  ageDays: ['(l.charged_on - c.birth_date)', 1],
} as const;
const TEXTS = { sex: 'c.sex', careType: 'c.care_type', pool: 'c.pool' } as const;

function test(each: PlainTest): string {
  if ('in' in each)
    return `${TEXTS[each.fact]} IN (${each.in.map((text) => `'${text}'`).join(', ')})`;
  if (each.fact === 'level') {
    const low = LEVELS.slice(0, each.is === '<' ? each.than : each.than + 1);
    return `c.level IN (${low.map((text) => `'${text}'`).join(', ')})`;
  }
  const [column, scale] = COLUMNS[each.fact];
  return `${column} ${each.is} ${each.than / scale}`;
}
