import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type Claim, claimSchema } from '../../claims/claim.js';
import { toYuan } from '../../kernel/money.js';
import type { PolicyAt } from '../../policy/policy.js';
import { loadOverlay, loadRegion } from '../../policy/policy.loader.js';
import { policyAt } from '../../policy/resolve.js';
import { drugAlignment } from './drug-alignment.js';
import { rateCheck } from './level-rates.js';
import { deductibleFindings, type Referral } from './referral-deductible.js';

/** Checks of what patients were granted, under Jilin's text and the sample standards: 200 / 500 / 800 yuan for residents, 3 days. */

const root = join(import.meta.dirname, '../../..');
const chain = loadRegion(join(root, 'config/policies'), 'jilin');
const sample = loadOverlay(
  join(root, 'config/demo/regions/jilin/overlays/jilin-sample.yaml'),
  chain,
);
const policy: PolicyAt = policyAt(chain, '2025-12-31', [sample]);

let number = 0;
function claim(changes: Partial<Record<keyof Claim, unknown>>): Claim {
  number += 1;
  return claimSchema.parse({
    ...{ performedAt: 'T1', settledBy: 'T1', level: 'primary', claimNo: `C${number}` },
    ...{ personId: 'P1', sex: 'female', birthDate: null, pool: 'resident' },
    ...{ careType: 'inpatient', settledAt: '2025-11-20T10:00:00' },
    ...{ totalFee: '1000.00', eligible: '1000.00', deductible: '200.00', pooledFundPaid: '0.00' },
    ...{ fundPaid: '0.00', accountPaid: '0.00', cashPaid: '0.00' },
    ...changes,
  });
}

const stay = (at: string, level: string, days: string, deductible: string): Claim => {
  const [admittedAt, dischargedAt] = days.split('/');
  return claim({ performedAt: at, level, admittedAt, dischargedAt, deductible });
};
const up: Referral = { personId: 'P1', from: 'T1', to: 'H1', on: '2025-11-05' };
const down: Referral = { personId: 'P1', from: 'H1', to: 'T1', on: '2025-11-15' };
const township = (deductible: string) => stay('T1', 'primary', '2025-11-01/2025-11-05', deductible);
const county = (deductible: string, from = '2025-11-05') =>
  stay('H1', 'secondary', `${from}/2025-11-15`, deductible);

describe('one deductible over a referral, of the higher level (JL-08)', () => {
  const found = (claims: readonly Claim[], referrals: readonly Referral[] = [up, down]) =>
    deductibleFindings(claims, referrals, policy).map((each) => [
      each.claims.length,
      toYuan(each.expected),
      toYuan(each.found),
    ]);

  it.each([
    ['township bears 200, county the other 300', '200.00', '300.00', []],
    ['both bear their own', '200.00', '500.00', [[2, '500.00', '700.00']]],
    ['a fen too little', '200.00', '299.99', [[2, '500.00', '499.99']]],
  ])('%s', (_, first, second, expected) => {
    expect(found([township(first), county(second)])).toEqual(expected);
  });

  it('adds the stay after the way back to the same chain', () => {
    const back = stay('T1', 'primary', '2025-11-16/2025-11-25', '200.00');
    expect(found([township('200.00'), county('300.00'), back])).toEqual([[3, '500.00', '700.00']]);
  });

  it('leaves alone what no referral links, other persons, and first visits at county level', () => {
    expect(found([township('200.00'), county('500.00')], [])).toEqual([]);
    expect(found([township('200.00'), county('500.00')], [{ ...up, personId: 'P2' }])).toEqual([]);
    expect(
      found([
        county('500.00', '2025-11-04'),
        stay('T1', 'primary', '2025-11-15/2025-11-18', '200.00'),
      ]),
    ).toEqual([]);
  });

  it('links within the days allowed on either side', () => {
    expect(found([township('200.00'), county('500.00', '2025-11-08')])).toHaveLength(1);
    expect(found([township('200.00'), county('500.00', '2025-11-09')])).toEqual([]);
  });

  it('does not count a record that was taken back', () => {
    const wrong = county('500.00');
    const refund = claim({
      ...wrong,
      claimNo: 'R1',
      refundOf: wrong.claimNo,
      deductible: '-500.00',
    });
    expect(found([township('200.00'), wrong, refund, county('300.00')])).toEqual([]);
  });
});

describe('reimbursement by the member’s level (JL-09)', () => {
  const outpatient = (level: string, pooledFundPaid: string, deductible = '0.00') =>
    claim({ careType: 'outpatient', level, pooledFundPaid, deductible, eligible: '100.05' });

  it.each([
    ['primary', '60.03', 0],
    ['primary', '60.02', 1],
    ['secondary', '50.03', 0], // 50.025 rounds half up
    ['tertiary', '50.03', 1], // the rate of another level
  ])('%s pays %s: %s findings', (level, paid, findings) => {
    expect(rateCheck([outpatient(level, paid)], policy).findings).toHaveLength(findings);
  });

  it('pays nothing under the deductible, and says how many it could not judge', () => {
    expect(rateCheck([outpatient('primary', '0.00', '200.00')], policy).findings).toEqual([]);
    const employee = { ...outpatient('primary', '1.00'), pool: 'employee' as const };
    expect(rateCheck([employee], policy)).toMatchObject({ checked: 0, unrated: 1, findings: [] });
  });
});

describe('drugs of county, township and village (JL-16)', () => {
  const line = (itemCode: string | null, lineAmount: string, itemKind = 'drug') => ({
    ...{ lineNo: `${itemCode}-${lineAmount}`, chargedAt: '2025-11-01', itemCode, itemKind },
    ...{ institutionItemCode: 'L1', itemName: '药', quantity: '1', unitPrice: lineAmount },
    ...{ lineAmount, eligibleAmount: lineAmount },
  });
  const chronic = (level: string, ...lines: readonly ReturnType<typeof line>[]) =>
    claim({ careType: 'chronic', level, lines });

  it('names what county members dispense and primary members never did, the most money first', () => {
    const result = drugAlignment([
      chronic(
        'secondary',
        line('A', '10.00'),
        line('B', '5.00'),
        line('C', '7.00'),
        line('S', '99.00', 'service'),
      ),
      chronic('tertiary', line('B', '4.00')),
      chronic('village', line('A', '1.00')),
      claim({ careType: 'inpatient', level: 'secondary', lines: [line('D', '50.00')] }),
    ]);
    expect(result).toMatchObject({ county: 3, aligned: 1 });
    expect(result.missing.map(({ code, amount }) => [code, toYuan(amount)])).toEqual([
      ['B', '9.00'],
      ['C', '7.00'],
    ]);
  });
});
