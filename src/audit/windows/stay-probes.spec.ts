import { describe, expect, it } from '@jest/globals';
import type { PersonLines } from '../pass/probe.js';
import { UNIT } from '../scaled.js';
import { bundleProbe } from './bundle-probe.js';
import { companionProbe } from './companion-probe.js';
import { claimTotalProbe, stayDaysProbe } from './stay-probes.js';

/** code, day, units, claim; by code, then day, as a pass gives them. */
type Line = readonly [code: number, day: number, units: number, claim?: number];

function linesOf(lines: readonly Line[], stayDays = 3): PersonLines {
  const column = (at: 0 | 1 | 2 | 3) => lines.map((line) => line[at] ?? 0);
  return {
    count: lines.length,
    code: Int32Array.from(column(0)),
    day: Int32Array.from(column(1)),
    quantity: Float64Array.from(column(2), (units) => units * UNIT),
    claim: Int32Array.from(column(3)),
    institution: new Int32Array(lines.length),
    edgesOf: () => ({
      ...{ admissionDay: -1, admissionHours: 24, dischargeDay: -1, dischargeHours: 24 },
    }),
    stayDaysOf: () => stayDays,
  };
}

describe('days of a stay', () => {
  // Codes 1 and 2 are of one group, 3 of another.
  const groups = { groupOf: Int32Array.of(0, 1, 1, 2), extraDays: 0, oneLevelPerDay: true };
  const probe = stayDaysProbe(groups);
  it.each<[string, readonly Line[], number, boolean]>([
    ['as many as there are', [[1, 5, 3]], 3, false],
    ['one too many', [[1, 5, 4]], 3, true],
    [
      'of two items together',
      [
        [1, 5, 2],
        [2, 7, 2],
      ],
      3,
      true,
    ],
    [
      'of two groups apart',
      [
        [1, 5, 3],
        [3, 5, 3],
      ],
      3,
      false,
    ],
    [
      'of two stays apart',
      [
        [1, 5, 3, 0],
        [1, 5, 3, 1],
      ],
      3,
      false,
    ],
    [
      'two levels on one day',
      [
        [1, 5, 1],
        [2, 5, 1],
      ],
      3,
      true,
    ],
    [
      'one level a day',
      [
        [1, 5, 1],
        [2, 6, 1],
      ],
      3,
      false,
    ],
    ['not known', [[1, 5, 1]], 0, true],
  ])('%s', (_name, lines, days, found) => {
    expect(probe(linesOf(lines, days))).toBe(found);
  });

  it('lets levels meet where only the stay counts', () => {
    const lines = linesOf([
      [1, 5, 1],
      [2, 5, 1],
    ]);
    expect(stayDaysProbe({ ...groups, oneLevelPerDay: false })(lines)).toBe(false);
  });
});

describe('units of a claim', () => {
  it.each<[readonly Line[], boolean]>([
    [
      [
        [1, 5, 2, 0],
        [2, 9, 1, 0],
      ],
      false,
    ],
    [
      [
        [1, 5, 2, 0],
        [2, 9, 2, 0],
      ],
      true,
    ],
    [
      [
        [1, 5, 2, 0],
        [2, 9, 2, 1],
      ],
      false,
    ],
  ])('%j', (lines, found) => {
    expect(claimTotalProbe(3 * UNIT)(linesOf(lines))).toBe(found);
  });
});

describe('what an item needs', () => {
  const probe = (maxRatio: number | null) =>
    companionProbe([{ code: 1, required: new Set([2]), maxRatio }]);
  it.each<[string, number | null, readonly Line[], boolean]>([
    ['is not there', null, [[1, 5, 1]], true],
    [
      'is there',
      null,
      [
        [1, 5, 9],
        [2, 5, 1],
      ],
      false,
    ],
    [
      'is there on another day',
      null,
      [
        [1, 5, 1],
        [2, 6, 1],
      ],
      true,
    ],
    [
      'is enough',
      1,
      [
        [1, 5, 2],
        [2, 5, 2],
      ],
      false,
    ],
    [
      'is not enough',
      1,
      [
        [1, 5, 2.0001],
        [2, 5, 2],
      ],
      true,
    ],
    ['does not concern others', null, [[2, 5, 1]], false],
  ])('%s', (_name, maxRatio, lines, found) => {
    expect(probe(maxRatio)(linesOf(lines))).toBe(found);
  });
});

describe('parts of a bundle on a day', () => {
  const probe = bundleProbe([{ members: new Set([1, 2, 3]), minMembers: 2 }]);
  it.each<[readonly Line[], boolean]>([
    [[[1, 5, 9]], false],
    [
      [
        [1, 5, 1],
        [3, 5, 1],
      ],
      true,
    ],
    [
      [
        [1, 5, 1],
        [3, 6, 1],
      ],
      false,
    ],
    [
      [
        [1, 5, 1],
        [4, 5, 1],
      ],
      false,
    ],
  ])('%j', (lines, found) => {
    expect(probe(linesOf(lines))).toBe(found);
  });
});
