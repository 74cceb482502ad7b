import type { RawRow } from '../../connectors/connector.js';
import type { Fault, FaultRule } from './faults.js';

/**
 * Stands among the texts for an amount, which is written from its number: whole fen need no text on the way. No cell can hold it, for
 * control characters are refused.
 */
export const FEN = '\u0000';

/** The workspace of the row being mapped, reused from row to row: nothing is allocated for a good row but its texts. */
export class RowScratch {
  row: RawRow = [];
  /** Canonical text by field position; null = not supplied. Money as whole fen. */
  readonly texts: (string | null)[];
  /** Scaled integer by field position, where the field is a number. */
  readonly numbers: number[];
  readonly faults: Fault[] = [];

  constructor(fields: number) {
    this.texts = new Array<string | null>(fields).fill(null);
    this.numbers = new Array<number>(fields).fill(0);
  }

  start(row: RawRow): void {
    this.row = row;
    if (this.faults.length > 0) this.faults.length = 0;
  }

  fault(rule: FaultRule, field: string | null, detail = ''): null {
    this.faults.push({ rule, field, detail });
    return null;
  }
}

/** Decodes one field of the current row into the workspace. */
export type FieldDecoder = (scratch: RowScratch) => void;
/** The text of a field as the source has it, trimmed; null when blank. */
export type CellReader = (row: RawRow) => string | null;
