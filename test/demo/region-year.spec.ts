import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DemoRegion } from '../../src/demo/regions.js';
import { compareWithTruth } from '../../src/demo/truth/compare.js';
import { monthsOf } from '../../src/kernel/period.js';
import { CountyYear } from './county-year.js';

const CLAIMS = 600;
const MINUTE = 60_000;

describe.each<{ region: DemoRegion; runs: readonly string[]; months: number }>([
  { region: 'hunan', runs: ['年初预付 2025'], months: 12 },
  {
    region: 'ganyu',
    runs: ['年初预付 2025', ...monthsOf('2025').map((month) => `月度考核金发放 ${month}`)],
    months: 12,
  },
  { region: 'jilin', runs: ['年初预付 2025'], months: 6 },
  { region: 'hainan', runs: [], months: 6 },
])("the demo county under $region's text", ({ region, runs, months }) => {
  let county: CountyYear;

  beforeAll(async () => {
    county = await CountyYear.open({ region, year: '2025' });
    await county.generate(CLAIMS);
    await county.run();
  }, 5 * MINUTE);
  afterAll(() => county.drop());

  it('comes to what the generator knows', async () => {
    const truth = await county.truth();
    const differences = compareWithTruth(truth, await county.observe());
    expect(differences.filter(({ topic }) => topic !== 'reconciliation')).toEqual([]);
    expect(truth.figures.length).toBeGreaterThan(2 * months);
  });

  it('settles what its plans hold, and the books agree with themselves', async () => {
    expect(county.said).toEqual(runs);
    const { rows } = await county.database.pool.query(
      `SELECT kind, count(*)::integer AS runs FROM settlement_run WHERE current GROUP BY kind ORDER BY kind`,
    );
    const expected = new Map([
      ['month', months],
      ['release', runs.filter((run) => run.startsWith('月度考核金')).length],
      ['start', runs.filter((run) => run.startsWith('年初预付')).length],
      ['year', 1],
    ]);
    expect(new Map(rows.map(({ kind, runs: made }) => [kind, made]))).toEqual(
      new Map([...expected].filter(([, count]) => count > 0)),
    );
    const checks = await county.checks();
    expect(checks.filter(({ broken }) => broken > 0)).toEqual([]);
    expect(checks.filter(({ looked }) => looked === 0)).toEqual([]);
  });
});
