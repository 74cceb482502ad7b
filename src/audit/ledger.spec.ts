import { describe, expect, it } from '@jest/globals';
import type { LineFacts } from './facts.js';
import { LineLedger } from './ledger.js';
import { WHOLE_PART } from './template.js';

describe('the unit ledger of a line', () => {
  const line = { quantity: 30_000 } as LineFacts; // three units

  it('counts units claimed twice once, and a discount on what is left', () => {
    const ledger = new LineLedger(line.quantity);
    expect(ledger.raise({ line, from: 20_000, to: 30_000, part: WHOLE_PART }, 'a')).toBeNull();
    expect(ledger.raise({ line, from: 10_000, to: 30_000, part: WHOLE_PART }, 'b')).toBe('a');
    expect(ledger.claimed * 3n).toBe(ledger.whole * 2n);
    ledger.raise({ line, from: 0, to: 30_000, part: WHOLE_PART / 2 }, 'c');
    expect(ledger.claimed * 6n).toBe(ledger.whole * 5n);
    ledger.raise({ line, from: 0, to: 30_000, part: WHOLE_PART }, 'd');
    expect(ledger.claimed).toBe(ledger.whole);
  });
});
