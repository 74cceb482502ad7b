import { describe, expect, it } from '@jest/globals';
import { firstKeptMonth, retentionSchema } from './retention-policy.js';

const shipped = { canonical: '120', findings: '120', raw: '36', quarantine: '36', work: '24' };

describe('how long data are kept', () => {
  it.each([
    ['2026-03', 24, '2024-03'],
    ['2026-01', 1, '2025-12'],
    ['2026-12', 12, '2025-12'],
    ['2026-03', 36, '2023-03'],
    ['2026-03', null, null],
  ])('in %s, %p months back from it, %p is the first kept', (current, months, first) => {
    expect(firstKeptMonth(current, months)).toBe(first);
  });

  it.each([
    ['canonical', '24', 24],
    ['canonical', 'never', null],
    ['work', '6', 6],
  ])('%s: %s is allowed', (name, text, value) => {
    expect(retentionSchema.parse({ ...shipped, [name]: text })).toMatchObject({ [name]: value });
  });

  it.each([
    ['canonical', '23'],
    ['raw', '11'],
    ['work', '5'],
    ['work', '0'],
    ['raw', 'forever'],
    ['money', '12'],
  ])('%s: %s is refused', (name, text) => {
    expect(retentionSchema.safeParse({ ...shipped, [name]: text }).success).toBe(false);
  });
});
