import { describe, expect, it } from '@jest/globals';
import { clauseCase } from '../../../test/support/clause-case.js';
import { yuan } from '../../kernel/money.js';

/** What a figure says it was computed from, as people read it: names for choices, the whole and the weights for a share. */

/** Free text: what the consortium is called in a table of its site. */
const OWN_NAME = '本医疗联合体在分配表中的名称';

const REGIONS = ['ganyu', 'hainan', 'jilin'] as const;

function yearOf(region: (typeof REGIONS)[number]) {
  const { compute, facts, sample } = clauseCase(region);
  return compute(facts('year-2025.yaml'), [sample]);
}

describe.each(REGIONS)('the year of %s', (region) => {
  const figures = yearOf(region);

  it('names filed choices and grades in Chinese', () => {
    const coded = figures.flatMap(({ inputs }) =>
      inputs.filter(
        ({ label, unit, value, parameter }) =>
          unit === 'text' &&
          parameter === undefined &&
          /^[a-z][a-z._-]*$/.test(value) &&
          label !== OWN_NAME,
      ),
    );
    expect(coded.map(({ label, value }) => `${label}: ${value}`)).toEqual([]);
  });

  it('calls no two figures of a pool the same', () => {
    const called = figures.map(({ id, label }) => `${id.split('.')[2]} ${label}`);
    expect(called.filter((each, index) => called.indexOf(each) !== index)).toEqual([]);
  });

  it('shows of a member’s share the whole and by what it was split', () => {
    const [whole] = figures.filter(({ id }) => id.endsWith('.resident.retained'));
    const shares = figures.filter(({ id }) => /\.resident\.member\.[^.]+\.retained$/.test(id));
    expect(shares.length).toBeGreaterThan(1);
    for (const { inputs, sample } of shares) {
      const [of, own, all] = inputs;
      expect(of).toMatchObject({ figure: whole?.id, value: whole?.amount });
      expect([own?.label, all?.label]).toEqual(['本单位记账金额', '各成员单位记账金额合计']);
      expect(yuan(own?.value ?? '') <= yuan(all?.value ?? '')).toBe(true);
      expect(sample).toBe(whole?.sample);
    }
  });
});

describe('a balance measured on a fund that the region leaves open (GY-12)', () => {
  it('names the fact that counts', () => {
    const [retained] = yearOf('ganyu').filter(({ id }) => id.endsWith('.resident.retained'));
    expect(retained?.inputs.find(({ label }) => label.startsWith('收支平衡'))?.value).toBe(
      '本险种当期基金收支',
    );
  });
});
