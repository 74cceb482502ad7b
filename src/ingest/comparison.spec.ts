import { expect, it } from '@jest/globals';
import { mayWithdraw } from './comparison.js';

const limits = { withdrawFewRows: 5, withdrawRows: 100, withdrawPercent: 10 };

it.each([
  [5, 5, true],
  [6, 6, false],
  [6, 60, true],
  [7, 60, false],
  [100, 1_000, true],
  [101, 100_000, false],
])('%d of %d rows are withdrawn without a person: %s', (missing, standing, allowed) => {
  expect(mayWithdraw(missing, standing, limits)).toBe(allowed);
});
