import { auditBooks } from '../src/audit/audit-books.repository.js';
import { digestOf } from '../src/audit/audit-claims.js';
import { compileAudit } from '../src/audit/compile.js';
import { insertRun, replaceResults } from '../src/audit/finding.repository.js';
import { createPool } from '../src/database/pool.client.js';
import { withTransaction } from '../src/database/transaction.repository.js';
import { loadKnowledgeBase } from '../src/knowledge/knowledge.loader.js';
import { BOOKS, booksIn } from './data/books.js';
import { itemList } from './data/item-list.js';
import { plainRules } from './data/plain-rules.js';
import { flagTable, hitsStatement } from './data/sql-rules.js';
import { twentyRules } from './data/twenty-rules.js';
import {
  type Bench,
  type BenchContext,
  type Outcome,
  type RoundContext,
  ratio,
} from './harness/bench.js';
import { migrated, once, urlOf } from './harness/database.js';

/**
 * B5a: the audit of the books whole — every finding with its evidence, its place among the others and its money, and what the rules
 * looked at — against one statement that stores the bare hits. About two lines in a thousand are hit, as in a county's books.
 */

const DATABASE = 'b5a';
const linesOf = ({ quick }: BenchContext): number => (quick ? 24_000 : 2_000_000);

async function ours(context: RoundContext): Promise<Outcome> {
  const knowledge = loadKnowledgeBase();
  const audit = compileAudit(sparse(knowledge), knowledge);
  const request = { consortium: BOOKS.consortium, months: [BOOKS.month], persons: null };
  const pool = createPool(urlOf(context.url, DATABASE), 2);
  try {
    const { findings } = await context.measure(async () => {
      const books = await withTransaction(pool, (client) =>
        auditBooks(client, audit, request, new AbortController().signal),
      );
      await withTransaction(pool, async (client) => {
        const amountFen = books.findings.reduce((total, each) => total + each.amountFen, 0n);
        const runId = await insertRun(client, {
          ...{ ...request, persons: null, throughBatch: books.throughBatch, amountFen },
          ...{ rulesDigest: audit.rulesDigest, knowledgeRelease: audit.knowledgeRelease },
          ...{ resultDigest: digestOf(books.findings), findings: books.findings.length },
          ...{ claims: books.claims, lines: books.lines },
        });
        await replaceResults(client, { ...request, runId, ...books });
      });
      return books;
    });
    return { units: linesOf(context), result: String(findings.length) };
  } finally {
    await pool.end();
  }
}

/** Findings on any amount, so that every hit is one. */
function sparse(knowledge: ReturnType<typeof loadKnowledgeBase>) {
  const book = twentyRules(knowledge);
  const settings = { ...book.settings, minAmount: 0n as typeof book.settings.minAmount };
  return { ...book, rules: book.rules.filter(({ id }) => id.startsWith('CAT')), settings };
}

const shipped = () => plainRules(loadKnowledgeBase()).filter(({ id }) => id.startsWith('CAT'));

async function bySql(context: RoundContext): Promise<Outcome> {
  const url = urlOf(context.url, DATABASE);
  await once(
    url,
    'DROP TABLE IF EXISTS hit; CREATE TABLE hit (rule smallint NOT NULL, institution text NOT NULL, claim_no text NOT NULL, line_no text NOT NULL)',
  );
  const select = hitsStatement(shipped(), BOOKS.consortium);
  await context.measure(() => once(url, `SET enable_nestloop = off; INSERT INTO hit ${select}`));
  const { hits } = await once(url, 'SELECT count(*) AS hits FROM hit');
  return { units: linesOf(context), result: String(hits) };
}

export const bench: Bench = {
  code: 'B5a',
  title: 're-audit, whole',
  unit: 'lines',
  async prepare(context) {
    const knowledge = loadKnowledgeBase();
    const url = await migrated(context.url, DATABASE);
    await booksIn(url, { lines: linesOf(context), items: itemList(knowledge, 1 / 200), seed: 7 });
    await once(url, flagTable(shipped()));
  },
  variants: {
    ours: { title: 'seven shipped rules, findings stored', run: ours },
    sql: { title: 'INSERT … SELECT of the bare hits', run: bySql },
  },
  figures: (results) => [
    ratio(results, {
      label: 'findings ÷ bare hits by SQL',
      ours: 'ours',
      rival: 'sql',
      hold: null,
    }),
  ],
};
