import type { Fen } from '../kernel/money.js';

/**
 * A statement (结算单): what one party reads and signs of one settlement run. Built from a stored run alone, so that the same run gives
 * the same statement, digest included; only the journal's head and the print itself come later.
 */

/** `agency` and `lead` speak of the whole group, `member` of one settlement unit, `clinic` of a village clinic, for information. */
export const PARTY_ROLES = ['agency', 'lead', 'member', 'clinic'] as const;
export type PartyRole = (typeof PARTY_ROLES)[number];

export interface Party {
  readonly role: PartyRole;
  /** `agency`, `lead`, or the institution's code. */
  readonly code: string;
  readonly name: string;
}

/** One amount the parties sign for, in figures and in capitals. */
export interface StatedAmount {
  readonly label: string;
  readonly amount: Fen;
  readonly capitals: string;
  readonly strong?: true;
}

/** One numbered line; its number leads to the annex. */
export interface StatementLine {
  readonly number: number;
  readonly figureId: string;
  readonly label: string;
  readonly value: string;
  readonly unit: string;
  readonly clause: string;
  readonly sample: boolean;
}

export interface LineTable {
  readonly title: string;
  readonly lines: readonly StatementLine[];
}

/** A plain table of amounts: distribution to members, a clinic's bookings. */
export interface AmountTable {
  readonly title: string;
  readonly columns: readonly string[];
  /** Cells as they are shown; amounts stand right. */
  readonly rows: readonly (readonly string[])[];
  /** Columns that hold text; the rest are numbers. */
  readonly textColumns: number;
}

/** How a figure came about. */
export interface AnnexItem {
  readonly number: number;
  readonly label: string;
  readonly value: string;
  readonly formula: string;
  readonly clause: string;
  readonly inputs: readonly AnnexInput[];
  readonly note: string | null;
  readonly sample: boolean;
}

export interface AnnexInput {
  readonly label: string;
  readonly value: string;
  /** `见第 3 项`, a clause, or where the fact comes from. */
  readonly basis: string;
}

export interface CitedDocument {
  readonly number: string;
  readonly title: string;
  readonly sample: boolean;
}

export interface Statement {
  readonly title: string;
  readonly party: Party;
  /** Label and text of each: consortium, parties, period, run. */
  readonly heading: readonly (readonly [label: string, text: string])[];
  readonly amounts: readonly StatedAmount[];
  readonly tables: readonly LineTable[];
  readonly overview: readonly AmountTable[];
  readonly annex: readonly AnnexItem[];
  readonly documents: readonly CitedDocument[];
  /** Who signs, left to right. */
  readonly signatures: readonly string[];
  /** True when any figure rests on a sample document: the statement must not be paid on. */
  readonly sample: boolean;
  /** Business day of the run, for the file's own date. */
  readonly runDay: string;
  /** Name of the file, without ending. */
  readonly fileName: string;
  /** SHA-256 of the content above. */
  readonly digest: string;
}
