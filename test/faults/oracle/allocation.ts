/**
 * Shares by weight in whole fen: everybody gets the floor of the exact share, and the fen left over go to the largest remainders. Which
 * of equal remainders comes first is not said by any text, so a caller allows one fen there.
 */
export function largestRemainder(total: bigint, weights: readonly bigint[]): readonly bigint[] {
  const sum = weights.reduce((all, weight) => all + weight, 0n);
  const usable = sum === 0n ? weights.map(() => 1n) : weights;
  const divisor = sum === 0n ? BigInt(weights.length) : sum;
  const shares = usable.map((weight, at) => {
    const exact = total * weight;
    return { at, floor: exact / divisor, remainder: exact % divisor };
  });
  let left = total - shares.reduce((given, { floor }) => given + floor, 0n);
  const order = [...shares].sort((a, b) =>
    b.remainder > a.remainder ? 1 : b.remainder < a.remainder ? -1 : a.at - b.at,
  );
  const result = shares.map(({ floor }) => floor);
  for (const { at } of order) {
    if (left === 0n) break;
    result[at] = (result[at] ?? 0n) + 1n;
    left -= 1n;
  }
  return result;
}
