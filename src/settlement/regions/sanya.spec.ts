import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { changed } from '../../../test/support/region-case.js';
import { parseYaml } from '../../config/yaml-text.js';
import { loadRegion } from '../../policy/policy.loader.js';
import { policyAt } from '../../policy/resolve.js';
import { scopeOf } from '../../policy/scope.js';
import { checkedFactsSchema } from '../checked-facts.js';
import { computeFile } from '../compute.js';

/** Records that Sanya's text asks for beside the money. */

const root = join(import.meta.dirname, '../../..');
const chain = loadRegion(join(root, 'config/policies'), 'sanya');
const year = readFileSync(join(root, 'docs/formats/facts-example.yaml'), 'utf8');

function figureOf(text: string, key: string) {
  const facts = parseYaml({ text, path: 'facts.yaml', schema: checkedFactsSchema(chain) });
  return computeFile(chain, facts, []).figures.find(
    ({ id }) => id === `sanya.2024.resident.${key}`,
  );
}

const filed = (lines: string): string =>
  changed(year, { 'pools:\n': `filings:\n${lines}\npools:\n` });

describe('cycle and causes that the text names (SY-03, SY-06, SY-12)', () => {
  it('are those of the pack', () => {
    const policy = policyAt(chain, '2024-12-31');
    expect(policy.list('scheme.cycle')).toEqual([
      'global-budget',
      'monthly-prepayment',
      'annual-clearing',
    ]);
    expect(policy.list('dip.other_lines')).toEqual(['family-planning', 'danzhou', 'other']);
    expect(policy.list('budget.adjustment_reasons')).toEqual([
      'major-policy',
      'public-health',
      'other',
    ]);
  });
});

describe('the list of certified groups, and the lead’s rules on file (SY-21, SY-22)', () => {
  it('notes what nobody filed, and settles all the same', () => {
    const { amount, note } = figureOf(year, 'eligibility') ?? {};
    expect(amount).toBe('0');
    const said = note?.split('；') ?? [];
    expect(said).toHaveLength(4);
    for (const each of said) expect(each).toMatch(/^[^：]+：2024 没有申报$/); // it stands on a signed sheet
    expect(figureOf(year, 'final')?.amount).toBe('19668749.25');
  });

  it('counts what was filed by the end of the year', () => {
    const text = filed(
      `  certification.listed_on: { value: 2024-01-20 }
  rules.assessment_on: { value: 2024-12-31 }
  rules.distribution_on: { value: 2025-01-01 }
  referral.platform_on: { value: 2024-06-01 }`,
    );
    const { amount, note } = figureOf(text, 'eligibility') ?? {};
    expect(amount).toBe('0.75');
    expect(note).toBe('牵头医院医保资金分配办法备案日：申报为 2025-01-01，应不晚于 2024-12-31');
  });

  it('stands under the province’s conditions from its effective day', () => {
    const later = policyAt(chain, '2025-12-31').parameter('eligibility.conditions');
    expect(later.rows).toEqual(['HI-01', 'HI-05']);
  });
});

describe('central procurement by the lead (SY-18)', () => {
  it('notes what is not in place', () => {
    const text = filed('  procurement.plan_on: { value: 2024-02-01 }');
    expect(figureOf(text, 'procurement-records')?.amount).toBe('0.25');
    expect(figureOf(text, 'procurement-records')?.note).toMatch(/统一采购启用日.*没有申报/);
  });
});

describe('categories of later care types (SY-01)', () => {
  const rules = chain[0].scope?.rules ?? [];
  const claim = { treatmentArea: 'local', channel: 'direct', cause: 'ordinary' };

  it.each([
    ['bed-day', 'inpatient', 'inpatient'],
    ['maternity', 'inpatient', 'inpatient'],
    ['home-bed', 'outpatient', 'outpatient'],
    ['family-doctor', 'excluded', 'outpatient'], // HI-06 from 2025-07-11
  ])('%s: %s, then %s', (careType, before, after) => {
    const bucketOn = (day: string) =>
      scopeOf({ ...claim, careType }, rules, policyAt(chain, day))?.bucket;
    expect(bucketOn('2025-07-10')).toBe(before);
    expect(bucketOn('2025-07-11')).toBe(after);
  });
});
