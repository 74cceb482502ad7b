import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditBooks } from '../../src/audit/audit-books.repository.js';
import { auditClaims } from '../../src/audit/audit-claims.js';
import { compileAudit } from '../../src/audit/compile.js';
import { factsOf } from '../../src/audit/facts.js';
import { claimsOfCase, ruleCaseSchema } from '../../src/audit/rule-case.js';
import { loadAuditBook } from '../../src/audit/rules.loader.js';
import { siteOf } from '../../src/config/site.js';
import { withTransaction } from '../../src/database/transaction.repository.js';
import { monthOf } from '../../src/kernel/period.js';
import { loadKnowledgeBase } from '../../src/knowledge/knowledge.loader.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { storeClaims } from './store-claims.js';

/** Rules on scope, dates and days of supply: what the books give by compiled rows and questions is what the facts of everybody give. */

const RULES = ['CAT-02', 'CAT-03', 'CAT-08', 'CAT-13', 'CHG-09', 'ELG-06', 'RX-02', 'RX-05'];

const consortium = 'scope-rules';
const knowledge = loadKnowledgeBase();
const site = siteOf(join(import.meta.dirname, '../..'), { HEYI_SITE: 'config/nowhere' });
const book = loadAuditBook(site, knowledge);
const claims = book.rules
  .filter(({ id }) => RULES.includes(id))
  .flatMap(({ id, cases }) =>
    cases.flatMap((each, index) =>
      claimsOfCase(ruleCaseSchema.parse(each)).map((claim) => ({
        ...claim,
        personId: `${id}-${index}`,
        claimNo: `${id}-${index}-${claim.claimNo}`,
      })),
    ),
  );
const months = [...new Set(claims.map(({ settledAt }) => monthOf(settledAt)))].sort();

describe('rules on scope', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
    await storeClaims(database.pool, consortium, claims);
  }, 60_000);
  afterAll(() => database.drop());

  it.each(RULES)('%s', async (id) => {
    const audit = compileAudit(book, knowledge, new Set([id]));
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
    expect(expected.findings.length).toBeGreaterThan(0);
    expect(findings.map(({ message }) => message).sort()).toEqual(
      expected.findings.map(({ message }) => message).sort(),
    );
    expect(coverage).toEqual(expected.coverage);
  });
});
