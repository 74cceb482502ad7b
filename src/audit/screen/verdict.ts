import type { Screen } from './compile-screen.js';

/** What the compiled function left in its words, as positions of rules. Reused from line to line. */
export class Verdict {
  /** Rules that look at the line, ascending. */
  readonly looking: number[] = [];
  /** Rules that find it in violation. */
  readonly hits: number[] = [];
  /** Rules that lack something to judge it. */
  readonly unsure: number[] = [];

  constructor(private readonly screen: Screen) {}

  /** @param flags  what `judge` returned */
  read(flags: number): void {
    this.looking.length = 0;
    this.hits.length = 0;
    this.unsure.length = 0;
    if (flags === 0) return;
    const { words, checkWords, ruleWords, ruleOfCheck } = this.screen;
    for (let word = 0; word < ruleWords; word += 1)
      pushBits(words[2 * checkWords + word] ?? 0, word << 5, this.looking);
    for (let word = 0; word < checkWords; word += 1) {
      pushRules(words[word] ?? 0, word << 5, { rules: this.hits, ruleOfCheck });
      pushRules(words[checkWords + word] ?? 0, word << 5, { rules: this.unsure, ruleOfCheck });
    }
  }

  /** Whether a rule has to be asked about the line: it is in violation, or something is missing. */
  concerns(position: number): boolean {
    return this.hits.includes(position) || this.unsure.includes(position);
  }
}

function pushBits(bits: number, first: number, positions: number[]): void {
  for (let left = bits; left !== 0; left &= left - 1)
    positions.push(first + 31 - Math.clz32(left & -left));
}

/** Checks of one rule stand together, so a rule met twice is met in a row. */
function pushRules(
  bits: number,
  first: number,
  { rules, ruleOfCheck }: { readonly rules: number[]; readonly ruleOfCheck: Int32Array },
): void {
  for (let left = bits; left !== 0; left &= left - 1) {
    const rule = ruleOfCheck[first + 31 - Math.clz32(left & -left)] ?? 0;
    if (rules.at(-1) !== rule) rules.push(rule);
  }
}
