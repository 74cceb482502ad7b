import { optionsOf } from './data/hospital.js';
import { claimsOf, expectedHits, lineScreen, storedHits } from './data/line-rules.js';
import { landedRatio, monthIn, pipedMonth, pulledMonth } from './data/month.js';
import { type Bench, type BenchContext, type RoundContext, ratio } from './harness/bench.js';
import { urlOf } from './harness/database.js';
import { psqlMissing } from './harness/psql.js';

/**
 * B1, B1a and B1b: a month of fee lines of a hospital on PostgreSQL, pulled by the product — control totals, reading in order, mapping, checks,
 * codes, rejects, raw archive, journal (B1), and twenty rules with their hits (B1a) — against the bare pipe of the rows that come of it. The pull ends with the key built and the
 * partition in its place; that part is taken out for B1 and left in for B1b.
 */

const rowsOf = ({ quick }: BenchContext) => (quick ? 60_000 : 2_000_000);

const pulled = (read: 'copy' | 'cursor') => (context: RoundContext) => {
  const options = optionsOf(urlOf(context.url, 'his_b1')).replace('{', `{ read: ${read},`);
  return pulledMonth(context, { connector: 'postgres', options });
};

/** The same with twenty rules that look at every line; their hits, stored with each slice, are those that SQL finds. */
function audited(context: RoundContext) {
  const options = optionsOf(urlOf(context.url, 'his_b1'));
  return pulledMonth(context, {
    ...{ connector: 'postgres', options, screen: lineScreen },
    before: (url) => claimsOf(urlOf(context.url, 'rows_b1'), url),
    async after(url) {
      const [stored, expected] = [await storedHits(url), await expectedHits(url)];
      if (stored !== expected) throw new Error(`hits differ: ${stored} / ${expected}`);
    },
  });
}

const INDEXES = `ALTER TABLE copied ADD PRIMARY KEY (settled_on, claim_no, line_no, institution, consortium);
  CREATE INDEX ON copied USING brin (batch_id)`;

export const bench: Bench = {
  code: 'B1',
  title: 'ingest into a fresh partition',
  unit: 'rows',
  missing: async () => psqlMissing(),
  prepare: (context) => monthIn(context, 'b1', rowsOf(context)),
  variants: {
    copy: { title: 'pull, source read by COPY (the default)', run: pulled('copy') },
    pipe: {
      title: 'psql COPY TO | COPY FROM, no index',
      run: (context) => pipedMonth(context, 'b1'),
    },
    cursor: { title: 'pull, source read by a server-side cursor', run: pulled('cursor') },
    audited: { title: 'pull by COPY with twenty rules and their hits', run: audited },
    indexed: {
      title: 'psql COPY TO | COPY FROM, key and index live',
      run: (context) => pipedMonth(context, 'b1', { indexes: INDEXES }),
    },
  },
  figures: ({ copy, cursor, audited: withRules, pipe, ...rest }) => [
    landedRatio('B1 read by COPY ÷ pipe', 0.5, [copy, pipe]),
    landedRatio('B1 read by cursor ÷ pipe', 0.5, [cursor, pipe]),
    landedRatio('B1a with twenty rules ÷ pipe', 0.4, [withRules, pipe]),
    ratio(
      { ...rest, copy: copy ?? [] },
      {
        label: 'B1b indexed and attached ÷ pipe with live indexes',
        ours: 'copy',
        rival: 'indexed',
        hold: { atLeast: 1.5 },
      },
    ),
  ],
};
