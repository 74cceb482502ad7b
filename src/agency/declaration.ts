import type { CareType, Pool } from '../claims/claim.js';
import { POOLS } from '../claims/claim.js';
import { add, type Fen, toYuan, ZERO_FEN } from '../kernel/money.js';
import type { Month } from '../kernel/period.js';
import type { TotalsContent } from './content.js';
import { UnknownSettlementUnitError, UnmappedCareTypeError } from './errors.js';
import type { AgencyProfile, AgencySettings } from './profile.js';

/** Claims of a month as the books group them. */
export interface ClaimTotals {
  readonly settledBy: string;
  readonly pool: Pool;
  readonly careType: CareType;
  readonly claims: number;
  readonly totalFeeFen: Fen;
  readonly fundPaidFen: Fen;
  readonly accountPaidFen: Fen;
}

export interface Declaration {
  readonly institution: string;
  readonly pool: Pool;
  readonly clearingType: string;
  readonly claims: number;
  readonly totalFeeFen: Fen;
  readonly fundPaidFen: Fen;
  readonly accountPaidFen: Fen;
}

/** The clearing type (清算类别) that a care type is counted under. @throws UnmappedCareTypeError */
export function clearingTypeOf(
  careType: CareType,
  { clearingTypes, profile }: AgencyProfile,
): string {
  const found = Object.entries(clearingTypes).find(([, careTypes]) => careTypes.includes(careType));
  if (found !== undefined) return found[0];
  throw new UnmappedCareTypeError(`接口方式 ${profile} 没有为医疗类别 ${careType} 指定清算类别`, {
    profile,
    careType,
  });
}

/**
 * One declaration for every settlement unit × pool × clearing type, zeros too: what we have none of, the agency may have some of.
 *
 * @throws UnknownSettlementUnitError, UnmappedCareTypeError
 */
export function declarationsOf(
  totals: readonly ClaimTotals[],
  { profile, site }: AgencySettings,
): Declaration[] {
  const units = new Set(site.settlementUnits.map(({ institution }) => institution));
  const declared = new Map<string, Declaration>();
  for (const institution of units) {
    for (const pool of POOLS) {
      for (const clearingType of Object.keys(profile.clearingTypes)) {
        const nothing = { claims: 0, totalFeeFen: ZERO_FEN, fundPaidFen: ZERO_FEN };
        declared.set(`${institution}|${pool}|${clearingType}`, {
          ...{ institution, pool, clearingType, ...nothing },
          accountPaidFen: ZERO_FEN,
        });
      }
    }
  }
  for (const total of totals) {
    const clearingType = clearingTypeOf(total.careType, profile);
    const key = `${total.settledBy}|${total.pool}|${clearingType}`;
    const before = declared.get(key);
    if (before === undefined) {
      throw new UnknownSettlementUnitError(`结算机构 ${total.settledBy} 不在 agency.yaml 中`, {
        institution: total.settledBy,
      });
    }
    declared.set(key, plus(before, total));
  }
  return [...declared.values()];
}

function plus(before: Declaration, total: ClaimTotals): Declaration {
  return {
    ...before,
    claims: before.claims + total.claims,
    totalFeeFen: add(before.totalFeeFen, total.totalFeeFen),
    fundPaidFen: add(before.fundPaidFen, total.fundPaidFen),
    accountPaidFen: add(before.accountPaidFen, total.accountPaidFen),
  };
}

export function totalsContentOf(month: Month, declaration: Declaration): TotalsContent {
  return {
    month,
    pool: declaration.pool,
    clearingType: declaration.clearingType,
    claims: declaration.claims,
    totalFee: toYuan(declaration.totalFeeFen),
    fundPaid: toYuan(declaration.fundPaidFen),
    accountPaid: toYuan(declaration.accountPaidFen),
  };
}
