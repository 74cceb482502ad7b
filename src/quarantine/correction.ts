import { FIELDS, type Stream } from '../ingest/fields.js';
import { fen, toYuan } from '../kernel/money.js';
import type { CorrectedCells } from './corrected-row.js';
import type { DismissalCause, EntryFilter } from './entry.js';
import type { EntryKey } from './entry.repository.js';
import { maskedField, withoutCertificates } from './masking.js';
import type { StandingRow } from './replay.repository.js';

/** What people ask for and what they are told. */

export interface CorrectionRequest extends EntryKey {
  /** Source column or canonical field → the text that the source should have given; null or empty: nothing. */
  readonly cells: CorrectedCells;
}

export interface ProposedCorrection extends CorrectionRequest {
  readonly by: string;
  readonly reason: string;
}

export interface BulkCorrection {
  readonly filter: EntryFilter;
  /** Only rows whose raw cells hold these texts now. */
  readonly when: CorrectedCells;
  readonly cells: CorrectedCells;
  readonly by: string;
  readonly reason: string;
  readonly dryRun?: boolean | undefined;
  /** Entries looked at, at most. */
  readonly limit: number;
}

export interface ProposedDismissal extends EntryKey {
  readonly cause: DismissalCause;
  readonly by: string;
  readonly reason: string;
}

export interface ApprovalRequest extends Omit<EntryKey, 'entry'> {
  readonly entries: readonly string[];
  readonly by: string;
  readonly reason?: string | undefined;
}

/** What a corrected row would become, found out by merging it and taking everything back. */
export interface CorrectionPreview {
  readonly entry: string;
  /** By source column. */
  readonly cells: CorrectedCells;
  /** The canonical row, people masked; empty when the mapping refuses it. */
  readonly canonical: readonly { readonly field: string; readonly text: string | null }[];
  /** Why it would be refused; empty when it would land. */
  readonly refusals: readonly string[];
  /** Against what stands in the books under that key; null when it would not land. */
  readonly effect: 'new' | 'changed' | 'same' | null;
  readonly changes: readonly RowChange[];
  /** What the bad row counts for in the source's sum, and the corrected one in the books. */
  readonly readFen: string;
  readonly landedFen: string | null;
}

export interface RowChange {
  readonly column: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** What came of one entry where several were asked for. */
export interface EntryOutcome {
  readonly entry: string;
  readonly ok: boolean;
  /** The decision's number, where one was made. */
  readonly decision: string | null;
  /** Error code and message, or null. */
  readonly code: string | null;
  readonly message: string | null;
}

/** Columns in which the row differs, people masked; what says where a row came from is left out. */
export function rowChanges(
  before: StandingRow | null,
  after: StandingRow | null,
): readonly RowChange[] {
  if (before === null || after === null) return [];
  return Object.keys(after)
    .filter(
      (column) => !BOOKKEEPING.has(column) && textOf(before[column]) !== textOf(after[column]),
    )
    .map((column) => ({
      column,
      before: shownValue(column, before[column]),
      after: shownValue(column, after[column]),
    }));
}

const BOOKKEEPING = new Set(['content_hash', 'batch_id', 'raw_row', 'version', 'first_batch_id']);
const PERSONAL: Readonly<Record<string, string>> = {
  person_id: 'personId',
  certificate_hash: 'certificate',
  birth_date: 'birthDate',
};

function shownValue(column: string, value: unknown): string | null {
  return maskedField(PERSONAL[column] ?? column, textOf(value));
}

function textOf(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}

/** Canonical fields for a person to check: people masked, money in yuan. */
export function shownFields(
  stream: Stream,
  fields: CorrectedCells,
): CorrectionPreview['canonical'] {
  return Object.entries(fields).map(([field, text]) => {
    const isMoney = text !== null && FIELDS[stream][field]?.kind === 'money';
    return { field, text: isMoney ? toYuan(fen(BigInt(text))) : maskedField(field, text) };
  });
}

export function shownRefusals(refusals: readonly string[]): readonly string[] {
  return refusals.map(withoutCertificates);
}
