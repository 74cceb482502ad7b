import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { POOLS } from '../claims/claim.js';
import { fen, sum, ZERO_FEN } from '../kernel/money.js';
import type { ClaimFacts, MonthFacts, UnbalancedFacts } from './facts.js';
import { reconcile } from './reconcile.js';

const LEAD = 'H46020000001';

const nothing: MonthFacts = {
  batches: [],
  standing: [],
  quarantined: [],
  late: [],
  adjusted: [],
  refunds: [],
  books: [],
  declarations: [],
  unbalanced: [],
  disputed: [],
  unsettled: [],
};

describe('gateway ↔ agency', () => {
  /** Who has a claim, and what the agency believes of it. */
  const fate = fc.record({
    side: fc.constantFrom('both', 'differs', 'gateway', 'agency'),
    pool: fc.constantFrom(...POOLS),
    clearingType: fc.constantFrom('11', '21'),
    totalFee: fc.bigInt({ min: -10_000n, max: 10_000n }),
    fundPaid: fc.bigInt({ min: -10_000n, max: 10_000n }),
    more: fc.bigInt({ min: 1n, max: 500n }),
  });

  it('finds exactly what was planted, and the agency’s own totals, whatever the mixture', () => {
    fc.assert(
      fc.property(fc.array(fate, { maxLength: 40 }), (fates) => {
        const ours = fates.flatMap((each, index) =>
          each.side === 'agency' ? [] : [claimOf(each, index)],
        );
        const theirs = fates.flatMap((each, index) => {
          if (each.side === 'gateway') return [];
          const claim = claimOf(each, index);
          const more = each.side === 'differs' ? each.more : 0n;
          return [{ ...claim, fundPaidFen: fen(claim.fundPaidFen + more) }];
        });
        const result = reconcile('2024-03', factsOf(ours, theirs));
        const planted = fates.flatMap(({ side }) => (side === 'both' ? [] : [PLANTED[side]]));
        expect(result.differences.map(({ kind }) => String(kind)).sort(byText)).toEqual(
          [...planted].sort(byText),
        );
        for (const row of result.agencyTotals) {
          if (row.agencyClaims === null) continue; // an agency-extra whose pool the result file leaves open
          const own = theirs.filter(({ pool }) => pool === row.pool);
          expect(row.agencyClaims).toBe(own.length);
          expect(row.agencyFundPaidFen).toBe(sum(own.map(({ fundPaidFen }) => fundPaidFen)));
        }
      }),
    );
  });
});

type Entry = ClaimFacts & { readonly clearingType: string };

const PLANTED = {
  differs: 'amount-differs',
  gateway: 'gateway-extra',
  agency: 'agency-extra',
} as const;

function claimOf(
  fate: Pick<Entry, 'pool' | 'clearingType'> & {
    readonly totalFee: bigint;
    readonly fundPaid: bigint;
  },
  index: number,
): Entry {
  return {
    institution: LEAD,
    settledBy: LEAD,
    claimNo: `C${index}`,
    isRefund: false,
    pool: fate.pool,
    clearingType: fate.clearingType,
    period: '2024-03',
    totalFeeFen: fen(fate.totalFee),
    fundPaidFen: fen(fate.fundPaid),
    accountPaidFen: ZERO_FEN,
  };
}

/** What an agency that compares as the interface says would have told us. */
function factsOf(ours: readonly Entry[], theirs: readonly Entry[]): MonthFacts {
  const of = (rows: readonly Entry[], pool: string, clearingType: string) =>
    rows.filter((each) => each.pool === pool && each.clearingType === clearingType);
  const total = (rows: readonly Entry[]) => ({
    claims: rows.length,
    totalFeeFen: sum(rows.map(({ totalFeeFen }) => totalFeeFen)),
    fundPaidFen: sum(rows.map(({ fundPaidFen }) => fundPaidFen)),
    accountPaidFen: ZERO_FEN,
  });
  const declarations = POOLS.flatMap((pool) =>
    ['11', '21'].map((clearingType) => {
      const [here, there] = [of(ours, pool, clearingType), of(theirs, pool, clearingType)];
      const same = here.every((claim) => there.some((each) => isEqual(each, claim)));
      const balanced = same && here.length === there.length;
      return { institution: LEAD, pool, clearingType, ...total(here), balanced };
    }),
  );
  const compared = new Set(
    declarations.filter(({ balanced }) => !balanced).map(({ clearingType }) => clearingType),
  );
  const books = POOLS.map((pool) => ({
    ...{ institution: LEAD, pool },
    ...total(ours.filter((each) => each.pool === pool)),
  }));
  const rows = [...compared].flatMap((clearingType) => unbalancedRows(ours, theirs, clearingType));
  return { ...nothing, books, declarations, unbalanced: rows, disputed: ours };
}

function unbalancedRows(
  ours: readonly Entry[],
  theirs: readonly Entry[],
  clearingType: string,
): UnbalancedFacts[] {
  const row = (claim: Entry): UnbalancedFacts => ({
    ...claim,
    senderMessageId: `M${claim.claimNo}`,
  });
  const here = ours.filter((each) => each.clearingType === clearingType);
  const there = theirs.filter((each) => each.clearingType === clearingType);
  const missing = here.filter((claim) => !there.some(({ claimNo }) => claimNo === claim.claimNo));
  return [
    ...missing.map((claim) => ({
      ...{ ...row(claim), senderMessageId: null, totalFeeFen: null },
      ...{ fundPaidFen: null, accountPaidFen: null },
    })),
    ...there.flatMap((claim) => {
      const match = here.find(({ claimNo }) => claimNo === claim.claimNo);
      if (match === undefined) return [{ ...row(claim), claimNo: null }];
      return isEqual(match, claim) ? [] : [row(claim)];
    }),
  ];
}

function isEqual(a: Entry, b: Entry): boolean {
  return a.claimNo === b.claimNo && a.fundPaidFen === b.fundPaidFen;
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
