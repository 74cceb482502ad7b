import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ConfigError } from '../config/errors.js';
import { parseYaml } from '../config/yaml-text.js';
import { checkedOverlaySchema, checkedRegionSchema } from './checked-schemas.js';
import { PolicyGapError } from './errors.js';
import { loadRegion } from './policy.loader.js';
import type { OverlayRecord } from './policy-schema.js';
import { changeDates, policyAt } from './resolve.js';
import { scopeOf } from './scope.js';

const chain = loadRegion(join(import.meta.dirname, '../../config/policies'), 'sanya');

function overlay(set: OverlayRecord['set']): OverlayRecord {
  const documents = { 'sample-2024-1': { number: '样例', title: '样例', issued: '2024-01-10' } };
  return { overlay: 'test', region: 'sanya', sample: 'true', documents, set };
}

const claim = {
  careType: 'outpatient',
  treatmentArea: 'local',
  channel: 'direct',
  cause: 'ordinary',
};

describe('the three states of a parameter', () => {
  const policy = policyAt(chain, '2024-12-31');

  it('gives stated values by pool and grade', () => {
    expect(policy.ratio('budget.growth_cap', 'employee').toFixed()).toBe('0.1');
    expect(policy.ratio('overspend.fund_share', 'pass').toFixed()).toBe('0.2');
  });

  it('names the reading it took, and takes another when told', () => {
    expect(policy.parameter('deposit.forfeit').reading?.key).toBe('excellent-none');
    const other = overlay({
      'deposit.forfeit': { reading: 'excellent-all', clause: 'sample-2024-1 §1' },
    });
    const literal = policyAt(chain, '2024-12-31', [other]);
    expect(literal.ratio('deposit.forfeit', 'excellent').toFixed()).toBe('1');
    expect(literal.parameter('deposit.forfeit')).toMatchObject({
      overlay: 'test',
      sample: true,
      clause: 'sample-2024-1 §1',
    });
  });

  it('lists what is open and refuses to read it', () => {
    expect(policy.gaps.map(({ id }) => id)).toEqual([
      'assessment.grade_bounds',
      'assessment.scheme',
      'dip.rules',
      'indicators.limits',
      'overspend.base',
      'overspend.ceiling',
      'overspend.reasonable_test',
      'surplus.retention',
    ]);
    expect(() => policy.text('dip.rules')).toThrow(PolicyGapError);
  });

  it('takes a value only from its own day', () => {
    const late = overlay({
      'dip.rules': { values: { '2024-07-01': 'local' }, clause: 'sample-2024-1 §1' },
    });
    expect(policyAt(chain, '2024-06-30', [late]).gapOf('dip.rules')).not.toBeNull();
    expect(policyAt(chain, '2024-07-01', [late]).text('dip.rules')).toBe('local');
  });
});

describe('one year of trial (SY-19)', () => {
  it('halts a later year until a continuation is cited', () => {
    expect(policyAt(chain, '2025-12-31').gapOf('scheme.continuation')).not.toBeNull();
    expect(policyAt(chain, '2025-12-31').gaps.map(({ id }) => id)).toContain('scheme.continuation');
    const continued = overlay({
      'scheme.continuation': { values: { '2025-01-01': '2025-12-31' }, clause: 'sample-2024-1 §1' },
    });
    const ids = policyAt(chain, '2025-12-31', [continued]).gaps.map(({ id }) => id);
    expect(ids).not.toContain('scheme.continuation');
  });

  it('runs on under the other reading', () => {
    const on = overlay({ 'scheme.trial': { reading: 'runs-on', clause: 'sample-2024-1 §1' } });
    const ids = policyAt(chain, '2026-12-31', [on]).gaps.map(({ id }) => id);
    expect(ids).not.toContain('scheme.continuation');
  });

  it('does not apply before its first day', () => {
    const ids = policyAt(chain, '2023-12-31').gaps.map(({ id }) => id);
    expect(ids).toContain('scheme.effective');
  });
});

describe('what a city scheme takes from the province (HI-06, HI-11)', () => {
  it.each([
    ['2025-07-10', 'excluded', 'sanya-2024-6 §二'],
    ['2025-07-11', 'outpatient', 'hainan-2025-140 §四'],
  ])('dual channel on %s: %s', (day, bucket, clause) => {
    const policy = policyAt(chain, day);
    expect(policy.text('scope.dual_channel')).toBe(bucket);
    expect(policy.parameter('scope.dual_channel').clause).toBe(clause);
    const verdict = scopeOf(
      { ...claim, careType: 'pharmacy' },
      chain[0].scope?.rules ?? [],
      policy,
    );
    expect(verdict?.bucket).toBe(bucket);
  });

  it('knows the days on which values change', () => {
    expect(changeDates(chain, [])).toEqual(['2024-01-01', '2025-01-01', '2025-07-11']);
  });
});

describe('scope of a claim (SY-01, SY-02, SY-12)', () => {
  const policy = policyAt(chain, '2024-06-01');
  const rules = chain[0].scope?.rules ?? [];

  it.each([
    [{}, 'outpatient'],
    [{ careType: 'emergency' }, 'outpatient'],
    [{ careType: 'chronic' }, 'chronic'],
    [{ careType: 'two-disease' }, 'two-disease'],
    [{ careType: 'inpatient' }, 'inpatient'],
    [{ careType: 'family-planning' }, 'other'],
    [{ careType: 'pharmacy' }, 'excluded'],
    [{ careType: 'inpatient', treatmentArea: 'cross-province' }, 'excluded'],
    [{ channel: 'manual' }, 'excluded'],
    [{ cause: 'public-health-emergency' }, 'excluded'],
    [{ treatmentArea: 'in-province' }, 'excluded'],
  ])('%j goes to %s', (change, bucket) => {
    expect(scopeOf({ ...claim, ...change }, rules, policy)?.bucket).toBe(bucket);
  });

  it('leaves nothing without a rule', () => {
    expect(scopeOf({ ...claim, careType: 'unheard-of' }, rules, policy)).toBeNull();
  });
});

describe('files that say what they cannot mean', () => {
  function problems(
    text: string,
    schema: Parameters<typeof parseYaml>[0]['schema'],
  ): readonly string[] {
    try {
      parseYaml({ text, path: 'x.yaml', schema });
      return [];
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      return error.problems.map(({ line, message }) => `${line} ${message}`);
    }
  }

  it('are refused with line and reason', () => {
    const text = [
      'overlay: x',
      'region: sanya',
      'documents: {}',
      'set:',
      '  deposit.rate: { values: { 2024-01-01: 5 }, clause: sample-2024-1 §1 }',
      '  deposit.rates: { values: { 2024-01-01: 0.05 }, clause: sample-2024-1 §1 }',
      '  deposit.base: { reading: sideways, clause: sample-2024-1 §1 }',
      '  overspend.fund_share: { values: { 2024-01-01: { good: 0.5 } }, clause: sample-2024-1 §1 }',
    ].join('\n');
    expect(problems(text, checkedOverlaySchema(chain))).toEqual([
      expect.stringMatching(/^5 .*sample-2024-1/),
      expect.stringMatching(/^5 .*0 到 1/),
      expect.stringMatching(/^6 .*没有参数 deposit.rates/),
      expect.stringMatching(/^7 .*sample-2024-1/),
      expect.stringMatching(/^7 .*before-audit、after-audit/),
      expect.stringMatching(/^8 .*sample-2024-1/),
      expect.stringMatching(/^8 .*excellent、pass、fail/),
    ]);
  });

  it('may give a parameter one state only', () => {
    const text = [
      'region: x',
      'name: x',
      'effective: { from: 2024-01-01, clause: a-2024-1 §1 }',
      'documents: { a-2024-1: { number: a, title: a, issued: 2024-01-01 } }',
      'parameters:',
      '  a.rate: { label: a, unit: ratio, clause: a-2024-1 §1, values: { 2024-01-01: 0.1 }, unspecified: 未规定 }',
    ].join('\n');
    expect(problems(text, checkedRegionSchema)).toEqual([
      expect.stringMatching(/^6 .*恰有一种状态/),
    ]);
  });
});
