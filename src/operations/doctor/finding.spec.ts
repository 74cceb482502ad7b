import { describe, expect, it } from '@jest/globals';
import { coresFinding, keyModeFinding, memoryFinding, nodeFinding } from './finding.js';

const GIB = 2 ** 30;

describe('the preflight', () => {
  it.each([
    [nodeFinding('v20.19.0'), 'good'],
    [nodeFinding('v20.18.9'), 'bad'],
    [nodeFinding('v22.0.0'), 'good'],
    [nodeFinding('v18.20.0'), 'bad'],
    [memoryFinding(2 * GIB - 1), 'bad'],
    [memoryFinding(2 * GIB), 'warning'],
    [memoryFinding(4 * GIB), 'good'],
    [coresFinding(1), 'warning'],
    [coresFinding(2), 'good'],
    [keyModeFinding(0o100600), 'good'],
    [keyModeFinding(0o100640), 'bad'],
    [keyModeFinding(0o100604), 'bad'],
  ])('%j', (finding, verdict) => {
    expect(finding.verdict).toBe(verdict);
    expect(finding.remedy === null).toBe(verdict === 'good');
  });
});
