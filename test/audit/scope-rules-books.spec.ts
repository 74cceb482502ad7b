import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditBooks } from '../../src/audit/audit-books.repository.js';
import { auditClaims } from '../../src/audit/audit-claims.js';
import { firstDayRead } from '../../src/audit/claim-history.repository.js';
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

const RULES = [
  'CAT-02',
  'CAT-03',
  'CAT-08',
  'CAT-13',
  'CHG-09',
  'CMX-02',
  'ELG-06',
  'RX-02',
  'RX-05',
];

const consortium = 'scope-rules';
const knowledge = loadKnowledgeBase();
const site = siteOf(join(import.meta.dirname, '../..'), { HEYI_SITE: 'config/nowhere' });
const book = loadAuditBook(site, knowledge);

/** The cases of some rules as claims of persons whom `personOf` names. */
function claimsOf(ids: readonly string[], personOf: (id: string, index: number) => string) {
  return book.rules
    .filter(({ id }) => ids.includes(id))
    .flatMap(({ id, cases }) =>
      cases.flatMap((each, index) =>
        claimsOfCase(ruleCaseSchema.parse(each)).map((claim) => ({
          ...claim,
          personId: personOf(id, index),
          claimNo: `${id}-${index}-${claim.claimNo}`,
          refundOf: claim.refundOf === null ? null : `${id}-${index}-${claim.refundOf}`,
        })),
      ),
    );
}

const claims = claimsOf(RULES, (id, index) => `${id}-${index}`);
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

/** Also rules on stays and windows, whose questions and probes look at the audited months alone. */
const BY_MONTH = [...RULES, 'INP-04', 'INP-05', 'INP-07', 'INP-08', 'CHG-08', 'CMX-06', 'ELG-08'];

describe('one month of persons who have a history', () => {
  // Persons who take something back are always looked at.
  const once = claimsOf(BY_MONTH, (_, index) => `P${index % 3}`).filter(
    ({ refundOf }) => refundOf === null,
  );
  // All of it happens a second time, two months later.
  const again: typeof once = JSON.parse(JSON.stringify(once).replaceAll('2024-03-', '2024-05-'));
  const everybody = [
    ...once,
    ...again.map((claim) => ({ ...claim, claimNo: `${claim.claimNo}b` })),
  ];
  const inOrder = [...new Set(everybody.map(({ settledAt }) => monthOf(settledAt)))].sort();
  const mixed = 'scope-rules-mixed';
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
    await storeClaims(database.pool, mixed, everybody);
  }, 60_000);
  afterAll(() => database.drop());

  it.each(inOrder)('%s', async (month) => {
    for (const id of BY_MONTH) {
      const audit = compileAudit(book, knowledge, new Set([id]));
      const request = { consortium: mixed, months: [month], persons: null };
      const books = await withTransaction(database.pool, (client) =>
        auditBooks(client, audit, request, new AbortController().signal),
      );
      const first = firstDayRead({ ...request, lookbackDays: audit.settings.lookbackDays });
      const read = everybody.filter(
        ({ settledAt }) => monthOf(settledAt) <= month && settledAt.slice(0, 10) >= first,
      );
      const scope = { months: new Set([month]), dismissed: new Set<string>() };
      const expected = auditClaims(audit, read.map(factsOf), scope);
      expect([id, books.findings.map(({ findingId }) => findingId)]).toEqual([
        id,
        expected.findings.map(({ findingId }) => findingId),
      ]);
      expect([id, books.coverage]).toEqual([id, expected.coverage]);
    }
  });
});
