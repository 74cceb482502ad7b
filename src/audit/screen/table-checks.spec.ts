import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { INSTITUTION_LEVELS } from '../../claims/claim.js';
import { fen } from '../../kernel/money.js';
import { loadKnowledgeBase } from '../../knowledge/knowledge.loader.js';
import { type CompiledAudit, compileAudit } from '../compile.js';
import { addLine, type LineFacts, openClaim } from '../facts.js';
import { parseRow, type TableCells, type TableRow } from '../local-table.js';
import { TABLES, tablesOf } from '../local-tables.loader.js';
import { NOTHING_REGISTERED } from '../registers.js';
import { loadAuditBook } from '../rules.loader.js';
import { LineLook } from './line-look.js';

/** Rules by local tables whose rows the compiled function decides: for whatever the tables hold, it and the template agree. */

const root = join(import.meta.dirname, '../../..');
const knowledge = loadKnowledgeBase(join(root, 'knowledge'));
const shipped = loadAuditBook({ configDir: join(root, 'config'), siteDir: null }, knowledge);

const CODES = ['XA01', 'XA02', '0012', 'C01'] as const;
const DAYS = ['2024-01-01', '2024-01-31', '2024-02-01', '2024-03-01', '2024-04-15'] as const;
const day = fc.constantFrom(...DAYS);
const span = fc.record({ from: fc.option(day, { nil: '' }), until: fc.option(day, { nil: '' }) });

const caps = fc.record({
  code: fc.constantFrom(...CODES),
  level: fc.option(fc.constantFrom(...INSTITUTION_LEVELS), { nil: '' }),
  cap: fc.constantFrom('10', '20', '20.000001'),
  clause: fc.constant('测试'),
});
const items = fc.record({
  code: fc.constantFrom(...CODES),
  payClass: fc.constantFrom('甲', '丙'),
  clause: fc.constant('测试'),
});
const rowsOf = <T>(row: fc.Arbitrary<T>) =>
  fc.array(
    fc.tuple(row, span).map(([own, dates]) => ({ ...own, ...dates })),
    { minLength: 1, maxLength: 6 },
  );

const anyLine: fc.Arbitrary<LineFacts> = fc
  .record({
    itemCode: fc.constantFrom(...CODES, 'XA99', 'T001', null),
    chargedOn: fc.constantFrom(...DAYS, '2023-12-31', '2024-03-02', '2024-03-31'),
    level: fc.constantFrom(...INSTITUTION_LEVELS),
    unitPrice: fc.constantFrom(10_000_000, 10_000_001, 20_000_000, 20_000_001, 20_000_002),
    eligible: fc.constantFrom(0, 1_000),
  })
  .map(({ level, eligible, ...own }) => {
    const claim = openClaim({
      ...{ institution: 'H1', settledBy: 'H1', level, claimNo: '1', refundOf: null, personId: 'P' },
      ...{ sex: 'male', birthDate: null, pool: 'resident', careType: 'outpatient' },
      ...{ period: '2024-03', settledOn: '2024-03-31', admittedAt: null, dischargedAt: null },
      ...{ dischargeMode: null, totalFeeFen: fen(0), fundPaidFen: fen(0), accountPaidFen: fen(0) },
      ...{ cashPaidFen: fen(0), fundsFen: [], department: null, agencyGroupCode: null },
      ...{ groupStandardFen: null, principalDiagnosis: null, diagnoses: [], procedures: [] },
    });
    addLine(claim, {
      ...{ lineNo: '1', minute: null, itemName: '', kind: 'drug', feeClass: null },
      ...{ prescriptionNo: null, department: null, doctor: null, daysSupply: null, traceCodes: [] },
      ...{ quantity: 10_000, amountFen: fen(1_000), eligibleFen: fen(eligible), ...own },
    });
    return claim.lines[0] as LineFacts;
  });

function tablesFrom(name: string, cells: readonly TableCells[]) {
  const table = TABLES.get(name);
  if (table === undefined) throw new Error(`no table ${name}`);
  const rows = cells.flatMap((each): TableRow<unknown>[] => {
    const parsed = parseRow(table, each);
    return 'row' in parsed ? [parsed.row] : [];
  });
  return tablesOf(new Map([[name, rows]]));
}

/** What the template makes of a line, beside what the rows made of it. */
function judged(audit: CompiledAudit, line: LineFacts) {
  const look = new LineLook(audit.screen);
  look.startClaim(line.claim);
  const looked = look.at(line);
  const person = { personId: 'P', claims: [line.claim], stays: [], registered: NOTHING_REGISTERED };
  const missing: string[] = [];
  const found = audit.rules[0]?.bound.evaluate(person, [line], audit.settings, (reason) =>
    missing.push(reason),
  );
  return {
    found: found?.length ?? 0,
    missing: missing.length,
    hit: looked && look.verdict.hits.length > 0,
    asked: looked && look.verdict.unsure.length > 0,
  };
}

/** Lines decided by the rows, and lines asked about; where they decide, they agree with the template. */
function agree(audit: CompiledAudit, lines: readonly LineFacts[]) {
  const verdicts = lines.map((line) => judged(audit, line));
  for (const { found, missing, hit, asked } of verdicts)
    if (!asked) expect({ found, missing }).toEqual({ found: Number(hit), missing: 0 });
  return {
    hits: verdicts.filter(({ hit }) => hit).length,
    asked: verdicts.filter(({ asked }) => asked).length,
  };
}

function compare(rule: string, table: string, rows: fc.Arbitrary<TableCells[]>) {
  const met = { hits: 0, asked: 0 };
  const lines = fc.array(anyLine, { minLength: 30, maxLength: 30 });
  fc.assert(
    fc.property(rows, lines, (cells, given) => {
      const book = { ...shipped, tables: tablesFrom(table, cells) };
      const { hits, asked } = agree(compileAudit(book, knowledge, new Set([rule])), given);
      met.hits += hits;
      met.asked += asked;
    }),
    { numRuns: 250, seed: 7 },
  );
  return met;
}

describe('rows decided by local tables', () => {
  it('prices', () => {
    const { hits, asked } = compare('CHG-01', 'price-cap', rowsOf(caps));
    expect(Math.min(hits, asked)).toBeGreaterThan(20);
  });

  it('coverage by the catalogue', () => {
    const { hits, asked } = compare('CAT-16', 'catalogue', rowsOf(items));
    expect(Math.min(hits, asked)).toBeGreaterThan(50);
  });

  it('validity by the catalogue', () => {
    const { hits } = compare('CAT-17', 'catalogue', rowsOf(items));
    expect(hits).toBeGreaterThan(50);
  });
});
