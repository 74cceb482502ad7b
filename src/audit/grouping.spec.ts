import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { yuan } from '../kernel/money.js';
import { ageAtAdmission, type GroupingCase, withoutCodes } from './grouping.js';
import { loadGrouping } from './grouping.loader.js';

const demo = join(import.meta.dirname, '../../config/demo');
const drg = loadGrouping({ drg: 'chs-drg-1.1' }, null);
const dip = loadGrouping({ dip: 'sample-dip-2024' }, demo);

const pneumonia: GroupingCase = {
  sex: 'female',
  birthDate: '1980-06-15',
  admittedOn: '2024-03-01',
  diagnoses: ['J18.000', 'A41.000'],
  procedures: [],
  costFen: yuan('5000.00'),
};

describe('the grouper of a region', () => {
  it('groups by DRG, and anew without a code', () => {
    expect(drg?.groupOf(pneumonia)).toBe('ES31');
    expect(drg?.groupOf(withoutCodes(pneumonia, new Set(['A41.000'])))).toBe('ES35');
  });

  it('says nothing of a case whose sex or birth date is unknown, or without a principal diagnosis', () => {
    expect(drg?.groupOf({ ...pneumonia, sex: 'unknown' })).toBeNull();
    expect(drg?.groupOf({ ...pneumonia, birthDate: null })).toBeNull();
    expect(drg?.groupOf({ ...pneumonia, diagnoses: [] })).toBeNull();
    expect(dip?.groupOf({ ...pneumonia, diagnoses: [] })).toBeNull();
  });

  it('groups by the site’s DIP package', () => {
    expect(dip?.groupOf(pneumonia)).toMatch(/^J18/);
    expect(dip?.name).toMatch(/^sample-dip-2024 [0-9a-f]{12}$/);
  });

  it('is none where the region left it open, and wants a package that is there', () => {
    expect(loadGrouping({ unspecified: '待定' }, demo)).toBeNull();
    expect(() => loadGrouping({ dip: 'not-there' }, demo)).toThrow('not-there');
    expect(() => loadGrouping({ dip: 'sample-dip-2024' }, null)).toThrow('sample-dip-2024');
  });
});

describe('age at admission', () => {
  it.each([
    ['2024-03-01', { years: 0, days: 0 }],
    ['2023-03-02', { years: 0, days: 365 }],
    ['2023-03-01', { years: 1, days: null }],
  ])('of one born on %s', (birthDate, expected) => {
    expect(ageAtAdmission({ ...pneumonia, birthDate })).toEqual(expected);
  });
});
