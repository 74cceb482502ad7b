import { describe, expect, it } from '@jest/globals';
import type { CareType } from '../claims/claim.js';
import { sum, yuan } from '../kernel/money.js';
import { type ClaimTotals, declarationsOf } from './declaration.js';
import type { AgencySettings } from './profile.js';

const settings: AgencySettings = {
  profile: {
    profile: 'test',
    title: '',
    source: '',
    path: '/',
    receiver: 'X',
    interfaceVersion: '1',
    signing: 'none',
    pools: { employee: '310', resident: '390' },
    clearingTypes: { '11': ['outpatient', 'emergency'], '21': ['inpatient'] },
    repeatedTexts: [],
    balancedCodes: ['0'],
    refundFlags: { ordinary: '0', refund: '1', included: '1' },
  },
  site: {
    profile: 'test',
    connection: { url: 'http://127.0.0.1' },
    treatmentArea: '460200',
    settlementAgency: '460299',
    operator: { code: 'heyi', name: 'heyi', type: '1' },
    settlementUnits: [
      { institution: 'H46020000001', name: '甲' },
      { institution: 'H46020000003', name: '乙' },
    ],
  },
};

const totals = (changes: Partial<ClaimTotals> = {}): ClaimTotals => ({
  settledBy: 'H46020000001',
  pool: 'resident',
  careType: 'outpatient',
  claims: 2,
  totalFeeFen: yuan('10.00'),
  fundPaidFen: yuan('6.00'),
  accountPaidFen: yuan('1.00'),
  ...changes,
});

describe('what is declared for a month', () => {
  it('covers every settlement unit, pool and clearing type, nothing included', () => {
    expect(declarationsOf([], settings)).toHaveLength(2 * 2 * 2);
  });

  it('adds care types that share a clearing type, and loses no fen', () => {
    const books = [
      totals(),
      totals({ careType: 'emergency', claims: 1, totalFeeFen: yuan('-3.50') }),
      totals({ careType: 'inpatient', pool: 'employee' }),
      totals({ settledBy: 'H46020000003' }),
    ];
    const declared = declarationsOf(books, settings);
    const outpatient = declared.filter(
      ({ institution, pool, clearingType }) =>
        institution === 'H46020000001' && pool === 'resident' && clearingType === '11',
    );
    expect(outpatient).toMatchObject([{ claims: 3, totalFeeFen: yuan('6.50') }]);
    expect(sum(declared.map((each) => each.totalFeeFen))).toBe(
      sum(books.map((each) => each.totalFeeFen)),
    );
  });

  it('halts at a unit or a care type it has no place for', () => {
    expect(() => declarationsOf([totals({ settledBy: 'V1' })], settings)).toThrow(
      'V1 不在 agency.yaml',
    );
    const careType: CareType = 'chronic';
    expect(() => declarationsOf([totals({ careType })], settings)).toThrow('chronic');
  });
});
