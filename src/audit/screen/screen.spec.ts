import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CARE_TYPES, INSTITUTION_LEVELS, POOLS, SEXES } from '../../claims/claim.js';
import { fen } from '../../kernel/money.js';
import { loadKnowledgeBase } from '../../knowledge/knowledge.loader.js';
import { type AuditBook, compileAudit } from '../compile.js';
import { addLine, type LineFacts, openClaim } from '../facts.js';
import { NOTHING_REGISTERED } from '../registers.js';
import { ruleSchema } from '../rule.js';
import { loadAuditBook } from '../rules.loader.js';
import { LineLook } from './line-look.js';

const root = join(import.meta.dirname, '../../..');
const knowledge = loadKnowledgeBase(join(root, 'knowledge'));
const shipped = loadAuditBook({ configDir: join(root, 'config'), siteDir: null }, knowledge);

const CODES = [
  ...(['drug-sex', 'item-sex', 'drug-age', 'item-age'] as const),
  ...(['insurance-type', 'care-setting', 'institution-level', 'tcm-pieces'] as const),
].flatMap((set) => [...knowledge.set(set).codes()]);

const FIELDS = {
  ...{ settledBy: 'H1', claimNo: '1', refundOf: null, personId: 'P', period: '2024-03' },
  ...{ settledOn: '2024-03-31', admittedAt: null, dischargedAt: null, dischargeMode: null },
  ...{ totalFeeFen: fen(0), fundPaidFen: fen(0), accountPaidFen: fen(0), cashPaidFen: fen(0) },
  ...{ fundsFen: [], principalDiagnosis: null, diagnoses: [], procedures: [] },
  ...{ department: null, agencyGroupCode: null, groupStandardFen: null },
};
const LINE_FIELDS = {
  ...{ kind: 'service' as const, feeClass: null, prescriptionNo: null, department: null },
  ...{ doctor: null, daysSupply: null, traceCodes: [] },
};

const anyDay = fc.constantFrom(
  ...['2024-03-01', '2024-02-29', '2021-04-30', '2021-05-01', '2025-05-28', '2030-01-01'],
  ...['1980-02-29', '2010-03-01', '2010-02-28', '2024-02-02', '1964-03-01', '2009-03-02'],
);

const anyLine: fc.Arbitrary<LineFacts> = fc
  .record({
    institution: fc.constantFrom('H1', 'H2'),
    sex: fc.constantFrom(...SEXES),
    level: fc.constantFrom(...INSTITUTION_LEVELS),
    careType: fc.constantFrom(...CARE_TYPES),
    pool: fc.constantFrom(...POOLS),
    birthDate: fc.option(anyDay),
    admittedAt: fc.option(anyDay, { freq: 10 }),
    dischargedAt: fc.option(anyDay, { freq: 10 }),
    itemCode: fc.option(fc.constantFrom(...CODES, 'nobody-knows'), { freq: 20 }),
    chargedOn: anyDay,
    quantity: fc.integer({ min: -20_000, max: 60_000 }),
    unitPrice: fc.integer({ min: 0, max: 900_000_000 }),
    eligible: fc.constantFrom(0, 1, 1_000_000),
  })
  .map(({ itemCode, chargedOn, quantity, unitPrice, eligible, ...who }) => {
    const claim = openClaim({ ...FIELDS, ...who });
    const amounts = { amountFen: fen(1_000), eligibleFen: fen(eligible) };
    addLine(claim, {
      ...{ lineNo: '1', minute: null, itemName: '', itemCode, chargedOn, quantity, unitPrice },
      ...amounts,
      ...LINE_FIELDS,
    });
    const [line] = claim.lines;
    if (line === undefined) throw new Error('no line');
    return line;
  });

/** Rules whose conditions stand in no row: they are asked about every line with their codes. */
const ASKED = new Set(['CAT-13']);

describe('the compiled function', () => {
  const audit = compileAudit(shipped, knowledge);
  const look = new LineLook(audit.screen);
  const positions = [...audit.rules.keys()].filter(
    (position) =>
      audit.rules[position]?.bound.trigger === 'codes' &&
      audit.rules[position]?.bound.rowChecks !== null &&
      !ASKED.has(audit.rules[position]?.rule.id ?? ''),
  );

  it('decides nine shipped rules', () => {
    expect(positions.map((position) => audit.rules[position]?.rule.id)).toEqual([
      ...['CAT-01', 'CAT-02', 'CAT-04', 'CAT-05', 'CAT-06', 'CAT-07', 'CAT-09', 'CAT-10'],
      'CHG-09',
    ]);
  });

  it('picks out exactly the lines that the template finds, or cannot judge', () => {
    const met = { hits: 0, unsure: 0 };
    const judged = (line: LineFacts, position: number) => {
      const reasons: string[] = [];
      const person = {
        ...{ personId: 'P', claims: [line.claim], stays: [] },
        registered: NOTHING_REGISTERED,
      };
      const hits = audit.rules[position]?.bound.evaluate(person, [line], audit.settings, (reason) =>
        reasons.push(reason),
      );
      met.hits += hits?.length ?? 0;
      met.unsure += reasons.length;
      return { hit: hits?.length === 1, unsure: reasons.length === 1 };
    };
    const picked = (position: number) => ({
      hit: look.verdict.hits.includes(position),
      unsure: look.verdict.unsure.includes(position),
    });
    fc.assert(
      fc.property(anyLine, (line) => {
        look.startClaim(line.claim);
        if (!look.at(line)) return;
        for (const position of positions)
          if (look.verdict.looking.includes(position))
            expect(picked(position)).toEqual(judged(line, position));
      }),
      { numRuns: 20_000, seed: 1 },
    );
    expect(met.hits).toBeGreaterThan(500);
    expect(met.unsure).toBeGreaterThan(100);
  });
});

/** A book of one line predicate. */
function bookOf(params: object, more: object = {}): AuditBook {
  const rule = ruleSchema.parse({
    ...{ id: 'LOC-01', version: '1.0', title: '本地限制', titleEn: 'local limit', class: 'SUSP' },
    ...{ template: 'line-predicate', params, status: 'ACTIVE', effective: { from: '2021-05-01' } },
    ...{ basis: ['local'], deduction: 'LINE_FULL', message: '超出本地限制', cases: [{}, {}] },
    explain: { means: '本地另有的限制', fires: '超出本地限制的明细', misses: '限制以外的一概不看' },
    ...more,
  });
  return { ...shipped, rules: [rule] };
}

describe('a line predicate', () => {
  const lineOf = (more: object): LineFacts => {
    const claim = openClaim({
      ...FIELDS,
      ...{ institution: 'H1', sex: 'female', level: 'primary', careType: 'outpatient' },
      ...{ pool: 'resident', birthDate: '1980-03-02' },
    });
    const line = {
      ...{ lineNo: '1', chargedOn: '2024-03-01', minute: null, itemCode: 'A', itemName: '' },
      ...{ quantity: 20_000, unitPrice: 3_500_000, amountFen: fen(700), eligibleFen: fen(700) },
    };
    addLine(claim, { ...LINE_FIELDS, ...line, ...more });
    return claim.lines[0] as LineFacts;
  };
  const finds = (params: object, line: object = {}, more: object = {}): string => {
    const look = new LineLook(compileAudit(bookOf(params, more), knowledge).screen);
    const facts = lineOf(line);
    look.startClaim(facts.claim);
    look.at(facts);
    return `${look.verdict.hits.length}${look.verdict.unsure.length > 0 ? '?' : ''}`;
  };

  it.each([
    [{ quantity: { above: '2' } }, '0'],
    [{ quantity: { atLeast: '2' } }, '1'],
    [{ unitPrice: { below: '3.5' } }, '0'],
    [{ unitPrice: { atMost: '3.5', above: '3.499999' } }, '1'],
    [{ lineAmount: { atLeast: '7.01' } }, '0'],
    [{ eligibleAmount: { atLeast: '7' }, sex: ['female'] }, '1'],
    [{ ageYears: { atLeast: '44' } }, '0'],
    [{ ageYears: { atMost: '43' } }, '1'],
    [{ items: ['A', 'B'] }, '1'],
    [{ items: ['B'], quantity: { above: '1' } }, '0'],
    [{ itemsOfSet: 'tcm-pieces' }, '0'],
    [{ level: ['village'], quantity: { above: '1' } }, '0'],
    [{ careType: ['outpatient', 'chronic'], pool: ['resident'] }, '1'],
  ])('%j: %s', (params, found) => {
    expect(finds(params)).toBe(found);
  });

  it('looks within its dates, facilities and the scope of insurance', () => {
    const any = { quantity: { above: '0' } };
    expect(finds(any, { chargedOn: '2021-04-30' })).toBe('0');
    expect(finds(any, {}, { effective: { from: '2021-05-01', until: '2024-03-01' } })).toBe('0');
    expect(finds(any, {}, { facility: { institutions: ['H2'] } })).toBe('0');
    expect(finds(any, {}, { facility: { institutions: ['H1'], levels: ['primary'] } })).toBe('1');
    expect(finds(any, { eligibleFen: fen(0) })).toBe('0');
  });

  it('is unsure of an age without a birth date before the charge', () => {
    expect(finds({ ageYears: { below: '99' } }, { chargedOn: '1980-03-01' })).toBe('0');
    const born = { chargedOn: '1979-01-01' };
    expect(finds({ ageYears: { below: '99' } }, born, { effective: { from: '1970-01-01' } })).toBe(
      '0?',
    );
  });

  it.each([
    [{}, '至少写一个条件'],
    [{ quantity: {} }, '至少写一个界限'],
    [{ quantity: { above: '0.00001' } }, '小数位数过多'],
    [{ quantity: { above: '1); process.exit(); (' } }, '应为十进制数字'],
    [{ quantity: { over: '1' } }, 'over'],
  ])('refuses %j', (params, problem) => {
    expect(() => compileAudit(bookOf(params), knowledge)).toThrow(problem);
  });

  it('takes any text as an item code, and none of it as code', () => {
    const hostile = '`); globalThis.broken = true; ("';
    expect(finds({ items: [hostile] }, { itemCode: hostile })).toBe('1');
    expect('broken' in globalThis).toBe(false);
  });
});
