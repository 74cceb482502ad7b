import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { auditByFacts, auditByPass, passed } from '../../../test/support/audit-by-pass.js';
import type { Claim } from '../../claims/claim.js';
import { addDays } from '../../kernel/dates.js';
import { loadKnowledgeBase } from '../../knowledge/knowledge.loader.js';
import { compileAudit } from '../compile.js';
import { parseRow } from '../local-table.js';
import { TABLES, tablesOf } from '../local-tables.loader.js';
import { claimsOfCase, ruleCaseSchema } from '../rule-case.js';
import { loadAuditBook } from '../rules.loader.js';

/** Rules that the pass watches for, with their local tables filled: it must find, and count, what the facts of everybody do. */

const root = join(import.meta.dirname, '../../..');
const knowledge = loadKnowledgeBase(join(root, 'knowledge'));
const book = loadAuditBook({ configDir: join(root, 'config'), siteDir: null }, knowledge);
const clause = '测试文件';
/** The catalogue lists drugs alone. */
const ROWS: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>> = {
  catalogue: [
    { code: 'XA02BCA084A012010100453', payClass: '甲', clause },
    { code: 'XA02BCA084B002010100999', payClass: '丙', from: '2024-03-04', clause },
    { code: 'XA02BCA084B002010100999', payClass: '乙', until: '2024-03-04', clause },
    { code: 'XA02BCA393A012010100999', payClass: '丙', clause },
  ],
  'general-visit': [
    { code: 'G1', perDay: '2', clause },
    { code: '*', perDay: '1', clause },
  ],
  'item-fund-cap': [
    { codes: 'S1 S2', window: 'year', cap: '250', clause },
    { codes: 'S2', window: 'visit', cap: '150', clause },
  ],
  'drug-class': [
    { code: 'XA02BCA084A012010100453', ingredient: 'XA02BCA084', subclass: 'PPI', route: '口服' },
    { code: 'XA02BCA393A012010100999', ingredient: 'XA02BCA393', subclass: 'PPI', route: '口服' },
  ],
};
const tables = tablesOf(
  new Map(
    [...TABLES.values()].map((table) => [
      table.name,
      (ROWS[table.name] ?? []).map((cells) => {
        const parsed = parseRow(table, cells);
        if (!('row' in parsed)) throw new Error(JSON.stringify(parsed));
        return parsed.row;
      }),
    ]),
  ),
);
/** Few enough drugs, and a least amount small enough, to be met. */
const rules = book.rules.map((rule) => ({
  ...rule,
  params: { ...rule.params, ...(rule.id === 'RX-05' ? { maxDrugs: '2' } : {}) },
}));
const settings = { ...book.settings, minAmount: 0n as typeof book.settings.minAmount };
const filled = { ...book, rules, settings, tables };
const RULES = ['CAT-03', 'CAT-16', 'OPD-03', 'QTY-04', 'RX-01', 'RX-02', 'RX-03', 'RX-05'];
const auditOf = (ids: readonly string[]) => compileAudit(filled, knowledge, new Set(ids));

const [piece = '', other = ''] = knowledge
  .set('tcm-pieces')
  .points.filter(({ limit }) => limit.scope === 'not-alone')
  .flatMap(({ codes }) => codes);
const ITEMS = {
  drug: [...Object.values(ROWS['drug-class'] ?? []).map(({ code = '' }) => code), 'X1', 'Z\\N'],
  'tcm-piece': [piece, other, 'T1', '中药'],
  service: ['G1', 'S1', 'S2'],
  material: ['C1', 'S2'],
} as const;
/** Stands for a line without a national code. */
const NO_CODE = '未对照';
const kinds = Object.keys(ITEMS) as (keyof typeof ITEMS)[];

const line = fc.constantFrom(...kinds).chain((kind) =>
  fc.record({
    kind: fc.constant(kind),
    item: fc.constantFrom(...ITEMS[kind], 'XA02BCA084B002010100999', null),
    day: fc.integer({ min: 0, max: 6 }),
    quantity: fc.constantFrom('1', '1', '1', '2', '0.5', '1', '1', '-1'),
    prescription: fc.constantFrom('R1', 'R1', 'R2', '\\N', undefined),
    days: fc.constantFrom('2', '5', '9', '40', undefined),
    feeClass: fc.constantFrom('general-visit' as const, undefined),
    eligible: fc.constantFrom('0.00', undefined, undefined),
  }),
);
const claim = fc.record({
  at: fc.constantFrom('H1', 'H2'),
  level: fc.constantFrom('village' as const, 'secondary' as const),
  care: fc.constantFrom('outpatient' as const, 'chronic' as const, 'emergency' as const),
  from: fc.integer({ min: 0, max: 60 }),
  lines: fc.array(line, { maxLength: 7 }),
});

function claimsOf(drawn: typeof claim extends fc.Arbitrary<infer T> ? T[] : never, person: number) {
  return drawn.flatMap(({ from, lines, ...rest }, position): Claim[] => {
    const on = (day: number): string => addDays('2024-03-01', from + day);
    const [made] = claimsOfCase(
      ruleCaseSchema.parse({
        ...{ name: '任意', finds: 'nothing' },
        claims: [
          {
            ...{ ...rest, no: `${person}-${position}`, settled: on(6) },
            lines: lines.map(({ day, item, ...each }) => ({
              ...each,
              ...{ on: on(day), item: item ?? NO_CODE },
            })),
          },
        ],
      }),
    );
    if (made === undefined) return [];
    const withCodes = made.lines.map((each) => ({
      ...each,
      itemCode: each.itemCode === NO_CODE ? null : each.itemCode,
    }));
    return [{ ...made, personId: `P${person}`, lines: withCodes }];
  });
}

const persons = fc
  .array(fc.array(claim, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 })
  .map((drawn) => drawn.flatMap(claimsOf));

describe('what the pass watches for', () => {
  // One rule at a time: who is looked at for one rule is looked at for all.
  it.each(RULES)('is found and counted by %s as by the facts of everybody', (id) => {
    const audit = auditOf([id]);
    let found = 0;
    let unjudged = 0;
    fc.assert(
      fc.property(persons, fc.constantFrom(7, 64, 4096), (claims, cut) => {
        const expected = auditByFacts(audit, claims);
        found += expected.rules.length;
        for (const { notApplicable } of expected.coverage) unjudged += notApplicable.size;
        expect(auditByPass(audit, claims, { cut })).toEqual(expected);
      }),
      { numRuns: 80, seed: 5 },
    );
    expect(found).toBeGreaterThan(0);
    expect(unjudged > 0).toBe(!['OPD-03', 'QTY-04', 'RX-05'].includes(id));
  });

  it.each(['CAT-03', 'RX-05'])('is found by %s though lines of a claim come in parts', (id) => {
    const audit = auditOf([id]);
    fc.assert(
      fc.property(persons, (claims) => {
        const parts = [0, 1].flatMap((half) =>
          claims.map((each) => ({
            ...each,
            lines: each.lines.filter((_, index) => index % 2 === half),
          })),
        );
        const { rules: byPass, ...rest } = auditByPass(audit, claims, { cut: 512, parts });
        const { rules: byFacts, ...expected } = auditByFacts(audit, claims);
        expect([byPass, rest]).toEqual([byFacts, expected]);
      }),
      { numRuns: 60, seed: 7 },
    );
  });

  it('names nobody for what is only not judged', () => {
    const [drawn] = claimsOfCase(
      ruleCaseSchema.parse({
        ...{ name: '无目录', finds: 'nothing' },
        claims: [
          {
            lines: [
              { item: 'C1', on: '2024-03-01', kind: 'material' },
              { item: NO_CODE, on: '2024-03-01' },
            ],
          },
        ],
      }),
    );
    if (drawn === undefined) throw new Error('no claim');
    const [first, second] = drawn.lines;
    if (first === undefined || second === undefined) throw new Error('no line');
    const claims = [{ ...drawn, lines: [first, { ...second, itemCode: null }] }];
    const { suspects, coverage } = passed(auditOf(['CAT-16']), claims, { cut: 512 });
    expect(suspects).toEqual({ persons: [], claims: [] });
    expect(coverage.rows().map(({ notApplicable }) => [...notApplicable])).toEqual([
      [
        ['family-not-listed', 1],
        ['unmapped-items', 1],
      ],
    ]);
  });
});
