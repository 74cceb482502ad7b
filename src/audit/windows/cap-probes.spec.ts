import { describe, expect, it } from '@jest/globals';
import type { ClaimEdges, PersonLines } from '../pass/probe.js';
import { UNIT } from '../scaled.js';
import { dayHoursProbe, dayTotalProbe, distinctDaysProbe, rollingProbe } from './cap-probes.js';

/** code, day, units, and where they differ from 0, claim and institution. */
type Line = readonly [code: number, day: number, units: number, claim?: number, at?: number];

const WHOLE: ClaimEdges = {
  ...{ admissionDay: -1, admissionHours: 24, dischargeDay: -1, dischargeHours: 24 },
};

function linesOf(lines: readonly Line[], edges: ClaimEdges = WHOLE): PersonLines {
  const column = (at: 0 | 1 | 2 | 3 | 4) => lines.map((line) => line[at] ?? 0);
  return {
    count: lines.length,
    code: Int32Array.from(column(0)),
    day: Int32Array.from(column(1)),
    quantity: Float64Array.from(column(2), (units) => units * UNIT),
    claim: Int32Array.from(column(3)),
    institution: Int32Array.from(column(4)),
    edgesOf: () => edges,
    stayDaysOf: () => 0,
  };
}
const limits = (limit: number) => Float64Array.of(0, limit, limit);

describe('units of a day', () => {
  const probe = dayTotalProbe(limits(2 * UNIT));
  it.each<[readonly Line[], boolean]>([
    [[[1, 5, 2]], false],
    [[[1, 5, 2.0001]], true],
    [
      [
        [1, 5, 1],
        [1, 6, 2],
      ],
      false,
    ],
    [
      [
        [1, 5, 1],
        [1, 5, 1],
        [2, 5, 2],
      ],
      false,
    ],
    [
      [
        [1, 4, 1],
        [1, 5, 1],
        [1, 5, 1, 1, 1],
        [1, 5, 1],
      ],
      true,
    ],
  ])('%j: %s', (lines, found) => {
    expect(probe(linesOf(lines))).toBe(found);
  });
});

describe('hours of a day', () => {
  it.each<[readonly Line[], boolean]>([
    [[[1, 5, 24]], false],
    [[[1, 5, 25]], true],
    [
      [
        [1, 5, 3],
        [1, 6, 21],
      ],
      false,
    ],
    [
      [
        [1, 5, 3],
        [1, 6, 22],
      ],
      true,
    ],
    [
      [
        [1, 5, 3],
        [1, 7, 22],
      ],
      false,
    ],
  ])('%j: %s', (lines, found) => {
    expect(dayHoursProbe(limits(24 * UNIT), false)(linesOf(lines))).toBe(found);
  });

  it.each<[number, boolean, boolean]>([
    [10, true, false],
    [11, true, true],
    [11, false, false],
  ])('%d hours on a day of discharge at ten, actual hours %s: %s', (hours, actual, found) => {
    const edges = { ...WHOLE, dischargeDay: 5, dischargeHours: 10 };
    expect(dayHoursProbe(limits(24 * UNIT), actual)(linesOf([[1, 5, hours]], edges))).toBe(found);
  });

  it('holds what stays of one day between admission and discharge', () => {
    const edges = { admissionDay: 5, admissionHours: 16, dischargeDay: 5, dischargeHours: 12 };
    const probe = dayHoursProbe(limits(24 * UNIT), true);
    expect([4, 5].map((hours) => probe(linesOf([[1, 5, hours]], edges)))).toEqual([false, true]);
  });
});

describe('units of a cycle', () => {
  const probe = rollingProbe(limits(2 * UNIT), limits(15));
  it.each<[string, readonly Line[], boolean]>([
    [
      'as many as allowed',
      [
        [1, 0, 1],
        [1, 14, 1],
      ],
      false,
    ],
    [
      'more within the days after',
      [
        [1, 0, 1],
        [1, 10, 1],
        [1, 14, 1],
      ],
      true,
    ],
    [
      'more, before and after the middle one',
      [
        [1, 0, 1],
        [1, 10, 1],
        [1, 20, 1],
      ],
      true,
    ],
    [
      'more, too far apart',
      [
        [1, 0, 1],
        [1, 15, 1],
        [1, 30, 1],
      ],
      false,
    ],
    [
      'of two items',
      [
        [1, 0, 2],
        [2, 0, 2],
      ],
      false,
    ],
  ])('%s', (_, lines, found) => {
    expect(probe(linesOf(lines))).toBe(found);
  });
});

describe('days of a course', () => {
  const probe = distinctDaysProbe(limits(2));
  it.each<[readonly Line[], boolean]>([
    [
      [
        [1, 1, 1],
        [1, 1, 1],
        [1, 9, 1],
      ],
      false,
    ],
    [
      [
        [1, 1, 1],
        [1, 5, 1],
        [1, 9, 1],
      ],
      true,
    ],
    [
      [
        [1, 1, 1],
        [1, 5, 1],
        [2, 9, 1],
      ],
      false,
    ],
  ])('%j: %s', (lines, found) => {
    expect(probe(linesOf(lines))).toBe(found);
  });
});
