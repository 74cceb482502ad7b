import { describe, expect, it } from '@jest/globals';
import type { ListFault } from './field-table.js';
import { listDifferences, rankedFaults } from './list-differences.js';

const standing = {
  ...{ institution: 'H1', waiting: 0, taken: 0, submitted: 5, rejected: 0, unknown: 0 },
  ...{ needed: 5, uploaded: 5 },
};
const fault = (field: string, row = 1): ListFault => ({
  ...{ section: 'setlinfo', row, field, message: '缺' },
});

describe('differences with the agency', () => {
  it('are none when everything is submitted and counted, and none are known before it was asked', () => {
    expect(listDifferences([standing])).toEqual([]);
    expect(listDifferences([{ ...standing, needed: null, uploaded: null }])).toEqual([]);
  });

  it('have a kind and a number each', () => {
    const found = listDifferences([
      { ...standing, needed: 9, uploaded: 7, waiting: 1, unknown: 2, rejected: 4, taken: 6 },
    ]);
    expect(found.map(({ kind, lists }) => [kind, lists])).toEqual([
      ['agency-lacks', 2],
      ['not-taken', 3],
      ['rejected', 4],
      ['not-submitted', 6],
    ]);
  });
});

describe('faults of many lists', () => {
  it('are counted by list, not by row, the most frequent first', () => {
    const table = [{ section: 'setlinfo', field: 'b', from: 'claim' }] as never;
    const lists = [{ faults: [fault('a'), fault('b')] }, { faults: [fault('b'), fault('b', 2)] }];
    expect(rankedFaults(lists, table)).toMatchObject([
      { field: 'b', lists: 2, supplemented: false },
      { field: 'a', lists: 1, supplemented: true },
    ]);
  });
});
