import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditBooks } from '../../src/audit/audit-books.repository.js';
import { auditClaims } from '../../src/audit/audit-claims.js';
import { compileAudit } from '../../src/audit/compile.js';
import { factsOf } from '../../src/audit/facts.js';
import { parseRow } from '../../src/audit/local-table.js';
import { TABLES, tablesOf } from '../../src/audit/local-tables.loader.js';
import type { Rule } from '../../src/audit/rule.js';
import { claimsOfCase, type RuleCase, ruleCaseSchema } from '../../src/audit/rule-case.js';
import { loadAuditBook } from '../../src/audit/rules.loader.js';
import type { Claim } from '../../src/claims/claim.js';
import { siteOf } from '../../src/config/site.js';
import { withTransaction } from '../../src/database/transaction.repository.js';
import { monthOf } from '../../src/kernel/period.js';
import { loadKnowledgeBase } from '../../src/knowledge/knowledge.loader.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { storeClaims } from './store-claims.js';

/**
 * Rules that go by local tables: with the tables of each of their cases in turn, what the books give by probes and questions is what the
 * facts of everybody give.
 */

const consortium = 'local-rules';
const knowledge = loadKnowledgeBase();
const site = siteOf(join(import.meta.dirname, '../..'), { HEYI_SITE: 'config/nowhere' });
const book = loadAuditBook(site, knowledge);

interface Setup {
  readonly name: string;
  readonly rule: Rule;
  readonly tables: RuleCase['tables'];
}

const cases = book.rules.flatMap((rule) =>
  rule.cases.map((each, index) => ({ rule, index, parsed: ruleCaseSchema.parse(each) })),
);
const setups = [
  ...new Map(
    cases
      .filter(({ parsed }) => Object.keys(parsed.tables).length > 0)
      .map(({ rule, parsed: { tables } }): [string, Setup] => [
        `${rule.id} ${JSON.stringify(tables)}`,
        { name: `${rule.id} ${JSON.stringify(tables)}`.slice(0, 120), rule, tables },
      ]),
  ).values(),
];
const claims: readonly Claim[] = cases
  .filter(({ rule }) => setups.some((setup) => setup.rule === rule))
  .flatMap(({ rule, index, parsed }) =>
    claimsOfCase(parsed).map((claim) => ({
      ...claim,
      personId: `${rule.id}-${index}`,
      claimNo: `${rule.id}-${index}-${claim.claimNo}`,
      refundOf: claim.refundOf === null ? null : `${rule.id}-${index}-${claim.refundOf}`,
    })),
  );
const months = [...new Set(claims.map(({ settledAt }) => monthOf(settledAt)))].sort();

function tablesWith(given: RuleCase['tables']) {
  const rows = new Map(
    [...TABLES.values()].map((table) => [table.name, book.tables.get(table).rows]),
  );
  for (const [name, cells] of Object.entries(given)) {
    const table = TABLES.get(name);
    if (table === undefined) throw new Error(`no table ${name}`);
    rows.set(
      name,
      cells.flatMap((each) => {
        const parsed = parseRow(table, each);
        return 'row' in parsed ? [parsed.row] : [];
      }),
    );
  }
  return tablesOf(rows);
}

describe('rules by local tables', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
    await storeClaims(database.pool, consortium, claims);
  }, 60_000);
  afterAll(() => database.drop());

  it.each(setups)('$name', async ({ rule, tables }) => {
    const bound = { ...book, tables: tablesWith(tables) };
    const audit = compileAudit(bound, knowledge, new Set([rule.id]));
    const { findings, coverage } = await withTransaction(database.pool, (client) =>
      auditBooks(
        client,
        audit,
        { consortium, months, persons: null },
        new AbortController().signal,
      ),
    );
    const expected = auditClaims(audit, claims.map(factsOf), {
      months: new Set(months),
      dismissed: new Set(),
    });
    expect(findings.map(({ message }) => message).sort()).toEqual(
      expected.findings.map(({ message }) => message).sort(),
    );
    expect(coverage).toEqual(expected.coverage);
  });
});
