import { POOLS, type Pool } from '../claims/claim.js';
import { add, type Fen, subtract, sum, ZERO_FEN } from '../kernel/money.js';
import { isSame, onlyUnbalancedPool } from './agency-differences.js';
import type { DeclarationFacts, MonthFacts, UnbalancedFacts } from './facts.js';

export interface SourceTotal {
  readonly institution: string;
  /** Null when a read could not tell. */
  readonly sourceRows: number | null;
  readonly sourceFen: Fen | null;
  readonly landedRows: number;
  readonly landedFen: Fen;
  readonly quarantinedRows: number;
  readonly quarantinedFen: Fen;
}

export interface AgencyTotal {
  readonly institution: string;
  readonly pool: Pool;
  readonly gatewayClaims: number;
  readonly gatewayTotalFeeFen: Fen;
  readonly gatewayFundPaidFen: Fen;
  /** Null while the agency's side is not known. */
  readonly agencyClaims: number | null;
  readonly agencyTotalFeeFen: Fen | null;
  readonly agencyFundPaidFen: Fen | null;
}

/** By institution, in order of its code: what its system has, and what came of it. */
export function sourceTotals({ batches }: MonthFacts): SourceTotal[] {
  const institutions = [...new Set(batches.map(({ institution }) => institution))].sort(byCode);
  return institutions.map((institution) => {
    const own = batches.filter((batch) => batch.institution === institution);
    const unknown = own.some(({ sourceRows, state }) => sourceRows === null && state !== 'empty');
    const amounts = own.map(({ sourceFen, landedFen, quarantinedFen }) =>
      sourceFen === null ? add(landedFen, quarantinedFen) : sourceFen,
    );
    return {
      institution,
      sourceRows: unknown ? null : own.reduce((rows, each) => rows + (each.sourceRows ?? 0), 0),
      sourceFen: unknown ? null : sum(amounts),
      landedRows: own.reduce((rows, each) => rows + each.landedRows, 0),
      landedFen: sum(own.map((each) => each.landedFen)),
      quarantinedRows: own.reduce((rows, each) => rows + each.quarantinedRows, 0),
      quarantinedFen: sum(own.map((each) => each.quarantinedFen)),
    };
  });
}

/**
 * By settlement unit and pool: what our books hold, and what the agency has. The agency never states its totals: they are what we
 * declared where it says balanced, and that corrected by the rows of its detail where it does not.
 */
export function agencyTotals(facts: MonthFacts): AgencyTotal[] {
  const sides = [...facts.books, ...facts.declarations];
  const institutions = [...new Set(sides.map(({ institution }) => institution))].sort(byCode);
  return institutions.flatMap((institution) =>
    POOLS.map((pool) => {
      const isOwn = (each: { institution: string; pool: Pool }) =>
        each.institution === institution && each.pool === pool;
      const book = facts.books.find(isOwn);
      return {
        ...{ institution, pool, gatewayClaims: book?.claims ?? 0 },
        gatewayTotalFeeFen: book?.totalFeeFen ?? ZERO_FEN,
        gatewayFundPaidFen: book?.fundPaidFen ?? ZERO_FEN,
        ...agencySide(facts.declarations.filter(isOwn), facts),
      };
    }),
  );
}

type AgencySide = Pick<AgencyTotal, 'agencyClaims' | 'agencyTotalFeeFen' | 'agencyFundPaidFen'>;

function agencySide(declarations: readonly DeclarationFacts[], facts: MonthFacts): AgencySide {
  const corrections = declarations.map((each) => correctionOf(each, facts));
  const known = corrections.filter((each) => each !== null);
  if (declarations.length === 0 || known.length < corrections.length) {
    return { agencyClaims: null, agencyTotalFeeFen: null, agencyFundPaidFen: null };
  }
  const parts = [...declarations, ...known];
  return {
    agencyClaims: parts.reduce((claims, each) => claims + each.claims, 0),
    agencyTotalFeeFen: sum(parts.map(({ totalFeeFen }) => totalFeeFen)),
    agencyFundPaidFen: sum(parts.map(({ fundPaidFen }) => fundPaidFen)),
  };
}

interface Correction {
  readonly claims: number;
  readonly totalFeeFen: Fen;
  readonly fundPaidFen: Fen;
}

/** What turns our declared totals into the agency's; null while its detail is not here or leaves the pool open. */
function correctionOf(declaration: DeclarationFacts, facts: MonthFacts): Correction | null {
  if (declaration.balanced === null) return null;
  if (declaration.balanced) return { claims: 0, totalFeeFen: ZERO_FEN, fundPaidFen: ZERO_FEN };
  const rows = facts.unbalanced.filter(
    ({ institution, clearingType }) =>
      institution === declaration.institution && clearingType === declaration.clearingType,
  );
  if (rows.length === 0) return null;
  const pools = rows.map((row) => poolOf(row, facts));
  if (pools.includes(null)) return null;
  const own = rows
    .filter((_, index) => pools[index] === declaration.pool)
    .map((row) => rowCorrection(row, facts));
  return {
    claims: own.reduce((claims, each) => claims + each.claims, 0),
    totalFeeFen: sum(own.map((each) => each.totalFeeFen)),
    fundPaidFen: sum(own.map((each) => each.fundPaidFen)),
  };
}

function poolOf(row: UnbalancedFacts, facts: MonthFacts): Pool | null {
  const claim = facts.disputed.find((each) => isSame(each, row));
  return claim?.pool ?? onlyUnbalancedPool(facts, row);
}

function rowCorrection(row: UnbalancedFacts, facts: MonthFacts): Correction {
  const claim = facts.disputed.find((each) => isSame(each, row));
  const theirs = row.senderMessageId === null ? 0 : 1;
  const ours = claim === undefined ? 0 : 1;
  return {
    claims: theirs - ours,
    totalFeeFen: subtract(row.totalFeeFen ?? ZERO_FEN, claim?.totalFeeFen ?? ZERO_FEN),
    fundPaidFen: subtract(row.fundPaidFen ?? ZERO_FEN, claim?.fundPaidFen ?? ZERO_FEN),
  };
}

function byCode(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
