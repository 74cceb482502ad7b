import { describe, expect, it } from '@jest/globals';
import { NO_ROWS } from './batch.js';
import { compareTotals } from './control-totals.js';

const counts = {
  ...NO_ROWS,
  landedRows: 9,
  quarantinedRows: 1,
  landedFen: 900n,
  quarantinedFen: 100n,
};

describe('control totals', () => {
  it.each<[number | null, bigint | null, string]>([
    [10, 1000n, 'complete'],
    [10, null, 'complete'], // a stream without money
    [11, 1000n, 'incomplete'],
    [9, 1000n, 'incomplete'],
    [10, 1001n, 'incomplete'],
    [null, 1000n, 'incomplete'], // a source that cannot count proves nothing
  ])('%s rows and %s fen at the source: %s', (rows, amountFen, state) => {
    expect(compareTotals({ rows, amountFen }, counts).state).toBe(state);
  });

  it('tells nothing there from nothing read', () => {
    expect(compareTotals({ rows: 0, amountFen: 0n }, NO_ROWS).state).toBe('empty');
    expect(compareTotals({ rows: 1, amountFen: 0n }, NO_ROWS).state).toBe('incomplete');
  });
});
