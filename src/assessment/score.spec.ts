import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decimal } from '../kernel/decimal.js';
import { gradeBounds, gradeOf, points, schemeRow } from './score.js';

const row = schemeRow({
  indicator: 'primary-visit-share',
  weight: '20',
  full: '0.65',
  zero: '0.45',
});
const falling = schemeRow({ indicator: 'average-stay', weight: '10', full: '8', zero: '10' });

describe('points of an indicator (SY-20, GY-18, HN-07)', () => {
  it.each([
    ['0.45', '0'],
    ['0.40', '0'],
    ['0.55', '10'],
    ['0.65', '20'],
    ['0.90', '20'],
  ])('a share of %s earns %s of 20', (value, expected) => {
    expect(points(row, decimal(value)).toFixed()).toBe(expected);
  });

  it.each([
    ['11', '0'],
    ['10', '0'],
    ['9', '5'],
    ['8', '10'],
    ['7', '10'],
  ])('where less is better %s days earn %s of 10', (value, expected) => {
    expect(points(falling, decimal(value)).toFixed()).toBe(expected);
  });

  it('never leaves 0 … weight and never falls while the value gets better', () => {
    const share = fc
      .integer({ min: 0, max: 1000 })
      .map((thousandths) => decimal(`${thousandths / 1000}`));
    fc.assert(
      fc.property(share, share, (a, b) => {
        const [low, high] = a.lte(b) ? [a, b] : [b, a];
        const [less, more] = [points(row, low), points(row, high)];
        return less.lte(more) && less.gte(0) && more.lte(20);
      }),
    );
  });

  it('refuses a scheme whose full and zero are the same', () => {
    expect(() => schemeRow({ indicator: 'fee', weight: '1', full: '1', zero: '1' })).toThrow(
      'the same',
    );
  });
});

describe('the grade a score proposes', () => {
  const bounds = gradeBounds([
    { grade: 'pass', from: '60' },
    { grade: 'excellent', from: '90' },
    { grade: 'good', from: '80' },
    { grade: 'fail', from: '0' },
  ]);

  it.each([
    ['100', 'excellent'],
    ['90', 'excellent'],
    ['89.99', 'good'],
    ['80', 'good'],
    ['60', 'pass'],
    ['59.99', 'fail'],
    ['0', 'fail'],
  ])('%s points: %s', (score, grade) => {
    expect(gradeOf(decimal(score), bounds)).toBe(grade);
  });
});
