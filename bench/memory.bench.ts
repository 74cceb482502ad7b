import { optionsOf } from './data/hospital.js';
import { monthIn, pulledMonth } from './data/month.js';
import {
  type Bench,
  figureOf,
  median,
  perSecond,
  type Results,
  type RoundContext,
} from './harness/bench.js';
import { urlOf } from './harness/database.js';
import { psqlMissing } from './harness/psql.js';

/** B9: four times the rows in the same memory and at the same speed. */

const pulled = (name: string) => (context: RoundContext) =>
  pulledMonth(context, {
    connector: 'postgres',
    options: optionsOf(urlOf(context.url, `his_${name}`)),
  }).then((outcome) => ({ ...outcome, result: null }));

function quotient(results: Results, of: 'peakRssMb' | 'throughput'): number {
  const middle = (name: string) =>
    median(
      (results[name] ?? []).map((each) => (of === 'peakRssMb' ? each.peakRssMb : perSecond(each))),
    );
  return middle('large') / middle('small');
}

export const bench: Bench = {
  code: 'B9',
  title: 'memory and linearity',
  unit: 'rows',
  missing: async () => psqlMissing(),
  async prepare(context) {
    await monthIn(context, 'b9s', context.quick ? 52_000 : 500_000);
    await monthIn(context, 'b9l', context.quick ? 104_000 : 2_000_000);
  },
  variants: {
    small: { title: 'pull of 0.5 M rows', run: pulled('b9s') },
    large: { title: 'pull of 2 M rows', run: pulled('b9l') },
  },
  figures: (results) => [
    {
      ...{ label: 'B9 peak RSS of 2 M ÷ 0.5 M', value: quotient(results, 'peakRssMb') },
      ...{ range: null, hold: { atMost: 1.15 }, places: 2 },
    },
    figureOf(results['large'], {
      ...{ label: 'B9 peak RSS of 2 M, MB', of: ({ peakRssMb }) => peakRssMb },
      ...{ hold: { atMost: 256 }, places: 0 },
    }),
    {
      ...{ label: 'B9 throughput of 2 M ÷ 0.5 M', value: quotient(results, 'throughput') },
      ...{ range: null, hold: { atLeast: 0.95 }, places: 2 },
    },
  ],
};
