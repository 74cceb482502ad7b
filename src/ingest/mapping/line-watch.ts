/** Numbers below this, written without needless zeros, are noted in a table. */
const NUMBERED = 1_000;

/**
 * Sees whether a claim's line comes twice in a slice. Lines of a claim come together from most sources, so the run at hand is watched
 * cheaply: small numbers in a table, others by their order. Only a run that is neither, or a claim met again, is compared line by line.
 */
export class LineWatch {
  /** Lines of every claim met, to be compared when it is met again. */
  private readonly claims = new Map<string, string[]>();
  private claim: string | null = null;
  private lines: string[] = [];
  /** The lines so far, once neither table nor order will do. */
  private compared: Set<string> | null = null;
  /** Number of the run that last brought a line number. */
  private readonly runs = new Int32Array(NUMBERED);
  private run = 0;
  private last = '';

  /** @returns true when the claim already brought this line */
  isRepeat(claim: string, line: string): boolean {
    if (claim !== this.claim) this.turnTo(claim);
    const repeat = this.compared === null ? !this.isNew(line) : this.compared.has(line);
    this.compared?.add(line);
    this.lines.push(line);
    return repeat;
  }

  private turnTo(claim: string): void {
    this.claim = claim;
    this.run += 1;
    this.last = '';
    const known = this.claims.get(claim);
    this.lines = known ?? [];
    this.compared = known === undefined ? null : new Set(known);
    if (known === undefined) this.claims.set(claim, this.lines);
  }

  private isNew(line: string): boolean {
    const number = smallNumber(line);
    if (number !== -1) {
      const isNew = this.runs[number] !== this.run;
      this.runs[number] = this.run;
      return isNew;
    }
    const isLater =
      line.length === this.last.length ? line > this.last : line.length > this.last.length;
    this.last = line;
    if (isLater) return true;
    this.compared = new Set(this.lines);
    return !this.compared.has(line);
  }
}

/** −1 when the text is not a number below the bound in its shortest form. */
function smallNumber(text: string): number {
  if (text.length > 3 || text.length === 0) return -1;
  let number = 0;
  for (let index = 0; index < text.length; index += 1) {
    const digit = text.charCodeAt(index) - 48;
    if (digit < 0 || digit > 9 || (digit === 0 && number === 0 && text.length > 1)) return -1;
    number = number * 10 + digit;
  }
  return number;
}
