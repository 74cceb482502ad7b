import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseYaml } from '../config/yaml-text.js';
import { parametersOf } from '../policy/checked-schemas.js';
import { PolicyGapError } from '../policy/errors.js';
import { loadRegion } from '../policy/policy.loader.js';
import type { PlanName } from '../policy/policy-schema.js';
import { policyAt } from '../policy/resolve.js';
import { checkedFactsSchema } from './checked-facts.js';
import { computeFile } from './compute.js';
import { MONTHLY } from './facts-schema.js';
import { stepsOf } from './plan.js';
import { STEPS } from './steps/index.js';

const policies = join(import.meta.dirname, '../../config/policies');
const sanya = loadRegion(policies, 'sanya');
/** Those shipped, and the tests' own with every payment method. */
const regions = [
  ...readdirSync(policies)
    .filter((name) => name !== 'coverage.yaml')
    .map((name) => loadRegion(policies, name.slice(0, -'.yaml'.length))),
  loadRegion(join(import.meta.dirname, '../../test/regions'), 'methods'),
];

function gapsOf(text: string): readonly string[] {
  const file = parseYaml({ text, path: 'facts.yaml', schema: checkedFactsSchema(sanya) });
  try {
    computeFile(sanya, file, []);
    return [];
  } catch (error) {
    if (error instanceof PolicyGapError) return error.gaps.map(({ id }) => id);
    throw error;
  }
}

describe('a plan', () => {
  it('names known steps only, and every step is in some plan', () => {
    const used = regions.flatMap(([{ plans }]) => Object.values(plans).flatMap(stepsOf));
    expect(STEPS.filter((step) => !used.includes(step)).map(({ name }) => name)).toEqual([]);
  });

  it('needs parameters that its region knows', () => {
    const pool = { budget: null, booked: null, otherLines: [], prepaid: null };
    const own = {
      ...pool,
      ...{ auditDeductions: null, reasonableOverspend: null, members: [], filings: {} },
    };
    const unknown = regions.flatMap((chain) => {
      const known = parametersOf(chain);
      const policy = policyAt(chain, '2025-12-31', []);
      return Object.entries(chain[0].plans).flatMap(([plan, names]) => {
        const [period, pools] = [MONTHLY.includes(plan as PlanName) ? '2025-03' : '2025', {}];
        const of = { region: chain[0].region, plan: plan as PlanName, period, pools };
        const facts = { ...of, grade: null, filings: {}, pointValueDecimals: null };
        return stepsOf(names)
          .flatMap((step) => step.needs({ facts, pool: 'resident', own, policy }))
          .filter((id) => !Object.hasOwn(known, id))
          .map((id) => `${chain[0].region} ${plan} ${id}`);
      });
    });
    expect(unknown).toEqual([]);
  });
});

describe('nothing missing is taken as zero', () => {
  it('lists every open parameter and every missing fact of the year at once (SY-20)', () => {
    expect(gapsOf('plan: year\nperiod: 2024\npools: { resident: {} }').toSorted()).toEqual([
      'assessment.grade',
      'dip.rules',
      'overspend.base',
      'overspend.ceiling',
      'overspend.reasonable_test',
      'resident.audit_deductions',
      'resident.booked',
      'resident.budget.base',
      'resident.budget.growth_rates',
      'resident.prepaid',
      'surplus.retention',
    ]);
  });

  it('halts a year after the trial until it is continued (SY-19), and then starts from the prior budget (SY-04)', () => {
    const budget = `
plan: budget
period: 2025
pools: { resident: { budget: { priorBudget: { amount: 100.00 }, growth: { rates: [0, 0, 0.03] } } } }`;
    expect(gapsOf(budget)).toEqual(['scheme.continuation']);
    const continued = `${budget}
documents: { sample-2025-1: { number: 样例, title: 样例, issued: 2025-01-10 } }
set: { scheme.continuation: { values: { 2025-01-01: 2025-12-31 }, clause: sample-2025-1 §1 } }`;
    expect(gapsOf(continued)).toEqual([]);
    expect(gapsOf(continued.replace('priorBudget', 'base'))).toEqual(['resident.budget.base']);
  });

  it('asks for the approved amount when only that much is reasonable (SY-15)', () => {
    const text = `
plan: year
period: 2024
documents: { sample-2024-1: { number: 样例, title: 样例, issued: 2024-01-10 } }
set: { overspend.reasonable_test: { values: { 2024-01-01: approved-amount }, clause: sample-2024-1 §1 } }
pools: { resident: {} }`;
    expect(gapsOf(text)).toContain('resident.reasonable_overspend');
  });

  it('refuses members that do not add up to the group', () => {
    const booked = '{ outpatient: 1.00, chronic: 0, two-disease: 0, inpatient: 0, other: 0 }';
    const text = `
plan: year
period: 2024
pools:
  resident:
    booked: ${booked}
    prepaid: 2.00
    auditDeductions: 0
    members: [{ institution: A, points: 1, booked: ${booked}, prepaid: 1.00 }]`;
    expect(gapsOf(text)).toContain('resident.members.prepaid');
  });

  it('refuses members whose inpatient bookings do not add up, or of whom some have no points', () => {
    const with_ = (members: string): string => `
plan: year
period: 2024
pools:
  resident:
    booked: { outpatient: 1.00, chronic: 0, two-disease: 0, inpatient: 5.00, other: 0 }
    prepaid: 0
    auditDeductions: 0
    members: [${members}]`;
    const booked = '{ outpatient: 1.00, chronic: 0, two-disease: 0, inpatient: 4.99, other: 0 }';
    expect(gapsOf(with_(`{ institution: A, points: 1, booked: ${booked} }`))).toContain(
      'resident.members.booked.inpatient',
    );
    expect(gapsOf(with_('{ institution: A, points: 1 }, { institution: B }'))).toContain(
      'resident.members.points',
    );
  });

  it('asks for the bookings by which members share a prepayment (SY-07)', () => {
    const text = `
plan: month
period: 2024-03
pools:
  resident:
    booked: { outpatient: 1.00, chronic: 0, two-disease: 0, inpatient: 0, other: 0 }
    members: [{ institution: A }]`;
    expect(gapsOf(text)).toEqual(['resident.members.booked']);
  });

  it.each([
    ['own-pool', 'cityBudget'],
    ['whole-city', 'poolCityBudget'],
  ])('asks for the city budget that the reading %s cuts by, not %s (SY-06)', (reading, given) => {
    const text = `
plan: budget
period: 2024
documents: { sample-2024-1: { number: 样例, title: 样例, issued: 2024-01-10 } }
set: { budget.city_cut: { reading: ${reading}, clause: sample-2024-1 §1 } }
pools:
  resident:
    budget: { base: { amount: 1.00 }, growth: { rates: [0, 0, 0] }, ${given}: { before: 2.00, after: 1.00 } }`;
    expect(gapsOf(text)).toEqual(['resident.budget.city_budget']);
  });
});
