import { describe, expect, it } from '@jest/globals';
import { FIELDS } from '../fields.js';
import { compileExpectation } from './expectation.js';

const names = Object.keys(FIELDS.claims);
const row = (values: Readonly<Record<string, string>>) => ({
  texts: names.map((name) => values[name] ?? null),
  numbers: names.map((name) => Number(values[name] ?? 0)),
});
const holds = (source: string, values: Readonly<Record<string, string>>): boolean => {
  const compiled = compileExpectation('claims', source);
  if (typeof compiled === 'string') throw new Error(compiled);
  return compiled.holds(row(values));
};

describe('expectations', () => {
  it.each<[string, Readonly<Record<string, string>>, boolean]>([
    ['pooledFundPaid <= totalFee', { pooledFundPaid: '100', totalFee: '100' }, true],
    ['pooledFundPaid <= totalFee', { pooledFundPaid: '101', totalFee: '100' }, false],
    [
      'fundPaid + accountPaid + cashPaid = totalFee',
      { fundPaid: '1', cashPaid: '2', totalFee: '3' },
      true,
    ],
    ['totalFee - fundPaid = cashPaid', { fundPaid: '1', cashPaid: '2', totalFee: '4' }, false],
    ['totalFee > 0', { totalFee: '0' }, false],
    [
      'admittedAt <= dischargedAt',
      { admittedAt: '2024-01-05T08:00:00', dischargedAt: '2024-01-05' },
      true,
    ],
    ['admittedAt <= dischargedAt', { admittedAt: '2024-01-06', dischargedAt: '2024-01-05' }, false],
    ['admittedAt <= dischargedAt', { admittedAt: '2024-01-06' }, true], // absence is not its business
  ])('%s of %j: %s', (source, values, expected) => expect(holds(source, values)).toBe(expected));

  it.each([
    '',
    'totalFee',
    'nope <= totalFee',
    'sex + pool = sex',
    'totalFee <= process.exit()',
    'totalFee = 5',
  ])('“%s” is refused with a sentence', (source) =>
    expect(typeof compileExpectation('claims', source)).toBe('string'),
  );
});
