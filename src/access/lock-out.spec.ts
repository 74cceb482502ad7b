import { describe, expect, it } from '@jest/globals';
import { lockSeconds } from './lock-out.js';

const RULES = { freeFailures: 5, firstSeconds: 5, mostSeconds: 900 };

describe('lockSeconds', () => {
  it.each([
    [1, 0],
    [5, 0],
    [6, 5],
    [7, 10],
    [8, 20],
    [13, 640],
    [14, 900],
    [10_000, 900],
  ])('after %d failures: %d', (failures, seconds) => {
    expect(lockSeconds(failures, RULES)).toBe(seconds);
  });
});
