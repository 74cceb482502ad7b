import { describe, expect, it } from '@jest/globals';
import { audit, point, summary } from '../../test/audit/vectors.js';
import { toYuan } from '../kernel/money.js';
import { knowledgeBaseOf } from '../knowledge/knowledge.js';

/** The acceptance vectors that span rules: amounts, overlap, clinics. Those of one rule stand in its YAML file. */

describe('three rules on one line of 1,280.00', () => {
  const knowledge = knowledgeBaseOf('three', [
    point('insurance-type', { insurance: 'work-injury' }),
    point('drug-sex', { sex: 'male' }),
    point('care-setting', { settings: ['inpatient'] }),
  ]);
  const claims = [{ lines: [{ item: 'X1', on: '2024-03-01', price: '1280.00' }] }];

  it('claim 1,280.00 once: one primary, two corroborations', () => {
    const { findings } = audit({ claims }, { knowledge });
    expect(summary(findings)).toEqual([
      'CAT-01 primary 1280.00',
      'CAT-06 corroboration 0.00',
      'CAT-10 corroboration 0.00',
    ]);
    const primary = findings.find(({ role }) => role === 'primary');
    const others = findings.filter(({ role }) => role === 'corroboration');
    expect(others.map((each) => each.primaryFindingId)).toEqual([
      primary?.findingId,
      primary?.findingId,
    ]);
  });

  it('promote the next when the primary is dismissed, priced again', () => {
    const first = audit({ claims }, { knowledge }).findings.find(({ role }) => role === 'primary');
    const { findings } = audit({ claims }, { knowledge, dismissed: [first?.findingId ?? ''] });
    expect(summary(findings.filter(({ mode }) => mode === 'active'))).toEqual([
      'CAT-06 primary 1280.00',
      'CAT-10 corroboration 0.00',
    ]);
    const kept = findings.filter(({ mode }) => mode === 'dismissed');
    expect(kept.map(({ rule, amountFen }) => [rule.id, amountFen])).toEqual([['CAT-01', 0n]]);
  });
});

describe('an item hit inside a packaged (DIP) case', () => {
  const claims = [
    {
      admitted: '2024-03-01',
      discharged: '2024-03-05',
      fund: '60.00',
      lines: [{ item: '001201000040000', on: '2024-03-02', quantity: '2', price: '50.00' }],
    },
  ];

  it.each([
    ['ITEM_FUND', '30.00', 'exact'],
    ['REGROUP_ONLY', '0.00', 'record-only'],
    ['RECORD_ONLY', '0.00', 'record-only'],
  ] as const)('under %s costs %s', (itemHit, amount, money) => {
    const packagedCase = { careTypes: ['inpatient' as const], itemHit };
    const { findings } = audit({ claims }, { settings: { packagedCase } });
    expect(
      findings.map((each) => [each.rule.id, each.role, toYuan(each.amountFen), each.money]),
    ).toEqual([['QTY-01', 'primary', amount, money]]);
  });
});

describe('a village clinic', () => {
  it('keeps the finding; its township centre carries the deduction', () => {
    const { findings } = audit({
      sex: 'male',
      claims: [
        {
          at: 'V01',
          settledBy: 'T01',
          level: 'village',
          lines: [{ item: '002101030300000', on: '2024-03-01', price: '35.00' }],
        },
      ],
    });
    expect(findings.flatMap(({ shares }) => shares)).toEqual([
      expect.objectContaining({
        institution: 'V01',
        settledBy: 'T01',
        pool: 'resident',
        amountFen: 3500n,
      }),
    ]);
  });
});

describe('male with a female item and a female newborn on the mother’s account', () => {
  const claims = (born: string) => ({
    born,
    claims: [{ lines: [{ item: '002101030280000', on: '2024-03-05' }] }],
  });

  it('is a hit for a grown man, none for an account in the first 28 days', () => {
    const man = {
      sex: 'male',
      claims: [{ lines: [{ item: '002101030300000', on: '2024-03-05' }] }],
    };
    expect(summary(audit(man).findings)).toEqual(['CAT-07 primary 100.00']);
    for (const born of ['2024-02-20', '2024-02-06'])
      expect(audit({ sex: 'female', ...claims(born) }).findings).toEqual([]);
    expect(summary(audit({ sex: 'female', ...claims('2024-02-05') }).findings)).toEqual([
      'CAT-07 primary 100.00',
    ]);
  });
});

describe('the result', () => {
  const stays = [
    { no: 'A', admitted: '2024-02-20', discharged: '2024-03-01' },
    { no: 'B', admitted: '2024-03-08', discharged: '2024-03-12' },
    { no: 'C', lines: [{ item: '001201000040000', on: '2024-03-20', quantity: '2' }] },
  ];

  it('is the same in whatever order claims and lines arrive', () => {
    const forth = audit({ claims: stays });
    expect(forth.findings).toHaveLength(2);
    expect(audit({ claims: stays.toReversed() }).digest).toBe(forth.digest);
  });

  it('of one month does not change when the next month arrives', () => {
    const course = { item: 'XB01AXA223B004010180963', price: '50.00' };
    const stroke = { diagnoses: ['I63.900'] };
    const january = {
      ...{ ...stroke, no: 'J' },
      lines: [{ ...course, on: '2024-01-12', until: '2024-01-27' }],
    };
    const february = {
      ...{ ...stroke, no: 'F' },
      lines: [{ ...course, on: '2024-02-01', until: '2024-02-03' }],
    };
    const alone = audit({ claims: [january] });
    const both = audit({ claims: [january, february] });
    expect(alone.findings).toHaveLength(1);
    expect(both.findings).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          findingId: alone.findings[0]?.findingId,
          amountFen: alone.findings[0]?.amountFen,
          month: '2024-01',
        }),
      ]),
    );
    expect(summary(both.findings)).toEqual(['CAT-11 primary 100.00', 'CAT-11 primary 150.00']);
  });
});
