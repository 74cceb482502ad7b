import { describe, expect, it } from '@jest/globals';
import { parseRunChoice } from './run-choice.js';

describe('which run is meant', () => {
  it.each([
    ['2024', { kind: 'year', period: '2024' }],
    ['2024-03', { kind: 'month', period: '2024-03' }],
    ['start:2025', { kind: 'start', period: '2025' }],
    ['release:2025-03', { kind: 'release', period: '2025-03' }],
    ['run:17', { runId: '17' }],
    ['2024-13', null],
    ['start:2025-01', null],
    ['release:2025', null],
    ['run:0', null],
    ['run:x', null],
    ['', null],
  ])('%s is %j', (text, choice) => {
    expect(parseRunChoice(text)).toEqual(choice);
  });
});
