import { bookedFrom, wholeAudit } from './data/whole-audit.js';
import {
  type Bench,
  type BenchContext,
  figureOf,
  type Measurement,
  median,
  type Results,
} from './harness/bench.js';

/**
 * B5L: the audit of the books whole, every active rule, findings stored, over books of growing size. The time of a line and the memory must
 * not grow with them. A county's year is worked out from the largest.
 */

const SIZES = { small: 200_000, middle: 1_000_000, large: 5_000_000 } as const;
const QUICK = { small: 12_000, middle: 24_000, large: 60_000 } as const;
const YEAR_LINES = 30_000_000;

type Size = keyof typeof SIZES;
const linesOf = (size: Size, { quick }: BenchContext): number => (quick ? QUICK : SIZES)[size];
const databaseOf = (size: Size): string => `b5l_${size}`;

const audited = (size: Size) => ({
  title: `${(SIZES[size] / 1_000_000).toString()} M lines`,
  run: (context: Parameters<typeof wholeAudit>[0]) =>
    wholeAudit(context, databaseOf(size)).then((outcome) => ({ ...outcome, result: null })),
});

const microseconds = ({ wallSeconds, units }: Measurement): number => (wallSeconds / units) * 1e6;

function quotient(results: Results, of: (round: Measurement) => number, label: string) {
  const middle = (size: Size) => median((results[size] ?? []).map(of));
  return { label, value: middle('large') / middle('small'), range: null, places: 2 };
}

export const bench: Bench = {
  code: 'B5L',
  title: 're-audit, linearity',
  unit: 'lines',
  async prepare(context) {
    for (const size of ['small', 'middle', 'large'] as const)
      await bookedFrom(context, databaseOf(size), linesOf(size, context));
  },
  variants: { small: audited('small'), middle: audited('middle'), large: audited('large') },
  figures: (results) => [
    {
      ...quotient(results, microseconds, 'µs a line, 5 M ÷ 0.2 M'),
      hold: { atMost: 1.15 },
    },
    figureOf(results['small'], { label: 'µs a line of 0.2 M', of: microseconds }),
    figureOf(results['middle'], { label: 'µs a line of 1 M', of: microseconds }),
    figureOf(results['large'], { label: 'µs a line of 5 M', of: microseconds }),
    figureOf(results['large'], {
      ...{ label: 'peak RSS of 5 M, MB', of: ({ peakRssMb }) => peakRssMb },
      ...{ hold: { atMost: 512 }, places: 0 },
    }),
    figureOf(results['large'], {
      ...{ label: 'findings of 5 M', of: ({ extra }) => extra?.['findings'] ?? 0, places: 0 },
    }),
    figureOf(results['large'], {
      label: "a county's year of 30 M lines, minutes, by calculation",
      of: (round) => (microseconds(round) * YEAR_LINES) / 60e6,
      places: 1,
    }),
  ],
};
