import { describe, expect, it } from '@jest/globals';
import { fileChoice, type KnownFile } from './file-choice.js';

const window = { from: '2024-12-05', to: '2024-12-06' };
const file = { name: 'a.xml', day: '2024-12-05', size: 1, modifiedMs: 1, fingerprint: 'x' };
const known: KnownFile = {
  name: 'a.xml',
  digest: 'x',
  size: '1',
  modifiedMs: '1',
  outcome: 'landed',
  from: '2024-12-05',
  to: '2024-12-06',
};
const elsewhere = { from: '2024-12-01', to: '2024-12-02' };

describe('a file in the folder', () => {
  it.each<[string, typeof file, readonly KnownFile[], string]>([
    ['never met', file, [], 'read'],
    ['of this window, landed', file, [known], 'read'],
    ['of this window, landed in another', file, [{ ...known, ...elsewhere }], 'read'],
    ['as empty as another', { ...file, name: 'b.xml' }, [{ ...known, outcome: 'empty' }], 'read'],
    ['the bytes of another', { ...file, name: 'b.xml' }, [known], 'duplicate'],
    ['late, never met', { ...file, day: '2024-12-01' }, [], 'read'],
    ['late, landed in this window', { ...file, day: '2024-12-01' }, [known], 'read'],
    [
      'late, landed in another',
      { ...file, day: '2024-12-01' },
      [{ ...known, ...elsewhere }],
      'skip',
    ],
    [
      'late, rejected in another',
      { ...file, day: '2024-12-01' },
      [{ ...known, ...elsewhere, outcome: 'rejected' }],
      'skip',
    ],
    ['with the bytes of another', { ...file, name: 'b.xml' }, [known], 'duplicate'],
    [
      'with the bytes of a rejected one',
      { ...file, name: 'b.xml' },
      [{ ...known, outcome: 'rejected' }],
      'read',
    ],
    ['known as duplicate', file, [{ ...known, outcome: 'duplicate' }], 'duplicate'],
    ['with new bytes under an old name', { ...file, fingerprint: 'y' }, [known], 'read'],
  ])('%s', (_, found, before, choice) => {
    expect(fileChoice(found, before, window)).toBe(choice);
  });
});
