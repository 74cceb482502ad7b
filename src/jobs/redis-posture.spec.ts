import { describe, expect, it } from '@jest/globals';
import { judgeRedis, type RedisPosture } from './redis-posture.js';

const good: RedisPosture = {
  version: '7.0.15',
  mode: 'standalone',
  maxmemoryPolicy: 'noeviction',
  appendOnly: true,
};

describe('a Redis that is to hold queues', () => {
  it.each<[string, Partial<RedisPosture>, string | null]>([
    ['as it should be', {}, null],
    ['that evicts any key', { maxmemoryPolicy: 'allkeys-lru' }, 'allkeys-lru'],
    ['that evicts keys with a time', { maxmemoryPolicy: 'volatile-ttl' }, 'volatile-ttl'],
    ['that does not say', { maxmemoryPolicy: null }, '无法得知'],
    ['of many nodes', { mode: 'cluster' }, '集群'],
    ['with a sentinel', { mode: 'sentinel' }, null],
    ['too old', { version: '5.0.14' }, '5.0.14'],
    ['just old enough', { version: '6.0.0' }, null],
    ['without a version', { version: null }, null],
  ])('%s', (_, difference, refusal) => {
    const verdict = judgeRedis({ ...good, ...difference });
    if (refusal === null) expect(verdict.refusal).toBeNull();
    else expect(verdict.refusal).toContain(refusal);
  });

  it.each([
    [true, 0],
    [false, 1],
    [null, 1],
  ])('appends to a file: %s', (appendOnly, warnings) => {
    const verdict = judgeRedis({ ...good, appendOnly });
    expect(verdict).toMatchObject({ refusal: null });
    expect(verdict.warnings).toHaveLength(warnings);
  });
});
