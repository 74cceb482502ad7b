import type { CodeKind } from './catalogue.repository.js';

/** A code of a national list. `unitPrice` in yuan where a list gives one. */
export interface NationalCode {
  readonly code: string;
  readonly name: string;
  readonly unitPrice: string | null;
}

/** The national lists at hand, by kind of code. */
export class NationalCodes {
  constructor(
    private readonly lists: Readonly<Record<CodeKind, ReadonlyMap<string, NationalCode>>>,
    /** Codes of the clinical edition → those of the insured edition. */
    private readonly editions: Readonly<Record<CodeKind, ReadonlyMap<string, string>>>,
  ) {}

  has(kind: CodeKind, code: string): boolean {
    return this.lists[kind].has(code);
  }

  find(kind: CodeKind, code: string): NationalCode | null {
    return this.lists[kind].get(code) ?? null;
  }

  list(kind: CodeKind): Iterable<NationalCode> {
    return this.lists[kind].values();
  }

  size(kind: CodeKind): number {
    return this.lists[kind].size;
  }

  /** The insured edition's code for one of the clinical edition; null when there is none. */
  ofClinical(kind: CodeKind, code: string): NationalCode | null {
    const insured = this.editions[kind].get(code);
    return insured === undefined ? null : this.find(kind, insured);
  }
}
