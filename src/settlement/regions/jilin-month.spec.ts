import { describe, expect, it } from '@jest/globals';
import { regionCase, setting } from '../../../test/support/region-case.js';

/** Jilin’s text: a month that is prepaid by its bookings. */

const { amountOf, compute, facts, figureOf, idsOf } = regionCase('jilin');
const month = facts('month-2025-11.yaml');

describe('violations deducted month by month, where that is read (JL-05)', () => {
  const monthly = (amount: string, ofMember = amount): string =>
    setting(
      month
        .replace('    members:', `    auditDeductions: ${amount}\n    members:`)
        .replace(/( +)- institution: H22010000001\n/, `$&$1  auditDeductions: ${ofMember}\n`),
      'audit.timing: { reading: monthly, clause: sample-2025-9 §1 }',
    );

  it('comes off the lead’s money and off the member’s, once', () => {
    const text = monthly('10.00');
    expect(amountOf(text, 'prepayment')).toBe('900.05');
    expect(figureOf(text, 'audit-deductions')).toMatchObject({
      amount: '10.00',
      booking: { from: 'lead', to: 'agency' },
    });
    expect(figureOf(text, 'member.H22010000001.audit-charge')).toMatchObject({
      amount: '-10.00',
      booking: { from: 'lead', to: 'member:H22010000001' },
    });
  });

  it('is owed where it exceeds the prepayment', () => {
    expect(amountOf(monthly('1000.00'), 'receivable')).toBe('99.95');
    expect(amountOf(monthly('1000.00'), 'member.H22010000001.receivable')).toBe('216.95');
  });

  it('halts when nobody told it, or when the members do not make it up', () => {
    const untold = setting(month, 'audit.timing: { reading: monthly, clause: sample-2025-9 §1 }');
    expect(idsOf(untold)).toEqual(['resident.audit_deductions']);
    expect(idsOf(monthly('10.00', '9.99'))).toEqual(['resident.members.audit_deductions']);
  });

  it('leaves the month alone where the year deducts', () => {
    const keys = compute(month).map(({ id }) => id);
    expect(keys.filter((id) => id.includes('audit'))).toEqual([]);
  });
});
