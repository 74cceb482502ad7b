import { describe, expect, it } from '@jest/globals';
import { decimal } from '../../kernel/decimal.js';
import { toYuan, yuan } from '../../kernel/money.js';
import { withheld } from './quality-deposit.js';

describe('quality deposit, Sanya §三(三)2 (SY-10)', () => {
  it.each([
    ['100000000.00', '0', '0.00'],
    ['100000000.00', '0.10', '500000.00'],
    ['100000000.00', '0.30', '1500000.00'],
    ['100000000.00', '1', '5000000.00'],
    ['0.10', '1', '0.01'], // half a fen rounds up
    ['0.30', '0.30', '0.00'], // 0.0045 yuan: rounding twice would say 0.01
    ['0.00', '1', '0.00'],
  ])('of %s booked with %s forfeited withholds %s', (booked, forfeit, expected) => {
    expect(toYuan(withheld(yuan(booked), decimal('0.05'), decimal(forfeit)))).toBe(expected);
  });
});
