import { PersonPass } from '../src/audit/pass/person-pass.js';
import { readPass } from '../src/audit/pass/person-pass.repository.js';
import { createPool } from '../src/database/pool.client.js';
import { BOOKS, booksIn } from './data/books.js';
import { flagTable, hitsStatement, sqlRules } from './data/check-sql.js';
import { countyIn, countyItems } from './data/county.js';
import { HitWriter } from './data/hit-writer.js';
import {
  type Bench,
  type BenchContext,
  figureOf,
  type Measurement,
  type Outcome,
  type RoundContext,
  ratio,
} from './harness/bench.js';
import { migrated, once, urlOf } from './harness/database.js';

/**
 * B5: stored lines read and put under every active rule, and every hit that a line and its claim decide stored as a row: the pass that the
 * audit of the books makes over everybody, against one SQL statement. Rules that look at more than a line are compiled in on our side and
 * gather the lines they will ask about; one statement cannot express them, so the rival goes without. What the audit does afterwards with
 * the facts of those who were hit — evidence, consolidation, money — no statement does, and is B5a's business.
 */

const DATABASE = 'b5';
const DENSITY = 1 / 3;
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
  const { audit } = countyIn(context.folder);
  const pool = createPool(url, 2);
  const [reader, writer] = [await pool.connect(), await pool.connect()];
  try {
    await context.measure(async () => {
      const hits = new HitWriter(writer, 'hit');
      const pass = new PersonPass(audit, (rule, claim, scanner) => sink(rule, claim, scanner));
      const sink = hits.sink(pass.claims);
      const span = { consortium: BOOKS.consortium, months: BOOKS.months, lookbackDays: 31 };
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
  const outcome = await stored(context, url);
  return { ...outcome, extra: { ...outcome.extra, rules: audit.rules.length } };
}

function bySql(make: (select: string) => string) {
  return async (context: RoundContext): Promise<Outcome> => {
    const url = urlOf(context.url, DATABASE);
    await emptied(url);
    const rules = sqlRules(countyIn(context.folder).audit);
    const select = hitsStatement(rules, BOOKS.consortium);
    // As ours does: of tables just filled the planner would take nested loops, at three times the cost.
    await context.measure(() => once(url, `SET enable_nestloop = off; ${make(select)}`));
    const outcome = await stored(context, url);
    return { ...outcome, extra: { ...outcome.extra, rules: rules.length } };
  };
}

export const bench: Bench = {
  code: 'B5',
  title: 're-audit',
  unit: 'lines',
  async prepare(context) {
    const url = await migrated(context.url, DATABASE);
    const items = countyItems(DENSITY);
    await booksIn(url, { lines: linesOf(context), items, seed: 5, months: BOOKS.months.length });
    await once(url, flagTable(sqlRules(countyIn(context.folder).audit)));
  },
  variants: {
    ours: { title: 'every active rule in one pass, hits of lines by COPY', run: ours },
    insert: {
      title: 'INSERT … SELECT of the rules that one statement can express',
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
    counted(results['ours'], 'active rules, ours', 'rules'),
    counted(results['insert'], 'of them in the statement', 'rules'),
    counted(results['ours'], 'hits stored', 'hits'),
  ],
};

function counted(rounds: readonly Measurement[] | undefined, label: string, name: string) {
  return figureOf(rounds, { label, of: ({ extra }) => extra?.[name] ?? 0, places: 0 });
}
