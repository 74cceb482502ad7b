import { describe, expect, it } from '@jest/globals';
import { clockCheck, diskCheck, migrationsCheck, redisCheck, workCheck } from './readiness.js';

const limits = { freeDiskBytes: 1_000_000, idleSeconds: 600, clockSkewMs: 2_000 };

describe('what makes a process ready', () => {
  it.each([
    [['a', 'b'], ['a', 'b'], true],
    [['a'], ['a', 'b'], false],
    [['a', 'b', 'c'], ['a', 'b'], false],
    [[], [], true],
  ])('schema %p of %p: %p', (applied, known, ok) => {
    expect(migrationsCheck(applied, known).ok).toBe(ok);
  });

  it.each([
    [2_000, true],
    [2_001, false],
  ])('clock %p ms off: %p', (skew, ok) => {
    expect(clockCheck(skew, limits).ok).toBe(ok);
  });

  it.each([
    [1_000_000n, true],
    [999_999n, false],
  ])('%p bytes free: %p', (free, ok) => {
    expect(diskCheck(free, limits).ok).toBe(ok);
  });

  it.each([
    [5_000, 600, true],
    [5_000, 601, false],
    [0, 0, true],
  ])('work waiting %p s, nothing moved for %p s: %p', (oldestDueSeconds, idleSeconds, ok) => {
    expect(workCheck({ oldestDueSeconds, idleSeconds }, limits).ok).toBe(ok);
  });

  it.each([
    ['noeviction', true, true],
    ['noeviction', false, true],
    ['allkeys-lru', true, false],
    [null, null, false],
  ])('Redis with %p, append-only %p: %p', (maxmemoryPolicy, appendOnly, ok) => {
    expect(redisCheck({ maxmemoryPolicy, appendOnly }).ok).toBe(ok);
  });
});
