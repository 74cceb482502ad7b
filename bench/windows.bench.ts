import { auditBooks } from '../src/audit/audit-books.repository.js';
import { compileAudit } from '../src/audit/compile.js';
import type { Finding } from '../src/audit/finding.js';
import { copyIn } from '../src/database/copy.client.js';
import { createPool } from '../src/database/pool.client.js';
import { withTransaction } from '../src/database/transaction.repository.js';
import { BOOKS, booksIn } from './data/books.js';
import { windowItems, windowKnowledge, windowRules } from './data/window-rules.js';
import { windowsScript, windowTables } from './data/window-sql.js';
import {
  type Bench,
  type BenchContext,
  type Outcome,
  type RoundContext,
  ratio,
} from './harness/bench.js';
import { migrated, once, urlOf } from './harness/database.js';

/**
 * B6: four rules that look at a person over time, every hit stored as a row. Ours is the audit of the books whole, with evidence and
 * money worked out for each finding; only what is stored is cut down to the rows that SQL stores too.
 */

const DATABASE = 'b6';
const linesOf = ({ quick }: BenchContext): number => (quick ? 24_000 : 2_000_000);

async function emptied(url: string): Promise<void> {
  await once(
    url,
    'DROP TABLE IF EXISTS hit; CREATE TABLE hit (rule text NOT NULL, institution text NOT NULL, claim_no text NOT NULL, line_no text)',
  );
}

async function stored(context: RoundContext, url: string): Promise<Outcome> {
  const { hits, digest } = await once(
    url,
    `SELECT sum(n) AS hits, string_agg(rule || ' ' || n || ' ' || s, ' ' ORDER BY rule) AS digest FROM (
       SELECT rule, count(*) AS n, sum(hashtextextended(concat_ws(' ', institution, claim_no, line_no), 0)::numeric) AS s
       FROM (SELECT DISTINCT * FROM hit) h GROUP BY rule) r`,
  );
  return { units: linesOf(context), result: String(digest), extra: { hits: Number(hits) } };
}

/** A row for each line in violation; for a claim in violation one without a line. */
function* rowsOf(findings: readonly Finding[]): Generator<readonly (string | null)[]> {
  for (const { rule, lines, claims } of findings) {
    const violating = lines.filter(({ role }) => role === 'violating');
    for (const line of violating) yield [rule.id, line.institution, line.claimNo, line.lineNo];
    if (violating.length > 0) continue;
    for (const { claim, role } of claims)
      if (role === 'violating') yield [rule.id, claim.institution, claim.claimNo, null];
  }
}

async function ours(context: RoundContext): Promise<Outcome> {
  const url = urlOf(context.url, DATABASE);
  await emptied(url);
  const knowledge = windowKnowledge();
  const audit = compileAudit(windowRules(knowledge), knowledge);
  const request = { consortium: BOOKS.consortium, months: [BOOKS.month], persons: null };
  const pool = createPool(url, 2);
  try {
    await context.measure(async () => {
      const { findings } = await withTransaction(pool, (client) =>
        auditBooks(client, audit, request, new AbortController().signal),
      );
      await withTransaction(pool, (client) => copyIn(client, 'hit', rowsOf(findings)));
    });
  } finally {
    await pool.end();
  }
  return stored(context, url);
}

async function bySql(context: RoundContext): Promise<Outcome> {
  const url = urlOf(context.url, DATABASE);
  await emptied(url);
  await context.measure(() => once(url, windowsScript(BOOKS.consortium)));
  return stored(context, url);
}

export const bench: Bench = {
  code: 'B6',
  title: 'windows',
  unit: 'lines',
  async prepare(context) {
    const url = await migrated(context.url, DATABASE);
    await booksIn(url, { lines: linesOf(context), items: windowItems(), seed: 6 });
    await windowTables(url);
  },
  variants: {
    ours: { title: 'the audit of the books, one pass', run: ours },
    sql: { title: 'one statement a rule', run: bySql },
  },
  figures: (results) => [
    ratio(results, { label: 'ours ÷ SQL', ours: 'ours', rival: 'sql', hold: { atLeast: 1.3 } }),
  ],
};
