import { describe, expect, it } from '@jest/globals';
import { workerSettingsSchema, workersFor } from './worker-settings.js';

const settings = (most: string, fromClaims = '100') =>
  workerSettingsSchema.parse({ most, fromClaims });

describe('the workers of an audit', () => {
  it.each([
    [1, 1],
    [3, 1],
    [4, 2],
    [6, 3],
    [8, 4],
    [64, 4],
  ])('of %i processors are by themselves %i', (processors, workers) => {
    expect(workersFor(settings('auto'), { claims: 100, processors })).toBe(workers);
  });

  it('are as many as the site says, whatever the machine', () => {
    expect(workersFor(settings('3'), { claims: 100, processors: 1 })).toBe(3);
  });

  it('are one where there is too little to share', () => {
    expect(workersFor(settings('3'), { claims: 99, processors: 8 })).toBe(1);
    expect(workersFor(settings('auto'), { claims: 99, processors: 8 })).toBe(1);
  });

  it('are neither none nor any number', () => {
    expect(workerSettingsSchema.safeParse({ most: '0', fromClaims: '1' }).success).toBe(false);
    expect(workerSettingsSchema.safeParse({ most: '17', fromClaims: '1' }).success).toBe(false);
  });
});
