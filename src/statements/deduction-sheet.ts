import type { Pool, Sex } from '../claims/claim.js';
import type { IsoDate } from '../kernel/dates.js';
import type { Fen } from '../kernel/money.js';
import type { Month } from '../kernel/period.js';
import type { Party } from './statement.js';

/**
 * A deduction sheet (扣款表): what smart audit takes from one settlement unit in one month, row by row with what each stage said; the
 * unit signs and stamps it. The agency's and the lead's copy covers every unit and adds a summary by insurance type.
 */

/**
 * `deduction` takes money, `reversal` gives it back (a negative row, the first one stays) · `dismissed` was decided against and takes
 * none.
 */
export type SheetRowKind = 'deduction' | 'reversal' | 'dismissed';

/** What one stage of the review said; null: it did not take place. */
export interface StageOpinion {
  readonly opinion: string;
  /** User name. */
  readonly by: string;
}

/** One row as the books have it. Amounts of this row's institution and pool alone. */
export interface SheetEntry {
  /** Deduction or finding id: what keeps the order of rows the same. */
  readonly id: string;
  readonly kind: SheetRowKind;
  readonly institution: string;
  readonly settledBy: string;
  readonly pool: Pool;
  /** Null where the claim has left the books. */
  readonly personId: string | null;
  readonly sex: Sex | null;
  readonly settledOn: IsoDate | null;
  readonly claimNo: string | null;
  /** Names of the items charged; empty: the case as a whole. */
  readonly items: readonly string[];
  readonly ruleId: string;
  readonly ruleTitle: string;
  readonly content: string;
  /** Every settlement unit that the finding speaks of. */
  readonly speaksOf: readonly string[];
  readonly suspected: Fen;
  readonly proposed: Fen | null;
  readonly appealed: Fen | null;
  readonly confirmed: Fen | null;
  readonly first: StageOpinion | null;
  readonly appeal: StageOpinion | null;
  readonly second: StageOpinion | null;
  readonly final: StageOpinion | null;
  /** Negative on a reversal, zero where nothing is taken. */
  readonly deducted: Fen;
  /** `2024-04-02 10:30`, by the consortium's clock. */
  readonly decidedAt: string | null;
  readonly secondFeedback: string;
  readonly remark: string;
}

/** What the sheet of one party is made of. */
export interface SheetSource {
  readonly party: Party;
  readonly month: Month;
  readonly consortium: string;
  readonly lead: string;
  /** Code → name, of settlement units and of the clinics they settle for. */
  readonly names: ReadonlyMap<string, string>;
  readonly entries: readonly SheetEntry[];
  /** Findings of the month that carry money and are still under review. */
  readonly open: number;
}

/** A row as it is printed. */
export interface SheetRow {
  readonly number: number;
  readonly kind: SheetRowKind;
  readonly institution: string;
  readonly institutionName: string;
  readonly patient: string;
  readonly sex: string;
  readonly pool: string;
  readonly settledOn: string;
  readonly claimNo: string;
  readonly item: string;
  readonly rule: string;
  readonly content: string;
  readonly suspected: string;
  readonly proposed: string;
  readonly appealed: string;
  readonly confirmed: string;
  readonly firstOpinion: string;
  readonly appealOpinion: string;
  readonly secondOpinion: string;
  readonly conclusion: string;
  readonly finalOpinion: string;
  readonly deducted: string;
  readonly decidedAt: string;
  readonly secondFeedback: string;
  readonly remark: string;
}

/** Totals of one pool, or of one unit and pool. */
export interface SheetTotal {
  readonly label: string;
  /** Person-times (人次): rows that take money. */
  readonly times: number;
  readonly dismissed: number;
  readonly reversals: number;
  readonly suspected: Fen;
  readonly taken: Fen;
  /** Not positive. */
  readonly givenBack: Fen;
  readonly net: Fen;
  readonly capitals: string;
}

export interface Signature {
  readonly party: string;
  readonly roles: readonly string[];
}

export interface DeductionSheet {
  readonly title: string;
  readonly party: Party;
  readonly month: Month;
  readonly heading: readonly (readonly [label: string, text: string])[];
  readonly rows: readonly SheetRow[];
  /** By insurance type, the whole last. */
  readonly byPool: readonly SheetTotal[];
  /** By settlement unit; empty on a unit's own sheet. */
  readonly byUnit: readonly SheetTotal[];
  readonly signatures: readonly Signature[];
  readonly fileName: string;
  readonly digest: string;
}
