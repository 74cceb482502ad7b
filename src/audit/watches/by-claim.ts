/** A mark on each of a growing number of claims. */
export class ClaimMarks {
  private marks = new Uint8Array(1024);

  at(claim: number): number {
    return this.marks[claim] ?? 0;
  }

  set(claim: number, mark: number): void {
    if (claim >= this.marks.length) {
      const marks = new Uint8Array(Math.max(claim + 1, this.marks.length * 2));
      marks.set(this.marks);
      this.marks = marks;
    }
    this.marks[claim] = mark;
  }
}

/** A sum for each of a growing number of claims. */
export class ClaimSums {
  private sums = new Float64Array(1024);

  at(claim: number): number {
    return this.sums[claim] ?? 0;
  }

  add(claim: number, amount: number): void {
    if (claim >= this.sums.length) {
      const sums = new Float64Array(Math.max(claim + 1, this.sums.length * 2));
      sums.set(this.sums);
      this.sums = sums;
    }
    this.sums[claim] = (this.sums[claim] ?? 0) + amount;
  }
}
