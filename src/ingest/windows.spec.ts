import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addDays } from '../kernel/dates.js';
import { alignedWindow, type DayWindow, windowsAgain, windowsOfPart } from './windows.js';

const day = (number: number): string => addDays('2024-01-01', number);
const window = (from: number, to: number): DayWindow => ({ from: day(from), to: day(to) });

describe('a window that is asked for', () => {
  it.each([
    ['nothing was read', [], window(3, 5), window(3, 5)],
    ['it was read before', [window(3, 5)], window(3, 5), window(3, 5)],
    ['it contains what was read', [window(3, 4), window(4, 5)], window(2, 6), window(2, 6)],
    ['it lies within what was read', [window(0, 31)], window(3, 4), window(0, 31)],
    ['it cuts what was read', [window(0, 4)], window(3, 6), window(0, 6)],
    ['it touches what was read', [window(0, 3), window(6, 9)], window(3, 6), window(3, 6)],
    ['widening cuts another', [window(0, 4), window(5, 9)], window(3, 6), window(0, 9)],
  ])('when %s', (_, known, asked, expected) => {
    expect(alignedWindow(asked, known)).toEqual(expected);
  });

  it('is looked at again in the windows it was read in', () => {
    expect(windowsAgain(window(28, 33), [window(0, 31), window(31, 32)])).toEqual([
      window(0, 31),
      window(31, 32),
      window(32, 33),
    ]);
  });
});

describe('a stretch that is looked at in parts', () => {
  it('is looked at whole, each window once, whatever was read before', () => {
    const span = fc
      .tuple(fc.nat(40), fc.integer({ min: 1, max: 12 }))
      .map(([from, days]) => window(from, from + days));
    fc.assert(
      fc.property(
        fc.array(span, { maxLength: 6 }),
        span,
        fc.integer({ min: 1, max: 9 }),
        (cut, stretch, days) => {
          const known: DayWindow[] = [];
          for (const each of cut) known.push(alignedWindow(each, known));
          const all = windowsAgain(stretch, known);
          const parts: DayWindow[] = [];
          for (let from = stretch.from; from < stretch.to; from = addDays(from, days))
            parts.push({ from, to: addDays(from, days) });
          expect(parts.flatMap((part) => windowsOfPart(all, { stretch, part }))).toEqual(all);
        },
      ),
    );
  });
});

describe('adding up what was read', () => {
  /** A source that changes between pulls, and batches that keep what they counted. */
  const step = fc.oneof(
    fc.record({ pull: fc.tuple(fc.nat(30), fc.integer({ min: 1, max: 12 })) }),
    fc.record({ pay: fc.tuple(fc.nat(40), fc.integer({ min: -500, max: 500 })) }),
  );

  it('gives the truth of every day that was read last, whatever the sequence of overlapping pulls', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const source = new Map<string, number>();
        const seen = new Map<string, number>(); // each day as it was when last read
        const batches: { window: DayWindow; sum: number }[] = [];
        const pay = ([number, fen]: readonly [number, number]) =>
          source.set(day(number), (source.get(day(number)) ?? 0) + fen);
        const pull = ([from, days]: readonly [number, number]) => {
          const known = batches.map((batch) => batch.window);
          const read = alignedWindow(window(from, from + days), known);
          batches.push({ window: read, sum: sumOf(source, read) });
          for (let on = read.from; on < read.to; on = addDays(on, 1))
            seen.set(on, source.get(on) ?? 0);
        };
        for (const each of steps) {
          if ('pull' in each) pull(each.pull);
          else pay(each.pay);
        }
        expect(counted(batches)).toBe(sumOf(seen, window(0, 400)));
      }),
    );
  });
});

function sumOf(amounts: ReadonlyMap<string, number>, { from, to }: DayWindow): number {
  return [...amounts].reduce((sum, [on, fen]) => (on >= from && on < to ? sum + fen : sum), 0);
}

/** As reconciliation counts: the last read of each window, and none that lies inside another. */
function counted(batches: readonly { window: DayWindow; sum: number }[]): number {
  const last = new Map(batches.map((batch) => [`${batch.window.from}/${batch.window.to}`, batch]));
  const current = [...last.values()];
  return current
    .filter(
      ({ window: { from, to } }) =>
        !current.some(
          ({ window: other }) =>
            other.from <= from && other.to >= to && (other.from !== from || other.to !== to),
        ),
    )
    .reduce((sum, batch) => sum + batch.sum, 0);
}
