import { describe, expect, it } from '@jest/globals';
import { clauseCase } from '../../../test/support/clause-case.js';
import { CARE_TYPES } from '../../claims/claim.js';
import { policyAt } from '../../policy/resolve.js';
import { type ScopeFacts, scopeOf } from '../../policy/scope.js';

/** Ganyu’s text: where a claim’s booked amount goes. */

const { chain, sample } = clauseCase('ganyu');

describe('scope of claims (GY-05, GY-06, GY-08, GY-15, GY-16, GY-17)', () => {
  const claim: ScopeFacts = {
    careType: 'outpatient',
    treatmentArea: 'local',
    channel: 'direct',
    cause: 'ordinary',
  };
  const bucketOf = (facts: Partial<ScopeFacts>, set = {}) => {
    const overlay = { ...sample, set: { ...sample.set, ...set } };
    const policy = policyAt(chain, '2025-06-30', [overlay]);
    return scopeOf({ ...claim, ...facts }, chain[0].scope?.rules ?? [], policy)?.bucket;
  };

  it.each([
    ['outpatient', 'outpatient'],
    ['emergency', 'outpatient'],
    ['chronic', 'chronic'],
    ['two-disease', 'two-disease'],
    ['inpatient', 'inpatient'],
    ['bed-day', 'inpatient'],
    ['maternity', 'maternity'],
    ['family-planning', 'maternity'],
    ['pharmacy', 'outside'], // settled by the agency on its own (GY-17)
    ['home-bed', 'home-bed'],
  ])('%s goes to %s', (careType, bucket) => {
    expect(bucketOf({ careType })).toBe(bucket);
  });

  it('knows every care type', () => {
    expect(CARE_TYPES.filter((careType) => bucketOf({ careType }) === undefined)).toEqual([]);
  });

  it('leaves out the insured of elsewhere and counts manual reimbursement', () => {
    expect(bucketOf({ treatmentArea: 'in-province' })).toBe('excluded');
    expect(bucketOf({ treatmentArea: 'cross-province' })).toBe('excluded');
    expect(bucketOf({ channel: 'manual' })).toBe('manual');
  });

  it('moves maternity and emergency care by the other reading', () => {
    const read = (id: string, reading: string) => ({
      [id]: { reading, clause: 'sample-2025-1 §9' },
    });
    expect(bucketOf({ careType: 'maternity' }, read('scope.maternity', 'outside'))).toBe('outside');
    expect(bucketOf({ careType: 'emergency' }, read('scope.emergency', 'home-bed'))).toBe(
      'home-bed',
    );
  });
});
