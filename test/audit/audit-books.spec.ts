import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditBooks } from '../../src/audit/audit-books.repository.js';
import { auditClaims } from '../../src/audit/audit-claims.js';
import { compileAudit } from '../../src/audit/compile.js';
import { factsOf } from '../../src/audit/facts.js';
import { claimsOfCase, ruleCaseSchema } from '../../src/audit/rule-case.js';
import { loadAuditBook } from '../../src/audit/rules.loader.js';
import type { Claim } from '../../src/claims/claim.js';
import { siteOf } from '../../src/config/site.js';
import { withTransaction } from '../../src/database/transaction.repository.js';
import { monthOf } from '../../src/kernel/period.js';
import { loadKnowledgeBase } from '../../src/knowledge/knowledge.loader.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { storeClaims } from './store-claims.js';

/** Every boundary case of every rule, each of a person of its own, in the books: read by the pass, whole and in shares. */

const consortium = 'audit-books';
const knowledge = loadKnowledgeBase();
const site = siteOf(join(import.meta.dirname, '../..'), { HEYI_SITE: 'config/nowhere' });
const book = loadAuditBook(site, knowledge);
const audit = compileAudit(book, knowledge);
const claims: readonly Claim[] = book.rules.flatMap((rule) =>
  rule.cases.flatMap((each, index) =>
    claimsOfCase(ruleCaseSchema.parse(each)).map((claim) => ({
      ...claim,
      personId: `${rule.id}-${index}`,
      claimNo: `${rule.id}-${index}-${claim.claimNo}`,
      refundOf: claim.refundOf === null ? null : `${rule.id}-${index}-${claim.refundOf}`,
    })),
  ),
);
const months = [...new Set(claims.map(({ settledAt }) => monthOf(settledAt)))].sort();

describe('the books', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
    await storeClaims(database.pool, consortium, claims);
  }, 60_000);
  afterAll(() => database.drop());

  const read = (share: { part: number; of: number }, persons: readonly string[] | null = null) =>
    withTransaction(database.pool, (client) =>
      auditBooks(
        client,
        audit,
        { consortium, months, persons, share },
        new AbortController().signal,
      ),
    );
  const ids = (findings: readonly { readonly findingId: string }[]) =>
    findings.map(({ findingId }) => findingId);

  it('give by the pass what the facts of everybody give', async () => {
    const whole = await read({ part: 0, of: 1 });
    const expected = auditClaims(audit, claims.map(factsOf), {
      months: new Set(months),
      dismissed: new Set(),
    });
    expect(expected.findings.length).toBeGreaterThan(30);
    expect(ids(whole.findings)).toEqual(ids(expected.findings));
    expect(whole.coverage).toEqual(expected.coverage);
    expect(whole.claims).toBe(claims.length);
    expect(whole.lines).toBe(claims.flatMap(({ lines }) => lines).length);
  });

  it('come apart into shares of persons without loss', async () => {
    const whole = await read({ part: 0, of: 1 });
    const shares = [
      await read({ part: 0, of: 3 }),
      await read({ part: 1, of: 3 }),
      await read({ part: 2, of: 3 }),
    ];
    expect(shares.every(({ findings }) => findings.length > 0)).toBe(true);
    expect(ids(shares.flatMap(({ findings }) => findings)).sort()).toEqual(ids(whole.findings));
    expect(shares.reduce((sum, { claims: own }) => sum + own, 0)).toBe(whole.claims);
    expect(shares.reduce((sum, { lines }) => sum + lines, 0)).toBe(whole.lines);
    const examined = (coverage: typeof whole.coverage) =>
      coverage.reduce((sum, count) => sum + count.examined, 0);
    expect(examined(shares.flatMap(({ coverage }) => coverage))).toBe(examined(whole.coverage));
  });

  it('are read for some persons alone', async () => {
    const { findings, claims: read_ } = await read({ part: 0, of: 1 }, ['CAT-07-0', 'QTY-01-0']);
    expect(findings.map(({ rule }) => rule.id).sort()).toEqual(['CAT-07', 'QTY-01']);
    expect(read_).toBe(2);
  });
});
