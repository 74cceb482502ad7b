import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { compareWithTruth, scoreRules } from '../../src/demo/truth/compare.js';
import { CountyYear } from './county-year.js';

const CLAIMS = 1500;
const MINUTE = 60_000;

let county: CountyYear;

beforeAll(async () => {
  county = await CountyYear.open();
  await county.generate(CLAIMS);
  await county.run();
}, 5 * MINUTE);
afterAll(() => county.drop());

describe('the demo county through the gateway', () => {
  it('comes to what the generator knows', async () => {
    const differences = compareWithTruth(await county.truth(), await county.observe());
    expect(differences.filter(({ topic }) => topic !== 'reconciliation')).toEqual([]);
  });

  it('finds every planted violation and nothing else', async () => {
    const [truth, observed] = [await county.truth(), await county.observe()];
    const scores = scoreRules(truth, observed.findings);
    expect(scores.filter(({ missed, unplanted }) => missed + unplanted > 0)).toEqual([]);
    expect(scores.filter(({ planted }) => planted < 5)).toEqual([]);
  });

  it('is not made twice', async () => {
    const { generated } = await county.generate(CLAIMS);
    expect(generated).toBe(false);
  });
});
