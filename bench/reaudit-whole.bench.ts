import { BOOKS } from './data/books.js';
import { flagTable, hitsStatement, sqlRules } from './data/check-sql.js';
import { countyIn } from './data/county.js';
import { bookedFrom, wholeAudit } from './data/whole-audit.js';
import {
  type Bench,
  type BenchContext,
  figureOf,
  type Outcome,
  type RoundContext,
  ratio,
} from './harness/bench.js';
import { once, urlOf } from './harness/database.js';

/**
 * B5a: the audit of the books whole under every active rule — every finding with its evidence, its place among the others and its money, and
 * what the rules looked at — against one statement that stores the bare hits of those rules that it can express. A few lines in a thousand
 * are hit, as in a county's books.
 */

const DATABASE = 'b5a';
const linesOf = ({ quick }: BenchContext): number => (quick ? 24_000 : 2_000_000);

/** Findings and bare hits cannot be the same: their numbers are shown. */
const ours = (context: RoundContext): Promise<Outcome> =>
  wholeAudit(context, DATABASE).then((outcome) => ({ ...outcome, result: null }));

async function bySql(context: RoundContext): Promise<Outcome> {
  const url = urlOf(context.url, DATABASE);
  await once(
    url,
    'DROP TABLE IF EXISTS hit; CREATE TABLE hit (rule smallint NOT NULL, institution text NOT NULL, claim_no text NOT NULL, line_no text NOT NULL)',
  );
  const select = hitsStatement(sqlRules(countyIn(context.folder).audit), BOOKS.consortium);
  await context.measure(() => once(url, `SET enable_nestloop = off; INSERT INTO hit ${select}`));
  const { hits } = await once(url, 'SELECT count(*) AS hits FROM hit');
  return { units: linesOf(context), result: null, extra: { hits: Number(hits) } };
}

export const bench: Bench = {
  code: 'B5a',
  title: 're-audit, whole',
  unit: 'lines',
  async prepare(context) {
    const url = await bookedFrom(context, DATABASE, linesOf(context));
    await once(url, flagTable(sqlRules(countyIn(context.folder).audit)));
  },
  variants: {
    ours: { title: 'every active rule, findings stored', run: ours },
    sql: { title: 'INSERT … SELECT of the bare hits that one statement can find', run: bySql },
  },
  figures: (results) => [
    ratio(results, {
      ...{ label: 'findings of all rules ÷ bare hits by SQL', ours: 'ours', rival: 'sql' },
      hold: null,
    }),
    figureOf(results['ours'], {
      ...{ label: 'findings stored', of: ({ extra }) => extra?.['findings'] ?? 0, places: 0 },
    }),
    figureOf(results['sql'], {
      ...{ label: 'bare hits by SQL', of: ({ extra }) => extra?.['hits'] ?? 0, places: 0 },
    }),
  ],
};
