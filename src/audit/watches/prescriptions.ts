import type { LineWatcher, SuspectQuestion } from '../pass/line-watch.js';
import { ROW } from '../screen/positional-row.js';
import { ClaimMarks } from './by-claim.js';

/** Most that a mark holds. */
const MANY = 255;

/** Claims with a prescription of more than so many different drugs. Where lines of a claim come in parts, the parts are added up. */
export class DrugsOfPrescriptions implements LineWatcher {
  private readonly drugs = new ClaimMarks();
  private readonly over = new Set<number>();
  private readonly prescriptions: number[] = [];
  private readonly items: number[] = [];

  /** @param isMapped  whether an item has a national code; lines without one may be any drug */
  constructor(
    private readonly maxDrugs: number,
    private readonly isMapped: (item: number) => boolean,
  ) {}

  see(_claim: number, row: Float64Array): void {
    const prescription = row[ROW.prescription] ?? -1;
    if (prescription === -1) return;
    this.prescriptions.push(prescription);
    this.items.push(row[ROW.item] ?? 0);
  }

  leave(claim: number): void {
    if (this.items.length === 0) return;
    const before = this.drugs.at(claim);
    const atMost = before + this.items.length;
    const drugs = atMost <= this.maxDrugs ? atMost : before + this.mostDrugs();
    this.drugs.set(claim, Math.min(MANY, drugs));
    if (drugs > this.maxDrugs) this.over.add(claim);
    this.prescriptions.length = 0;
    this.items.length = 0;
  }

  suspects({ claims, isWanted, tell }: SuspectQuestion): void {
    for (const claim of this.over) if (isWanted(claim)) tell(claims.person.at(claim));
  }

  /** Of the prescription that has most. */
  private mostDrugs(): number {
    const { items, prescriptions } = this;
    const drugs = new Map<number, Set<number>>();
    for (const [index, prescription] of prescriptions.entries()) {
      const item = items[index] ?? 0;
      const known = drugs.get(prescription) ?? new Set();
      drugs.set(prescription, known.add(this.isMapped(item) ? item : -1 - index));
    }
    return Math.max(...[...drugs.values()].map(({ size }) => size));
  }
}

const LISTED = 1;
const NOT_LISTED = 2;

/**
 * Claims with a prescription in which every piece is of a list, or may be; pieces without a prescription number count as one. Of part of a
 * prescription the same holds as of the whole, so it does not matter that lines come in parts.
 */
export class PiecesOfPrescriptions implements LineWatcher {
  private readonly found = new Set<number>();
  /** Of pieces without a prescription number. */
  private readonly unnumbered = new ClaimMarks();
  private readonly mayBeListed = new Map<number, boolean>();

  /** @param isListed  of an item; null: it has no national code */
  constructor(private readonly isListed: (item: number) => boolean | null) {}

  see(claim: number, row: Float64Array): void {
    if ((row[ROW.quantity] ?? 0) <= 0) return;
    const listed = this.isListed(row[ROW.item] ?? 0);
    const prescription = row[ROW.prescription] ?? -1;
    const before = this.mayBeListed.get(prescription) ?? true;
    this.mayBeListed.set(prescription, before && listed !== false);
    if (prescription === -1)
      this.unnumbered.set(claim, this.unnumbered.at(claim) | (listed ? LISTED : NOT_LISTED));
  }

  leave(claim: number): void {
    if (this.mayBeListed.size === 0) return;
    for (const may of this.mayBeListed.values()) if (may) this.found.add(claim);
    this.mayBeListed.clear();
  }

  suspects({ claims, isWanted, tell }: SuspectQuestion): void {
    for (const claim of this.found) if (isWanted(claim)) tell(claims.person.at(claim));
  }

  /** Unnumbered pieces of which some are listed and some are not. */
  isUnjudged(claim: number): boolean {
    return this.unnumbered.at(claim) === (LISTED | NOT_LISTED);
  }
}
