import { casesOfBooks } from '../src/settlement/dip-cases.repository.js';
import { staysIn } from './data/dip-books.js';
import { emptied, QUESTION, scored } from './data/dip-settlement.js';
import {
  type Bench,
  type BenchContext,
  figureOf,
  type Measurement,
  median,
  type Results,
  type RoundContext,
} from './harness/bench.js';
import { migrated, once, urlOf } from './harness/database.js';

/**
 * B7L: a settlement's work on cases, from the claims of the books to each member's part of its pool, over years of growing size. The time of
 * a case and the memory must not grow with them.
 */

const SIZES = { small: 100_000, middle: 1_000_000, large: 3_000_000 } as const;
const QUICK = { small: 2_000, middle: 8_000, large: 24_000 } as const;
const RUN = '1';

type Size = keyof typeof SIZES;
const ALL = ['small', 'middle', 'large'] as const;
const casesOf = (size: Size, { quick }: BenchContext): number => (quick ? QUICK : SIZES)[size];
const databaseOf = (size: Size): string => `b7l_${size}`;

/** @throws when a case was left out */
async function settled(size: Size, context: RoundContext) {
  const url = urlOf(context.url, databaseOf(size));
  await emptied(url);
  const query = casesOfBooks(QUESTION);
  await context.measure(() => scored(url, { runId: RUN, query }));
  const units = casesOf(size, context);
  const { cases } = await once(url, 'SELECT count(*) AS cases FROM dip_case');
  if (Number(cases) !== units) throw new Error(`${String(cases)} of ${units} cases`);
  return { units, result: null };
}

const settling = (size: Size) => ({
  title: `${SIZES[size] / 1_000_000} M cases`,
  run: (context: RoundContext) => settled(size, context),
});

const microseconds = ({ wallSeconds, units }: Measurement): number => (wallSeconds / units) * 1e6;
const megabytes = ({ peakRssMb }: Measurement): number => peakRssMb;

/** What it costs in the largest year ÷ in a smaller one. */
function quotient(results: Results, of: (round: Measurement) => number, smaller: Size) {
  const middle = (size: Size) => median((results[size] ?? []).map(of));
  const value = middle('large') / middle(smaller);
  return { value, range: null, places: 2, hold: { atMost: 1.15 } };
}

export const bench: Bench = {
  code: 'B7L',
  title: 'settlement, linearity',
  unit: 'cases',
  async prepare(context) {
    for (const size of ALL)
      await staysIn(await migrated(context.url, databaseOf(size)), casesOf(size, context));
  },
  variants: { small: settling('small'), middle: settling('middle'), large: settling('large') },
  figures: (results) => [
    { label: 'µs a case, 3 M ÷ 0.1 M', ...quotient(results, microseconds, 'small') },
    { label: 'µs a case, 3 M ÷ 1 M', ...quotient(results, microseconds, 'middle') },
    { label: 'peak RSS, 3 M ÷ 1 M', ...quotient(results, megabytes, 'middle') },
    ...ALL.flatMap((size) => [
      figureOf(results[size], {
        ...{ label: `µs a case of ${SIZES[size] / 1_000_000} M`, of: microseconds },
      }),
      figureOf(results[size], {
        ...{ label: `peak RSS of ${SIZES[size] / 1_000_000} M, MB`, of: megabytes, places: 0 },
      }),
    ]),
  ],
};
