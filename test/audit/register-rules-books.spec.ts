import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditBooks } from '../../src/audit/audit-books.repository.js';
import { auditClaims } from '../../src/audit/audit-claims.js';
import { compileAudit } from '../../src/audit/compile.js';
import { factsOf } from '../../src/audit/facts.js';
import { parseRow, type TableRow } from '../../src/audit/local-table.js';
import { tablesOf } from '../../src/audit/local-tables.loader.js';
import { readSiteRegisters, replaceRegister } from '../../src/audit/register.repository.js';
import { parseRegister, registerDigest, registersByPerson } from '../../src/audit/register-rows.js';
import { REGISTERS } from '../../src/audit/registers.js';
import { claimsOfCase, type RuleCase, ruleCaseSchema } from '../../src/audit/rule-case.js';
import { loadAuditBook } from '../../src/audit/rules.loader.js';
import { itemFeeClass, orderPackage } from '../../src/audit/tables/index.js';
import { siteOf } from '../../src/config/site.js';
import { withTransaction } from '../../src/database/transaction.repository.js';
import { monthOf } from '../../src/kernel/period.js';
import { loadKnowledgeBase } from '../../src/knowledge/knowledge.loader.js';
import { csvRows } from '../../src/tables/sheet-reader.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { storeClaims } from './store-claims.js';

/**
 * Rules that go by registers, and by what others have used up: with the registers of all their cases filed, what the books give is what
 * the facts of everybody give.
 */

const consortium = 'register-rules';
const knowledge = loadKnowledgeBase();
const site = siteOf(join(import.meta.dirname, '../..'), { HEYI_SITE: 'config/nowhere' });
const shipped = loadAuditBook(site, knowledge);
const book = {
  ...shipped,
  tables: tablesOf(
    new Map<string, readonly TableRow<unknown>[]>([
      ['order-package', packages()],
      ['item-fee-class', shipped.tables.get(itemFeeClass).rows],
    ]),
  ),
};
const IDS = ['CHG-13', 'CHG-14', 'ELG-01', 'ELG-02', 'ELG-03', 'ELG-07', 'RX-09'] as const;

const cases = book.rules
  .filter(({ id }) => IDS.some((each) => each === id))
  .flatMap((rule) =>
    rule.cases.map((each, index) => ({
      id: `${rule.id}-${index}`,
      parsed: ruleCaseSchema.parse(each),
    })),
  );
const claims = cases.flatMap(({ id, parsed }) =>
  claimsOfCase(parsed).map((claim) => ({
    ...claim,
    personId: id,
    claimNo: `${id}-${claim.claimNo}`,
    refundOf: claim.refundOf === null ? null : `${id}-${claim.refundOf}`,
  })),
);
const months = [...new Set(claims.map(({ settledAt }) => monthOf(settledAt)))].sort();

/** Orders of P1 cover laboratory items; whatever else a case of CHG-13 says of packages is not compared here. */
function packages() {
  const parsed = parseRow(orderPackage, { ordered: 'P1', charged: '0025', clause: '测试' });
  return 'row' in parsed ? [parsed.row] : [];
}

/** What all the cases file, one sheet a register. Doctors' rights apply to everybody. */
const SHEETS: Readonly<
  Record<string, (registers: NonNullable<RuleCase['registers']>, id: string) => string[]>
> = {
  coverage: ({ coverage = [] }, id) =>
    coverage.map(({ from, until = '' }) => `${id},${from},${until}`),
  deaths: ({ deaths }, id) => (deaths === undefined ? [] : [`${id},${deaths}`]),
  'doctor-rights': () => ['D1,测试文件,2025-03-01,2025-09-01'],
  'chronic-approvals': () => [],
  orders: ({ orders = [] }, id) =>
    orders.map(({ at, no, item, on, quantity }) => `${at},${id}-${no},${item},${on},${quantity}`),
};
const HEADS: Readonly<Record<string, string>> = {
  coverage: 'personId,from,until',
  deaths: 'personId,diedAt',
  'doctor-rights': 'doctor,document,from,until',
  'chronic-approvals': 'personId,disease,from,until',
  orders: 'institution,claimNo,itemCode,on,quantity',
};
const filed = REGISTERS.map((name) => {
  const lines = cases.flatMap(({ id, parsed }) => SHEETS[name]?.(parsed.registers ?? {}, id) ?? []);
  const text = [HEADS[name] ?? '', ...new Set(lines)].join('\n');
  return { name, ...parseRegister(name, csvRows(Buffer.from(text))) };
});

describe('rules by registers', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
    await storeClaims(database.pool, consortium, claims);
    await withTransaction(database.pool, async (client) => {
      for (const { name, rows: content } of filed) {
        const digest = registerDigest(content);
        await replaceRegister(client, consortium, {
          ...{ name, digest, content, sourceName: 'test', importedBy: 'test' },
        });
      }
    });
  }, 60_000);
  afterAll(() => database.drop());

  it('files every row of the cases', () => {
    expect(filed.flatMap(({ problems }) => problems)).toEqual([]);
    expect(filed.find(({ name }) => name === 'coverage')?.rows.length).toBeGreaterThan(5);
  });

  it.each(IDS)('%s', async (id) => {
    const registers = await readSiteRegisters(database.pool, consortium);
    const audit = compileAudit(book, knowledge, new Set([id]), registers);
    const { findings, coverage } = await withTransaction(database.pool, (client) =>
      auditBooks(
        client,
        audit,
        { consortium, months, persons: null },
        new AbortController().signal,
      ),
    );
    const scope = { months: new Set(months), dismissed: new Set<string>() };
    const rows = filed.flatMap((each) => each.rows);
    const expected = auditClaims(audit, claims.map(factsOf), scope, registersByPerson(rows));
    expect(expected.findings.length).toBeGreaterThan(0);
    expect(findings.map(({ message }) => message).sort()).toEqual(
      expected.findings.map(({ message }) => message).sort(),
    );
    expect(coverage).toEqual(expected.coverage);
  });

  it('finds a code that another person has used up', async () => {
    const registers = await readSiteRegisters(database.pool, consortium);
    const audit = compileAudit(book, knowledge, new Set(['RX-09']), registers);
    const { findings } = await withTransaction(database.pool, (client) =>
      auditBooks(
        client,
        audit,
        { consortium, months, persons: null },
        new AbortController().signal,
      ),
    );
    const firsts = findings.map(({ claims: [own], facts }) =>
      String(facts['first']).includes(`${own?.claim.personId}-`),
    );
    expect(firsts).toContain(false);
  });

  it('is another audit once a register says something else', async () => {
    const before = await readSiteRegisters(database.pool, consortium);
    await withTransaction(database.pool, (client) =>
      replaceRegister(client, 'other-county', {
        ...{ name: 'deaths', digest: 'd', content: [], sourceName: 'x', importedBy: 'x' },
      }),
    );
    const other = await readSiteRegisters(database.pool, 'other-county');
    expect([...other.held]).toEqual(['deaths']);
    const digests = [before, other].map(
      (registers) => compileAudit(book, knowledge, new Set(['ELG-02']), registers).rulesDigest,
    );
    expect(digests[0]).not.toBe(digests[1]);
  });
});
