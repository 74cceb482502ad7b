import { Decimal } from '../../kernel/decimal.js';
import {
  add,
  type Fen,
  roundToFen,
  subtract,
  sum,
  toDecimalFen,
  ZERO_FEN,
} from '../../kernel/money.js';
import { shareOut } from '../shares.js';
import { fundPart, type Paid, type PayableBasis } from './payable-basis.js';

/** A member as a points method pays it. */
export interface PointsMember extends Paid {
  readonly score: Decimal;
  /** Paid off the pool at its amount, whatever the points. */
  readonly atActual: Fen;
}

export interface PoolRule {
  readonly basis: PayableBasis;
  /** Decimals of a published point value, by which members are then paid; null: the pool is split exactly. */
  readonly published: number | null;
}

export interface PoolSplit {
  /** Yuan a point, as it is paid by; null when nobody has points. */
  readonly value: Decimal | null;
  readonly payable: readonly Fen[];
  /** What of the pool the members' payables leave: rounding of a published value, or ratios that differ. */
  readonly residue: Fen;
}

const FEN_PER_YUAN = 100;

/**
 * Splits a pool by points. Where the points share the fund's part, or standards less the patients' part, the members come to the pool
 * to the fen by largest remainder. A published value, or ratios of the members' own, leave a residue, which is never lost.
 */
export function splitPool(pool: Fen, members: readonly PointsMember[], rule: PoolRule): PoolSplit {
  const left = subtract(pool, sum(members.map(({ atActual }) => atActual)));
  const points = pointsOf(members);
  if (points.isZero())
    return { value: null, payable: members.map(({ atActual }) => atActual), residue: left };
  const total = standardTotal(left, members, rule.basis);
  const exact = total.div(FEN_PER_YUAN).div(points);
  if (rule.published === null && rule.basis !== 'cost-ratio')
    return { value: exact, payable: exactParts(left, members, rule.basis), residue: ZERO_FEN };
  const value =
    rule.published === null ? exact : exact.toDecimalPlaces(rule.published, Decimal.ROUND_HALF_UP);
  const payable = members.map((member) => payableAt(value, member, rule.basis));
  return { value, payable, residue: subtract(pool, sum(payable)) };
}

/** What a member is paid at a point value in yuan: cases at actual, and its points. Rounded half-up once. */
export function payableAt(value: Decimal, member: PointsMember, basis: PayableBasis): Fen {
  const standard = member.score.times(value).times(FEN_PER_YUAN);
  return add(member.atActual, roundToFen(fundPart(standard, member, basis), 'half-up'));
}

/** The whole that the points stand for, in fen: the fund's part itself, or the standards it is a part of. */
function standardTotal(left: Fen, members: readonly PointsMember[], basis: PayableBasis): Decimal {
  const booked = sum(members.map((member) => member.booked));
  const cost = sum(members.map((member) => member.cost));
  if (basis === 'fund-points') return toDecimalFen(left);
  if (basis === 'standard-minus-patient') return toDecimalFen(add(left, subtract(cost, booked)));
  return booked === 0n
    ? toDecimalFen(left)
    : toDecimalFen(left).times(toDecimalFen(cost)).div(toDecimalFen(booked));
}

function exactParts(
  left: Fen,
  members: readonly PointsMember[],
  basis: PayableBasis,
): readonly Fen[] {
  const patient = members.map(({ cost, booked }) =>
    basis === 'standard-minus-patient' ? subtract(cost, booked) : ZERO_FEN,
  );
  const shares = shareOut(
    add(left, sum(patient)),
    members.map(({ score }) => score),
  );
  return members.map(({ atActual }, index) =>
    add(atActual, subtract(shares[index] ?? ZERO_FEN, patient[index] ?? ZERO_FEN)),
  );
}

function pointsOf(members: readonly PointsMember[]): Decimal {
  return members.reduce((total, { score }) => total.plus(score), new Decimal(0));
}
