import { createPool } from '../src/database/pool.client.js';
import { BookReader } from '../src/settlement/books.service.js';
import { ComparisonService, type WhatIf } from '../src/settlement/comparison.service.js';
import { DIP } from './data/dip-books.js';
import { countySite, settledCounty } from './data/settled-county.js';
import { type Bench, type BenchContext, figureOf, type RoundContext } from './harness/bench.js';
import { migrated, once, urlOf } from './harness/database.js';

/**
 * B7W: a settled county's year under another value, asked as `heyi settle what-if` asks: once a value that the stored facts serve, once a
 * scope under which every claim of the year is read and valued anew.
 */

const DATABASE = 'b7w';
const casesOf = ({ quick }: BenchContext): number => (quick ? 6_000 : 300_000);
const RUNS = 'SELECT count(*) AS runs FROM settlement_run';

interface Question {
  readonly parameter: string;
  readonly value: string;
  readonly facts: WhatIf['facts'];
  /** Whether any party gets another amount. */
  readonly differs: boolean;
}

/** @throws when the answer comes from elsewhere or is another than it must be, or something was written */
async function asked(
  { parameter, value, facts, differs }: Question,
  context: RoundContext,
): Promise<{ readonly units: number; readonly result: null }> {
  const url = urlOf(context.url, DATABASE);
  const site = countySite(context.folder);
  const before = await once(url, RUNS);
  const pool = createPool(url, 3);
  try {
    const comparison = new ComparisonService(pool, site, new BookReader(pool, site));
    const request = { consortium: DIP.consortium, run: '2024', overlays: [] };
    const settings = [{ parameter, value }];
    const found = await context.measure(() => comparison.whatIf({ ...request, settings }));
    const other = found.differences.some(({ difference }) => difference !== '0.00');
    if (found.facts !== facts || other !== differs || found.differences.length === 0)
      throw new Error(`${parameter}: from ${found.facts}, differs: ${other}`);
  } finally {
    await pool.end();
  }
  const after = await once(url, RUNS);
  if (after['runs'] !== before['runs']) throw new Error('a what-if was stored');
  return { units: casesOf(context), result: null };
}

const asking = (title: string, question: Question) => ({
  title,
  run: (context: RoundContext) => asked(question, context),
});

export const bench: Bench = {
  code: 'B7W',
  title: 'what-if of a year',
  unit: 'cases',
  async prepare(context) {
    const url = await migrated(context.url, DATABASE);
    await settledCounty(url, countySite(context.folder), casesOf(context));
  },
  variants: {
    parameter: asking('another rate, from the stored facts', {
      ...{ parameter: 'deposit.rate', value: '0.04', facts: 'stored', differs: true },
    }),
    books: asking('another scope, every case read and valued anew', {
      ...{ parameter: 'scope.dual_channel', value: 'outpatient', facts: 'books', differs: false },
    }),
  },
  figures: (results) => [
    figureOf(results['parameter'], {
      ...{ label: 'another rate, seconds', of: ({ wallSeconds }) => wallSeconds },
      hold: { atMost: 2 },
    }),
    figureOf(results['books'], {
      ...{ label: 'another scope, seconds', of: ({ wallSeconds }) => wallSeconds },
      hold: { atMost: 10 },
    }),
  ],
};
