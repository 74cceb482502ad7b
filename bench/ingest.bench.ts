import { optionsOf } from './data/hospital.js';
import { monthIn, pipedMonth, pulledMonth } from './data/month.js';
import {
  type Bench,
  type BenchContext,
  type Figure,
  type Measurement,
  median,
  type RoundContext,
  ratio,
} from './harness/bench.js';
import { urlOf } from './harness/database.js';
import { psqlMissing } from './harness/psql.js';

/**
 * B1 and B1b: a month of fee lines of a hospital on PostgreSQL, pulled by the product — control totals, reading in order, mapping, checks,
 * codes, rejects, raw archive, journal — against the bare pipe of the rows that come of it. The pull ends with the key built and the
 * partition in its place; that part is taken out for B1 and left in for B1b.
 */

const rowsOf = ({ quick }: BenchContext) => (quick ? 60_000 : 2_000_000);

const pulled = (read: 'copy' | 'cursor') => (context: RoundContext) => {
  const options = optionsOf(urlOf(context.url, 'his_b1')).replace('{', `{ read: ${read},`);
  return pulledMonth(context, { connector: 'postgres', options });
};

const INDEXES = `ALTER TABLE copied ADD PRIMARY KEY (consortium, settled_on, institution, claim_no, line_no);
  CREATE INDEX ON copied USING brin (batch_id)`;

/** Rows a second up to the moment when all of them stand in the table, before its key is built. */
function landing({ units, wallSeconds, extra }: Measurement): number {
  return units / (wallSeconds - (extra?.['adoptionSeconds'] ?? 0));
}

function landedRatio(
  label: string,
  ours: readonly Measurement[] = [],
  pipe: readonly Measurement[] = [],
): Figure {
  const theirs = pipe.map(({ units, wallSeconds }) => units / wallSeconds);
  const pairs = ours.map((each, index) => landing(each) / (theirs[index] ?? Number.NaN));
  const value = median(ours.map(landing)) / median(theirs);
  const range: Figure['range'] = [Math.min(...pairs), Math.max(...pairs)];
  return { label, value, range, hold: { atLeast: 0.5 }, places: 2 };
}

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
    indexed: {
      title: 'psql COPY TO | COPY FROM, key and index live',
      run: (context) => pipedMonth(context, 'b1', { indexes: INDEXES }),
    },
  },
  figures: ({ copy, cursor, pipe, ...rest }) => [
    landedRatio('B1 read by COPY ÷ pipe', copy, pipe),
    landedRatio('B1 read by cursor ÷ pipe', cursor, pipe),
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
