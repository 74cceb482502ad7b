/**
 * A small seeded generator (sfc32). Each part of the county draws from its own stream, named by a label, so that adding a
 * draw in one part does not move the others. Integers only: nothing here ever returns a fraction.
 */
export interface Random {
  /** A whole number in [0, bound). */
  below(bound: number): number;
  /** A whole number in [low, high]. */
  between(low: number, high: number): number;
  /** True in `permille` of 1000 draws. */
  chance(permille: number): boolean;
  pick<T>(list: readonly T[]): T;
}

export function randomStream(seed: number, label: string): Random {
  let [a, b, c, counter] = [hashText(label, 0x9e3779b9), hashText(label, seed | 0), seed | 0, 1];
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  for (let round = 0; round < 16; round += 1) next();
  const below = (bound: number): number => next() % bound;
  return {
    below,
    between: (low, high) => low + below(high - low + 1),
    chance: (permille) => below(1000) < permille,
    pick: (list) => {
      const chosen = list[below(list.length)];
      if (chosen === undefined) throw new RangeError('pick needs a list that is not empty');
      return chosen;
    },
  };
}

/** FNV-1a, mixed with a start value. */
function hashText(text: string, start: number): number {
  let hash = 0x811c9dc5 ^ start;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash | 0;
}
