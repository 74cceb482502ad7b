import { describe, expect, it } from '@jest/globals';
import { fen, ZERO_FEN } from '../kernel/money.js';
import type { BatchFacts, MonthFacts } from './facts.js';
import { sourceDifferences } from './source-differences.js';

const LEAD = 'H46020000001';

const nothing: MonthFacts = {
  batches: [],
  standing: [],
  quarantined: [],
  late: [],
  adjusted: [],
  refunds: [],
  books: [],
  declarations: [],
  unbalanced: [],
  disputed: [],
  unsettled: [],
};

const batch = (changes: Partial<BatchFacts> = {}): BatchFacts => ({
  institution: LEAD,
  unit: '2024-03-01/2024-04-01',
  state: 'complete',
  sourceRows: 3,
  sourceFen: fen(300n),
  landedRows: 3,
  landedFen: fen(300n),
  quarantinedRows: 0,
  quarantinedFen: ZERO_FEN,
  repeatedRows: 0,
  ...changes,
});

const standing = (claims: number, totalFee: bigint) => [
  { institution: LEAD, claims, totalFeeFen: fen(totalFee) },
];

const kinds = (facts: Partial<MonthFacts>) =>
  sourceDifferences({ ...nothing, ...facts }).map(({ kind }) => kind);

describe('source ↔ gateway', () => {
  it.each<[string, Partial<MonthFacts>, readonly string[]]>([
    ['whole', { batches: [batch()], standing: standing(3, 300n) }, []],
    [
      'nothing there',
      {
        batches: [
          batch({
            state: 'empty',
            sourceRows: 0,
            sourceFen: ZERO_FEN,
            landedRows: 0,
            landedFen: ZERO_FEN,
          }),
        ],
      },
      [],
    ],
    [
      'rows missing',
      { batches: [batch({ sourceRows: 4, state: 'incomplete' })], standing: standing(3, 300n) },
      ['source-extra'],
    ],
    [
      'money missing',
      {
        batches: [batch({ sourceFen: fen(301n), state: 'incomplete' })],
        standing: standing(3, 300n),
      },
      ['source-extra'],
    ],
    [
      'a source that cannot tell',
      {
        batches: [batch({ sourceRows: null, sourceFen: null, state: 'incomplete' })],
        standing: standing(3, 300n),
      },
      ['source-extra'],
    ],
    [
      'a file refused whole',
      {
        batches: [
          batch({
            state: 'rejected',
            landedRows: 0,
            landedFen: ZERO_FEN,
            sourceRows: null,
            sourceFen: null,
          }),
        ],
      },
      ['source-extra'],
    ],
    ['landed, then gone', { batches: [batch()], standing: standing(2, 200n) }, ['source-extra']],
    ['more than landed', { batches: [batch()], standing: standing(4, 400n) }, ['gateway-extra']],
    ['one fen off', { batches: [batch()], standing: standing(3, 299n) }, ['source-extra']],
    [
      'a row given twice',
      { batches: [batch({ repeatedRows: 1 })], standing: standing(2, 200n) },
      [],
    ],
    [
      'all quarantined',
      {
        batches: [
          batch({
            landedRows: 0,
            landedFen: ZERO_FEN,
            quarantinedRows: 3,
            quarantinedFen: fen(300n),
          }),
        ],
      },
      [],
    ],
  ])('%s', (_, facts, expected) => {
    expect(kinds(facts)).toEqual(expected);
  });
});
