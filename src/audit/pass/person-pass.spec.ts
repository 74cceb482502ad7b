import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { auditByFacts, auditByPass, passed } from '../../../test/support/audit-by-pass.js';
import type { Claim } from '../../claims/claim.js';
import { loadKnowledgeBase } from '../../knowledge/knowledge.loader.js';
import { compileAudit } from '../compile.js';
import { claimsOfCase, ruleCaseSchema } from '../rule-case.js';
import { loadAuditBook } from '../rules.loader.js';

/** The pass in numbers and the facts of those it names must find, and count, what the facts of everybody do. */

const root = join(import.meta.dirname, '../../..');
const knowledge = loadKnowledgeBase(join(root, 'knowledge'));
const book = loadAuditBook({ configDir: join(root, 'config'), siteDir: null }, knowledge);
/** Most rules on claims ask the books, which are not here; test/audit holds those to what the facts of everybody give. */
const byLinesAndStays = compileAudit(book, knowledge).rules.flatMap(({ rule, bound }) =>
  bound.trigger === 'claims' && bound.watch === null ? [] : [rule.id],
);
const audit = compileAudit(book, knowledge, new Set(byLinesAndStays));
/** Every boundary case of every rule, each of a person of its own. */
const cases = book.rules.flatMap((rule) =>
  rule.cases.map((each, index): readonly Claim[] => {
    const person = `${rule.id}-${index}`;
    return claimsOfCase(ruleCaseSchema.parse(each)).map((claim) => ({
      ...claim,
      personId: person,
      claimNo: `${person}-${claim.claimNo}`,
      refundOf: claim.refundOf === null ? null : `${person}-${claim.refundOf}`,
    }));
  }),
);

describe('the pass', () => {
  it.each(cases.map((claims) => [claims[0]?.personId ?? '', claims] as const))(
    'misses nothing of case %s',
    (_, claims) => {
      expect(auditByPass(audit, claims)).toEqual(auditByFacts(audit, claims));
    },
  );

  it('gives everybody together what it gives each alone, wherever the bytes are cut', () => {
    const everybody = cases.flat();
    const expected = auditByFacts(audit, everybody);
    expect(expected.rules.length).toBeGreaterThan(30);
    for (const cut of [1, 64, 65_536])
      expect(auditByPass(audit, everybody, { cut })).toEqual(expected);
  });

  it('names nobody who has nothing', () => {
    const plain = claimsOfCase(
      ruleCaseSchema.parse({
        name: '无事',
        claims: [{ lines: [{ item: '002503020030000', on: '2024-03-01' }] }],
        finds: 'nothing',
      }),
    );
    const { suspects, pass, coverage } = passed(audit, plain, { cut: 512 });
    expect(suspects).toEqual({ persons: [], claims: [] });
    expect([pass.claims.size, pass.scanner.lines]).toEqual([1, 1]);
    expect(coverage.rows().map(({ ruleId, examined }) => [ruleId, examined])).toEqual([
      ['CAT-03', 1],
      ['ELG-08', 1],
      ['QTY-02', 1],
      ['RX-01', 1],
      ['RX-02', 1],
      ['RX-03', 1],
      ['RX-05', 1],
    ]);
  });

  it('finds what the facts find in any books', () => {
    fc.assert(
      fc.property(fc.array(person(), { minLength: 1, maxLength: 6 }), (persons) => {
        const claims = persons.flatMap((each, index) => claimsOf(each, index));
        expect(auditByPass(audit, claims)).toEqual(auditByFacts(audit, claims));
      }),
      { numRuns: 150 },
    );
  });
});

const codes = (
  [
    'drug-sex',
    'item-age',
    'institution-level',
    'daily-frequency',
    'cycle-frequency',
    'item-course-days',
    'incision-groups',
  ] as const
).flatMap((set) => [...knowledge.set(set).codes()].slice(0, 4));
const pairs = knowledge
  .set('duplicate-pairs')
  .points.slice(0, 12)
  .flatMap(({ codes: primary, limit }) => [...primary, limit.containedCode]);

function person() {
  const line = fc.record({
    item: fc.constantFrom(...codes, ...pairs, 'nobody-knows'),
    day: fc.integer({ min: 0, max: 40 }),
    minute: fc.option(fc.integer({ min: 0, max: 1439 })),
    quantity: fc.constantFrom('1', '1', '1', '2', '0.5', '13', '25', '-1'),
  });
  const claim = fc.record({
    at: fc.constantFrom('H1', 'H1', 'H2', 'V\\1'),
    care: fc.constantFrom('outpatient', 'inpatient'),
    stay: fc.tuple(fc.integer({ min: -2, max: 40 }), fc.integer({ min: 0, max: 9 })),
    hour: fc.option(fc.integer({ min: 0, max: 23 })),
    total: fc.constantFrom(null, null, null, '99.00'),
    refunds: fc.constantFrom(false, false, false, false, true),
    lines: fc.array(line, { maxLength: 6 }),
  });
  return fc.record({
    sex: fc.constantFrom('male', 'female', 'unknown'),
    born: fc.constantFrom('1980-02-29', '2023-12-20', '2010-03-01', null),
    claims: fc.array(claim, { minLength: 1, maxLength: 5 }),
  });
}

type Person = ReturnType<typeof person> extends fc.Arbitrary<infer Made> ? Made : never;

const day = (offset: number): string =>
  new Date(Date.UTC(2024, 2, 1 + offset)).toISOString().slice(0, 10);
const moment = (offset: number, minute: number | null): string =>
  minute === null
    ? day(offset)
    : `${day(offset)}T${new Date(minute * 60_000).toISOString().slice(11, 19)}`;

function claimsOf(each: Person, index: number): Claim[] {
  return each.claims.map((_, position) => claimOf(each, index, position));
}

function claimOf({ sex, born, claims }: Person, index: number, position: number): Claim {
  const each = claims[position];
  if (each === undefined) throw new Error('no claim');
  const [from, days] = each.stay;
  const hour = each.hour === null ? null : each.hour * 60;
  const stay = { admitted: moment(from, hour), discharged: moment(from + days, hour) };
  const refund = { refundOf: `${index}-${position - 1}` };
  const claim = {
    no: `${index}-${position}`,
    at: each.at,
    ...(each.care === 'inpatient' ? stay : {}),
    ...(each.refunds && position > 0 ? refund : {}),
    settled: day(45),
    lines: each.lines.map(({ item, day: on, minute, quantity }) => ({
      ...{ item, quantity, on: moment(on, minute) },
    })),
  };
  const [made] = claimsOfCase(
    ruleCaseSchema.parse({
      ...{ name: '任意', sex, finds: 'nothing', born: born ?? 'unknown', claims: [claim] },
    }),
  );
  if (made === undefined) throw new Error('no claim');
  const total = each.total === null ? {} : { totalFee: each.total };
  return { ...made, personId: `P${index}`, ...total };
}
