import { describe, expect, it } from '@jest/globals';
import { compareWithTruth, type Observed, scoreRules } from './compare.js';
import type { Truth, ViolationTruth } from './truth.js';

const violation = (rule: string, claimNo: string, amount: string | null): ViolationTruth => ({
  ...{ rule, claimNo, amount, certainty: 'HARD', institution: 'H1', settledBy: 'H1' },
  ...{ pool: 'resident', month: '2024-03', lines: ['0001'], note: '' },
});

const TRUTH: Truth = {
  ...{ seed: 1, claims: 2, planted: 1, consortium: 'demo-county', files: [], twins: [] },
  sources: [{ institution: 'H1', stream: 'claims', rows: 2, amount: '30.00' }],
  landed: [],
  quarantine: [{ institution: 'H1', stream: 'claims', rule: 'no-such-date', rows: 1 }],
  unmapped: [],
  violations: [violation('CAT-06', 'A', '12.30'), violation('CHG-05', 'B', null)],
  figures: [{ id: 'sanya.2024.resident.final', value: '-1.00' }],
  reconciliation: [],
};
const found = (rule: string, claimNo: string, amount: string) => ({
  ...{ rule, claimNo, amount, institution: 'H1', lines: ['0001'] },
});
const OBSERVED: Observed = {
  ...{ sources: TRUTH.sources, landed: [], quarantine: TRUTH.quarantine, unmapped: [] },
  findings: [found('CAT-06', 'A', '12.30'), found('CHG-05', 'B', '4.00')],
  figures: [...TRUTH.figures, { id: 'sanya.2024.resident.points', value: '7' }],
  differences: [],
};

describe('comparison with the truth', () => {
  it('finds nothing where both agree; what a person decides may have any amount', () => {
    expect(compareWithTruth(TRUTH, OBSERVED)).toEqual([]);
  });

  it.each<[string, Partial<Observed>, string, string | null, string | null]>([
    [
      'a missed violation',
      { findings: [found('CHG-05', 'B', '4.00')] },
      'CAT-06 H1 A 0001',
      '12.30',
      null,
    ],
    [
      'a false one',
      { findings: [...OBSERVED.findings, found('CAT-06', 'C', '1.00')] },
      'CAT-06 H1 C 0001',
      null,
      '1.00',
    ],
    [
      'another amount',
      { findings: [found('CAT-06', 'A', '12.31'), found('CHG-05', 'B', '0.00')] },
      'CAT-06 H1 A 0001',
      '12.30',
      '12.31',
    ],
    [
      'a lost row',
      { sources: [{ institution: 'H1', stream: 'claims', rows: 1, amount: '30.00' }] },
      'H1 claims',
      '2 rows, 30.00',
      '1 rows, 30.00',
    ],
    ['a row not quarantined', { quarantine: [] }, 'H1 claims no-such-date', '1 rows', null],
    [
      'a figure one fen off',
      { figures: [{ id: 'sanya.2024.resident.final', value: '-1.01' }] },
      'sanya.2024.resident.final',
      '-1.00',
      '-1.01',
    ],
    ['a missing figure', { figures: [] }, 'sanya.2024.resident.final', '-1.00', null],
  ])('tells %s', (_, change, key, expected, observed) => {
    expect(compareWithTruth(TRUTH, { ...OBSERVED, ...change })).toEqual([
      expect.objectContaining({ key, expected, observed }),
    ]);
  });

  it('scores each rule', () => {
    const findings = [found('CAT-06', 'C', '1.00'), found('CHG-05', 'B', '4.00')];
    expect(scoreRules(TRUTH, findings)).toEqual([
      { rule: 'CAT-06', planted: 1, found: 0, missed: 1, unplanted: 1 },
      { rule: 'CHG-05', planted: 1, found: 1, missed: 0, unplanted: 0 },
    ]);
  });
});
