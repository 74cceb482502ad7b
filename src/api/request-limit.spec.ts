import { describe, expect, it } from '@jest/globals';
import { RequestLimit } from './request-limit.js';

describe('RequestLimit', () => {
  it('lets so many through at once, then one for each share of a minute', () => {
    const limit = new RequestLimit(6);
    const at = (ms: number) => limit.take('10.0.0.1', ms);
    expect(Array.from({ length: 7 }, () => at(0))).toEqual([0, 0, 0, 0, 0, 0, 10]);
    expect([at(9_000), at(10_000), at(10_000)]).toEqual([1, 0, 10]);
  });

  it('counts each client for itself', () => {
    const limit = new RequestLimit(1);
    expect([limit.take('a', 0), limit.take('b', 0), limit.take('a', 0)]).toEqual([0, 0, 60]);
  });

  it('refuses no more after a clock that went back', () => {
    const limit = new RequestLimit(2);
    expect([limit.take('a', 60_000), limit.take('a', 0), limit.take('a', 0)]).toEqual([0, 0, 30]);
  });
});
