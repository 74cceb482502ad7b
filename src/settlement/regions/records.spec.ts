import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { POOLS } from '../../claims/claim.js';
import { parseYaml } from '../../config/yaml-text.js';
import { yuan } from '../../kernel/money.js';
import { PolicyGapError } from '../../policy/errors.js';
import { loadOverlays, loadRegion } from '../../policy/policy.loader.js';
import type { PlanName } from '../../policy/policy-schema.js';
import { policyAt } from '../../policy/resolve.js';
import { checkedRecordsSchema } from '../../records/records.js';
import { factsOfBooks } from '../book-facts.js';
import type { Booking } from '../bookings.repository.js';
import { computeFacts } from '../compute.js';
import type { SettledPayment } from '../decided.repository.js';

/** The sample records of the demo county, as if it lay in another region: nothing is missing in a month, a start or a year. */

const root = join(import.meta.dirname, '../../..');
const units = ['01', '02', '11', '12', '13'].map((end) => `H460299000${end}`);

function settle(region: string, plan: PlanName, period: string): readonly string[] {
  const chain = loadRegion(join(root, 'config/policies'), region);
  const site = join(root, 'config/demo/regions', region);
  const path = join(site, 'records.yaml');
  const schema = checkedRecordsSchema(chain);
  const records = parseYaml({ text: readFileSync(path, 'utf8'), path, schema });
  const overlays = loadOverlays(join(site, 'overlays'), chain);
  const booking = (institution: string): Booking => {
    const amount = yuan('900000.00');
    return { pool: 'resident', institution, bucket: 'inpatient', claims: 1, amount };
  };
  const facts = factsOfBooks({
    ...{ region, plan, period, units, records, kinds: new Map(), levels: new Map() },
    ...{ bedDays: [], distribution: null, deductions: [], points: null, pointValueDecimals: null },
    bookings: plan === 'start' ? [] : units.map(booking),
    payments: paidIn(plan === 'start' ? '2024-01' : '2025-01'),
    ledger: { carried: [], held: [], auditTaken: [] },
  });
  try {
    computeFacts(chain, facts, policyAt(chain, `${period.padEnd(7, '-12')}-28`, overlays));
    return [];
  } catch (error) {
    if (error instanceof PolicyGapError)
      return error.gaps.map(({ id, reason }) => `${id} ${reason}`);
    throw error;
  }
}

/** A month's payment to the lead and its parts, in both pools. */
function paidIn(month: string): readonly SettledPayment[] {
  return POOLS.flatMap((pool) => {
    const payment = { kind: 'month', period: month, pool } as const;
    return [
      { ...payment, institution: null, amount: yuan('50.00') },
      ...units.map((institution) => ({ ...payment, institution, amount: yuan('10.00') })),
    ];
  });
}

describe('the demo county in another region', () => {
  it.each<[string, PlanName, string]>([
    ['ganyu', 'start', '2025'],
    ['ganyu', 'month', '2025-03'],
    ['ganyu', 'release', '2025-03'],
    ['ganyu', 'year', '2025'],
    ['hunan', 'start', '2025'],
    ['hunan', 'month', '2025-03'],
    ['hunan', 'year', '2025'],
    ['jilin', 'budget', '2025'],
    ['jilin', 'start', '2025'],
    ['jilin', 'month', '2025-08'],
    ['jilin', 'year', '2025'],
    ['hainan', 'budget', '2025'],
    ['hainan', 'month', '2025-08'],
    ['hainan', 'year', '2025'],
  ])('%s settles %s %s', (region, plan, period) => {
    expect(settle(region, plan, period)).toEqual([]);
  });
});
