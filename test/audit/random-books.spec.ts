import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditBooks } from '../../src/audit/audit-books.repository.js';
import { auditClaims } from '../../src/audit/audit-claims.js';
import { compileAudit } from '../../src/audit/compile.js';
import { factsOf } from '../../src/audit/facts.js';
import { parseRow } from '../../src/audit/local-table.js';
import { TABLES, tablesOf } from '../../src/audit/local-tables.loader.js';
import { claimsOfCase, ruleCaseSchema } from '../../src/audit/rule-case.js';
import { loadAuditBook } from '../../src/audit/rules.loader.js';
import type { Claim } from '../../src/claims/claim.js';
import { siteOf } from '../../src/config/site.js';
import { withTransaction } from '../../src/database/transaction.repository.js';
import { addDays } from '../../src/kernel/dates.js';
import { monthOf } from '../../src/kernel/period.js';
import { loadKnowledgeBase } from '../../src/knowledge/knowledge.loader.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { storeClaims } from './store-claims.js';

/** Claims drawn from a seed, dense in what the window rules look at: the books never miss what the facts of everybody give. */

const consortium = 'random-books';
const PERSONS = 100;
const CLAIMS = 420;
const RULES = [
  ...['CHG-03', 'CHG-04', 'CHG-06', 'CHG-07', 'CHG-10', 'CHG-11', 'QTY-01', 'QTY-04', 'QTY-05'],
  ...['QTY-06', 'QTY-07', 'OPD-01', 'OPD-02', 'OPD-03', 'OPD-07', 'RX-01', 'RX-03'],
];
const BEDS = ['001109000010300', '001109000030000', '001109000010600', '001102000050000'];
const NURSING = ['001201000030000', '001201000040000', '001201000050000'];
const OTHERS = ['002203020030000', '002203020030001', 'P1', 'S1', 'S2', 'B1', 'M1', 'G1'];
const DRUGS = ['XA02BCA084A012010100453', 'XA02BCA084B002010100999', 'XA02BCA393A012010100999'];
const clause = '测试文件';
const ROWS: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>> = {
  panel: [{ items: 'P1', contained: 'S1 S2', clause }],
  'included-material': [{ items: 'P1', contained: 'M1', clause }],
  bundle: [{ bundle: 'B1', name: '整项', members: 'S1 S2 G1', price: '25', clause }],
  companion: [{ code: 'M1', required: 'P1 B1', window: 'visit', clause }],
  'operation-limit': [{ materials: 'M1', procedures: '36', max: '1', clause }],
  'session-limit': [{ code: 'S2', max: '2', clause }],
  'general-visit': [{ code: 'G1', perDay: '1', clause }],
  'visit-cap': [
    { careType: 'outpatient', scope: 'visit', cap: '60', clause },
    { careType: 'outpatient', pool: 'resident', scope: 'year', cap: '200', clause },
  ],
  'item-fund-cap': [{ codes: 'S1 S2', window: 'year', cap: '60', clause }],
  'drug-class': [
    { code: 'XA02BCA084A012010100453', ingredient: 'XA02BCA084', subclass: 'PPI', route: '口服' },
    { code: 'XA02BCA393A012010100999', ingredient: 'XA02BCA393', subclass: 'PPI', route: '口服' },
  ],
};

/** Numbers of a linear congruence: the same for the same seed everywhere. */
function drawing(seed: number) {
  let state = seed;
  const below = (count: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * count);
  };
  return { below, pick: <T>(items: readonly T[]): T => items[below(items.length)] as T };
}

type Drawing = ReturnType<typeof drawing>;

/** Few persons take anything back, since those who do are always looked at. */
function drawLine(
  { below, pick }: Drawing,
  items: readonly string[],
  on: string,
  refunds: boolean,
) {
  const item = pick(items);
  const drug = DRUGS.includes(item);
  return {
    ...{ item, on, price: '15.00' },
    quantity: refunds && below(4) === 0 ? '-1' : String(1 + below(3)),
    ...(drug ? { kind: 'drug' } : {}),
    ...(drug && below(6) > 0 ? { days: String(5 + below(30)) } : {}),
  };
}

function drawClaim(draw: Drawing, no: string): Claim {
  const { below, pick } = draw;
  const person = below(PERSONS);
  const day = addDays('2024-01-01', below(120));
  const days = below(4) === 0 ? below(6) : null;
  const last = addDays(day, days ?? 0);
  const items = days === null ? [...OTHERS, ...DRUGS] : [...BEDS, ...NURSING, ...OTHERS];
  const lines = Array.from({ length: 1 + below(4) }, () =>
    drawLine(draw, items, addDays(day, below(1 + (days ?? 0))), person % 8 === 0),
  );
  const [claim] = claimsOfCase(
    ruleCaseSchema.parse({
      name: 'drawn',
      finds: 'nothing',
      claims: [
        {
          ...{ no, lines, at: pick(['H1', 'H2']), level: pick(['village', 'secondary']) },
          settled: last,
          ...(days === null ? {} : { admitted: day, discharged: last }),
          ...(below(2) === 0 ? { procedures: ['36.0601'] } : {}),
        },
      ],
    }),
  );
  if (claim === undefined) throw new Error('no claim');
  return { ...claim, personId: `P${person}` };
}

function drawClaims(seed: number): Claim[] {
  const draw = drawing(seed);
  return Array.from({ length: CLAIMS }, (_, at) => drawClaim(draw, String(at)));
}

const knowledge = loadKnowledgeBase();
const site = siteOf(join(import.meta.dirname, '../..'), { HEYI_SITE: 'config/nowhere' });
const book = loadAuditBook(site, knowledge);
const rows = new Map(
  [...TABLES.values()].map((table) => [
    table.name,
    [
      ...book.tables.get(table).rows,
      ...(ROWS[table.name] ?? []).flatMap((cells) => {
        const parsed = parseRow(table, cells);
        return 'row' in parsed ? [parsed.row] : [];
      }),
    ],
  ]),
);
const settings = { ...book.settings, minAmount: 0n as typeof book.settings.minAmount };
/** Counts small enough to be met. */
const FEW: Readonly<Record<string, object>> = {
  'OPD-01': { sameDay: '2', perMonth: '3' },
  'OPD-02': { perMonth: '1' },
};
const rules = book.rules.map((rule) => ({
  ...rule,
  params: { ...rule.params, ...FEW[rule.id] },
}));
const drawn = { ...book, rules, settings, tables: tablesOf(rows) };

describe('claims drawn from a seed', () => {
  const claims = drawClaims(1);
  const months = [...new Set(claims.map(({ settledAt }) => monthOf(settledAt)))].sort();
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
    await storeClaims(database.pool, consortium, claims);
  }, 60_000);
  afterAll(() => database.drop());

  // One rule at a time: who is looked at for one rule is looked at for all.
  it.each(RULES)('give the same from the books by %s', async (id) => {
    const audit = compileAudit(drawn, knowledge, new Set([id]));
    const request = { consortium, months, persons: null };
    const books = await withTransaction(database.pool, (client) =>
      auditBooks(client, audit, request, new AbortController().signal),
    );
    const scope = { months: new Set(months), dismissed: new Set<string>() };
    const expected = auditClaims(audit, claims.map(factsOf), scope);
    const found = (all: typeof expected.findings) =>
      all.map(({ personId, message }) => `${personId} ${message}`).sort();
    expect(expected.findings.length).toBeGreaterThan(0);
    expect(found(books.findings)).toEqual(found(expected.findings));
    expect(books.coverage).toEqual(expected.coverage);
  });
});
