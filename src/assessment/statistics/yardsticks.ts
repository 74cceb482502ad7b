import { Decimal } from '../../kernel/decimal.js';

/** Median and 90th percentile by linear interpolation between ranks. */
export function quantile(values: readonly Decimal[], at: number): Decimal {
  const sorted = values.toSorted((a, b) => a.comparedTo(b));
  const position = (sorted.length - 1) * at;
  const low = Math.floor(position);
  const first = sorted[low] ?? new Decimal(0);
  const second = sorted[low + 1] ?? first;
  return first.plus(second.minus(first).times(new Decimal(position).minus(low)));
}

/** Makes the median absolute deviation comparable with a standard deviation of normally distributed values. */
const NORMAL = new Decimal('0.6745');

/** Robust z = 0.6745 × (x − median) ÷ MAD; null where the peers do not differ and the value does. */
export function robustZ(value: Decimal, peers: readonly Decimal[]): Decimal | null {
  const median = quantile(peers, 0.5);
  const deviation = quantile(
    peers.map((peer) => peer.minus(median).abs()),
    0.5,
  );
  const distance = value.minus(median);
  if (distance.isZero()) return distance;
  return deviation.isZero() ? null : distance.times(NORMAL).div(deviation);
}
