import { describe, expect, it } from '@jest/globals';
import type { ClaimEdges, PersonLines } from '../pass/probe.js';
import { UNIT } from '../scaled.js';
import { pairProbe, sameDayProbe } from './meeting-probes.js';

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

describe('an item and one that contains it', () => {
  const probe = pairProbe(new Map([[1, new Set([2])]]));
  it.each<[string, readonly Line[], boolean]>([
    [
      'on one day',
      [
        [1, 5, 1, 0],
        [2, 5, 1, 1],
      ],
      true,
    ],
    [
      'over midnight',
      [
        [1, 5, 1, 0],
        [2, 6, 1, 1],
      ],
      true,
    ],
    [
      'two days apart',
      [
        [1, 5, 1, 0],
        [2, 7, 1, 1],
      ],
      false,
    ],
    [
      'two days apart in one claim',
      [
        [1, 5, 1, 0],
        [2, 7, 1, 0],
      ],
      true,
    ],
    [
      'at two institutions',
      [
        [1, 5, 1, 0, 0],
        [2, 5, 1, 1, 1],
      ],
      false,
    ],
    [
      'alone',
      [
        [1, 5, 1],
        [1, 5, 1],
      ],
      false,
    ],
    [
      'the other way round',
      [
        [2, 5, 1],
        [3, 5, 1],
      ],
      false,
    ],
  ])('%s', (_, lines, found) => {
    expect(probe(linesOf(lines))).toBe(found);
  });
});

describe('two operations', () => {
  it.each<[readonly Line[], boolean]>([
    [
      [
        [1, 5, 1],
        [2, 5, 1],
      ],
      true,
    ],
    [
      [
        [1, 5, 1],
        [1, 5, 1],
      ],
      false,
    ],
    [
      [
        [1, 5, 1],
        [2, 6, 1],
      ],
      false,
    ],
    [
      [
        [1, 5, 1, 0, 0],
        [2, 5, 1, 0, 1],
      ],
      false,
    ],
  ])('%j: %s', (lines, found) => {
    expect(sameDayProbe(linesOf(lines))).toBe(found);
  });
});
