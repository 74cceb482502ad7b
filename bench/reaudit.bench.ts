import { compileAudit } from '../src/audit/compile.js';
import { PersonPass } from '../src/audit/pass/person-pass.js';
import { readPass } from '../src/audit/pass/person-pass.repository.js';
import { createPool } from '../src/database/pool.client.js';
import { loadKnowledgeBase } from '../src/knowledge/knowledge.loader.js';
import { BOOKS, booksIn } from './data/books.js';
import { HitWriter } from './data/hit-writer.js';
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
 * B5: a stored month read, put under twenty rules, and every hit stored as a row: the pass that the audit of the books makes over
 * everybody, against one SQL statement. What the audit does afterwards with the facts of those who were hit — evidence, consolidation,
 * money — no statement does, and is B5a's business.
 */

const DATABASE = 'b5';
const linesOf = ({ quick }: BenchContext): number => (quick ? 24_000 : 2_000_000);

async function emptied(url: string): Promise<void> {
  await once(
    url,
    `DROP TABLE IF EXISTS hit; CREATE TABLE hit (rule smallint NOT NULL, institution text NOT NULL, claim_no text NOT NULL, line_no text NOT NULL)`,
  );
}

async function stored(context: RoundContext, url: string): Promise<Outcome> {
  const { hits, digest } = await once(
    url,
    `SELECT count(*) AS hits, count(DISTINCT rule) || ' ' || count(*) || ' ' ||
       sum(hashtextextended(rule || ' ' || institution || ' ' || claim_no || ' ' || line_no, 0)::numeric) AS digest FROM hit`,
  );
  return { units: linesOf(context), result: String(digest), extra: { hits: Number(hits) } };
}

async function ours(context: RoundContext): Promise<Outcome> {
  const url = urlOf(context.url, DATABASE);
  await emptied(url);
  const knowledge = loadKnowledgeBase();
  const audit = compileAudit(twentyRules(knowledge), knowledge);
  // Rules stand in the order of their ids; the rivals count them as they were written.
  const order = twentyRules(knowledge).rules.map(({ id }) => id);
  if (audit.rules.some(({ rule }, position) => order[position] !== rule.id))
    throw new Error('rules out of order');
  const pool = createPool(url, 2);
  const [reader, writer] = [await pool.connect(), await pool.connect()];
  try {
    await context.measure(async () => {
      const hits = new HitWriter(writer, 'hit');
      const pass = new PersonPass(audit, (rule, claim, scanner) => sink(rule, claim, scanner));
      const sink = hits.sink(pass.claims);
      const span = { consortium: BOOKS.consortium, months: [BOOKS.month], lookbackDays: 31 };
      const whose = { bucket: 0, buckets: 1 };
      const signal = new AbortController().signal;
      await reader.query(
        'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL enable_nestloop = off',
      );
      await readPass(reader, { ...span, whose }, pass, { signal, afterChunk: () => hits.flush() });
      await hits.end();
      await reader.query('ROLLBACK');
    });
  } finally {
    reader.release(true);
    writer.release(true);
    await pool.end();
  }
  return stored(context, url);
}

function bySql(make: (select: string) => string) {
  return async (context: RoundContext): Promise<Outcome> => {
    const url = urlOf(context.url, DATABASE);
    await emptied(url);
    const select = hitsStatement(plainRules(loadKnowledgeBase()), BOOKS.consortium);
    // As ours does: of tables just filled the planner would take nested loops, at three times the cost.
    await context.measure(() => once(url, `SET enable_nestloop = off; ${make(select)}`));
    return stored(context, url);
  };
}

export const bench: Bench = {
  code: 'B5',
  title: 're-audit',
  unit: 'lines',
  async prepare(context) {
    const knowledge = loadKnowledgeBase();
    const url = await migrated(context.url, DATABASE);
    await booksIn(url, { lines: linesOf(context), items: itemList(knowledge, 1 / 3), seed: 5 });
    await once(url, flagTable(plainRules(knowledge)));
  },
  variants: {
    ours: { title: 'one pass in numbers, hits by COPY', run: ours },
    insert: {
      title: 'INSERT … SELECT, one statement',
      run: bySql((select) => `INSERT INTO hit ${select}`),
    },
    create: {
      title: 'CREATE TABLE AS, which PostgreSQL may run in parallel',
      run: bySql((select) => `DROP TABLE hit; CREATE TABLE hit AS ${select}`),
    },
  },
  figures: (results) => [
    ratio(results, {
      label: 'ours ÷ INSERT',
      ours: 'ours',
      rival: 'insert',
      hold: { atLeast: 1.5 },
    }),
    ratio(results, { label: 'ours ÷ CREATE TABLE AS', ours: 'ours', rival: 'create', hold: null }),
  ],
};
