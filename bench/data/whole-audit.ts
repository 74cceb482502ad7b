import { auditBooks } from '../../src/audit/audit-books.repository.js';
import { digestOf } from '../../src/audit/audit-claims.js';
import { insertRun, replaceResults } from '../../src/audit/finding.repository.js';
import { inSnapshot } from '../../src/audit/snapshot.repository.js';
import { createPool } from '../../src/database/pool.client.js';
import { withTransaction } from '../../src/database/transaction.repository.js';
import type { BenchContext, Outcome, RoundContext } from '../harness/bench.js';
import { migrated, once, urlOf } from '../harness/database.js';
import { BOOKS, booksIn } from './books.js';
import { countyIn, countyItems } from './county.js';

/** The audit of the books whole, as the product runs it: read in one snapshot, findings and coverage written in a transaction. */

/** Of so many places in the list of items rules know the code: a few lines in a thousand are hit, as in a county's books. */
const DENSITY = 1 / 200;
/** One claim a person and month, three in a hundred a stay. */
const STAYS = 3;

/** The books of a run's benchmark; those that an earlier benchmark of the run made are taken as they stand. @returns their database */
export async function bookedFrom(
  { url }: BenchContext,
  database: string,
  lines: number,
): Promise<string> {
  const { known } = await once(
    url,
    `SELECT count(*)::int AS known FROM pg_database WHERE datname = '${database}'`,
  );
  if (known === 1) return urlOf(url, database);
  const target = await migrated(url, database);
  const order = { lines, items: countyItems(DENSITY), seed: 7 };
  await booksIn(target, { ...order, months: BOOKS.months.length, stays: STAYS });
  return target;
}

export async function wholeAudit(context: RoundContext, database: string): Promise<Outcome> {
  const { audit } = countyIn(context.folder);
  const request = { consortium: BOOKS.consortium, months: BOOKS.months, persons: null };
  const pool = createPool(urlOf(context.url, database), 2);
  try {
    const books = await context.measure(async () => {
      const read = await inSnapshot(pool, (client) =>
        auditBooks(client, audit, request, new AbortController().signal),
      );
      await withTransaction(pool, async (client) => {
        const amountFen = read.findings.reduce((total, each) => total + each.amountFen, 0n);
        const runId = await insertRun(client, {
          ...{ ...request, throughBatch: read.throughBatch, amountFen },
          ...{ rulesDigest: audit.rulesDigest, knowledgeRelease: audit.knowledgeRelease },
          ...{ resultDigest: digestOf(read.findings), findings: read.findings.length },
          ...{ claims: read.claims, lines: read.lines },
        });
        await replaceResults(client, { ...request, runId, ...read });
      });
      return read;
    });
    const { lines, findings } = books;
    return {
      units: lines,
      result: digestOf(findings),
      extra: { findings: findings.length, rules: audit.rules.length },
    };
  } finally {
    await pool.end();
  }
}
