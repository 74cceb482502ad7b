import { Decimal } from '../kernel/decimal.js';
import {
  type Fen,
  greatest,
  least,
  roundToFen,
  subtract,
  toDecimalFen,
  ZERO_FEN,
} from '../kernel/money.js';

/**
 * The generic marginal band engine (分段累进): what of an amount over, or under, a base somebody else bears or keeps. Each slice of the
 * amount counts at its own band's share, never the whole amount at one share, so that nothing jumps at a threshold.
 */
export interface Band {
  /** Upper edge as a part of the base; null = open. */
  readonly upTo: Decimal | null;
  /** Part of the slice that is borne or kept, 0 to 1. */
  readonly share: Decimal;
}

/** The part of an amount that lies in one band, in unrounded fen. */
export interface Slice {
  readonly band: Band;
  readonly amount: Decimal;
}

/** Why bands cannot be used, in words; null when they can: edges must rise and the last must be open. */
export function bandsFault(bands: readonly Pick<Band, 'upTo'>[]): string | null {
  const edges = bands.map(({ upTo }) => upTo);
  if (edges.length === 0 || edges.at(-1) !== null) return '最后一段的 up-to 应为 none';
  const closed = edges.slice(0, -1);
  if (closed.some((edge) => edge === null)) return '只有最后一段的 up-to 可为 none';
  const rising = closed.every((edge, index) => edge?.gt(closed[index - 1] ?? 0) === true);
  return rising ? null : '各段的 up-to 应大于零并从小到大';
}

/** Cuts an amount (≥ 0) at the bands' edges; a base below zero leaves only the open band. */
export function slicesOf(amount: Fen, base: Fen, bands: readonly Band[]): readonly Slice[] {
  const whole = toDecimalFen(amount);
  const measure = toDecimalFen(greatest(base, ZERO_FEN));
  let from = new Decimal(0);
  return bands.map((band) => {
    const edge = band.upTo === null ? whole : Decimal.min(measure.times(band.upTo), whole);
    const cut = { band, amount: Decimal.max(edge.minus(from), 0) };
    from = Decimal.max(edge, from);
    return cut;
  });
}

export interface Banded {
  readonly amount: Fen;
  readonly base: Fen;
  readonly bands: readonly Band[];
  /** Most that may come out; null = no cap. */
  readonly cap: Fen | null;
}

/** Σ slice × share, rounded half-up once, at most the cap. */
export function bandedPart({ amount, base, bands, cap }: Banded): Fen {
  const exact = slicesOf(amount, base, bands).map((slice) => slice.amount.times(slice.band.share));
  const part = roundToFen(Decimal.sum(0, ...exact), 'half-up');
  return cap === null ? part : least(part, greatest(cap, ZERO_FEN));
}

export interface OverspendQuestion {
  readonly overspend: Fen;
  readonly base: Fen;
  readonly bands: readonly Band[];
  /** Overspend of single members, or of violating cost, that is left out of sharing (scope MEMBER). */
  readonly barred: Fen;
  /** Nothing at all is shared (scope GROUP). */
  readonly groupBarred: boolean;
  /** Most that counts as reasonable; null = all of it. */
  readonly limit: Fen | null;
  readonly cap: Fen | null;
}

/** Who bears an overspend: barred + fund + own = overspend, to the fen. */
export interface OverspendShares {
  readonly barred: Fen;
  readonly shareable: Fen;
  readonly fund: Fen;
  readonly own: Fen;
}

/** Splits an overspend (≥ 0). What may be shared fills the bands from the base upwards. */
export function shareOverspend(question: OverspendQuestion): OverspendShares {
  const { overspend, base, bands, cap, limit } = question;
  const barred = least(greatest(question.barred, ZERO_FEN), overspend);
  const left = subtract(overspend, barred);
  const reasonable = limit === null ? left : least(left, greatest(limit, ZERO_FEN));
  const shareable = question.groupBarred ? ZERO_FEN : reasonable;
  const fund = bandedPart({ amount: shareable, base, bands, cap });
  return { barred, shareable, fund, own: subtract(left, fund) };
}
