import { POOLS, type Pool } from '../claims/claim.js';
import { Decimal } from '../kernel/decimal.js';
import { type Fen, ZERO_FEN } from '../kernel/money.js';
import type { Facts } from './facts.js';

/** Points of a settlement unit in one pool. */
export interface UnitPoints {
  readonly points: Decimal;
  readonly paidAtActual: Fen;
  /** What the cases with points cost. */
  readonly cost: Fen;
  /** They are weights that a rate pays. */
  readonly isWeight: boolean;
}

/** Key of a settlement unit in a pool. */
export function unitKey(pool: Pool, institution: string): string {
  return `${pool} ${institution}`;
}

/** Whether the members' points of the facts are those of the units. */
export function hasPoints({ pools }: Facts, units: ReadonlyMap<string, UnitPoints>): boolean {
  const members = POOLS.flatMap((pool) =>
    (pools[pool]?.members ?? []).map((member) => ({
      key: unitKey(pool, member.institution),
      member,
    })),
  );
  return members.every(({ key, member }) => {
    const { points, paidAtActual } = units.get(key) ?? NO_POINTS;
    const own = member.points ?? member.methods.drgWeight;
    return own?.eq(points) === true && member.paidAtActual === paidAtActual;
  });
}

/** What a unit's cases come to; a unit without cases has none of what the others of its pool have. Null: nothing is scored. */
export function scoredOf(
  points: ReadonlyMap<string, UnitPoints> | null,
  pool: Pool,
  institution: string,
): UnitPoints | null {
  if (points === null) return null;
  const isWeight = [...points].some(
    ([key, unit]) => key.startsWith(unitKey(pool, '')) && unit.isWeight,
  );
  return points.get(unitKey(pool, institution)) ?? { ...NO_POINTS, isWeight };
}

const NO_POINTS: UnitPoints = {
  points: new Decimal(0),
  paidAtActual: ZERO_FEN,
  cost: ZERO_FEN,
  isWeight: false,
};
