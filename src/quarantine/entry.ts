import type { Stream } from '../ingest/fields.js';

/** Rows that did not land, as people see them. Amounts are fen as text. */

export const ENTRY_STATES = [
  'open', // nobody has decided
  'proposed', // one person has; another is to confirm
  'resolved', // a good row stands in its place: the source's own, or a corrected one
  'dismissed', // it is not to land; it keeps counting as set aside
] as const;
export type EntryState = (typeof ENTRY_STATES)[number];

export const DISMISSAL_CAUSES = ['not-ours', 'duplicate', 'test-record', 'other'] as const;
export type DismissalCause = (typeof DISMISSAL_CAUSES)[number];

/** Institutions the caller may see. */
export type Scope = 'all' | readonly string[];

export interface EntryFilter {
  readonly consortium: string;
  readonly institutions: Scope;
  readonly institution?: string | undefined;
  readonly stream?: string | undefined;
  readonly rule?: string | undefined;
  readonly field?: string | undefined;
  /** Default: what still waits, open and proposed. */
  readonly states?: readonly EntryState[] | undefined;
  /** Set aside at least so many days ago. */
  readonly minAgeDays?: number | undefined;
  /** At least so much money, either way. */
  readonly minFen?: bigint | undefined;
}

export const ENTRY_SORTS = ['amount', 'age', 'newest'] as const;
export type EntrySort = (typeof ENTRY_SORTS)[number];

export interface EntryPageRequest extends EntryFilter {
  /** Largest money first (default), longest waiting first, or newest first. */
  readonly sort?: EntrySort | undefined;
  /** The `next` of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

export interface EntrySummary {
  readonly quarantineId: string;
  readonly institution: string;
  readonly stream: Stream;
  readonly state: EntryState;
  readonly stage: string;
  readonly rule: string;
  readonly otherRules: readonly string[];
  readonly field: string | null;
  readonly message: string;
  readonly remedy: string;
  readonly amountFen: string;
  /** Of the source row; a person's number is masked. */
  readonly naturalKey: string | null;
  readonly batchId: string;
  readonly rawRow: number;
  /** File name; null for a database window. */
  readonly unit: string | null;
  readonly windowFrom: string;
  readonly windowTo: string;
  readonly firstSeenAt: string;
  readonly ageDays: number;
  readonly correctionId: string | null;
}

export interface EntryPage {
  readonly items: readonly EntrySummary[];
  readonly next: string | null;
}

/** Entries that one decision may settle: the same fault of the same field in one stream of one institution. */
export interface EntryGroup {
  readonly institution: string;
  readonly stream: Stream;
  readonly rule: string;
  readonly field: string | null;
  readonly entries: number;
  readonly amountFen: string;
  readonly oldestAt: string;
  readonly message: string;
  readonly remedy: string;
}

export interface RowsAndFen {
  readonly rows: string;
  readonly fen: string;
}

/**
 * Where the rows of the current reads went, by institution and stream. What a read set aside stays set aside in its own certificate
 * (source = landed + quarantined); this says what has become of it since: quarantined = open + proposed + dismissed + corrected +
 * resolved + repeated.
 */
export interface QuarantineAccount {
  readonly institution: string;
  readonly stream: Stream;
  /** Null: the source did not say. */
  readonly source: Readonly<Record<keyof RowsAndFen, string | null>>;
  readonly landed: RowsAndFen;
  readonly quarantined: RowsAndFen;
  readonly open: RowsAndFen;
  readonly proposed: RowsAndFen;
  readonly dismissed: RowsAndFen;
  /** A corrected row stands in the books in their place; amounts as the source had them. */
  readonly corrected: RowsAndFen;
  /** The source itself delivered a good row of the same key in another read. */
  readonly resolved: RowsAndFen;
  /** The same bad row met more than once: one entry. */
  readonly repeated: RowsAndFen;
  /** What corrections added to the source's own sum, in fen. */
  readonly correctedByFen: string;
}

/** What the stream's configuration tolerates among the waiting rows of one batch; above it the batch is incomplete. */
export interface StreamThreshold {
  readonly rows?: number | undefined;
  /** Of the batch's money. */
  readonly share?: string | undefined;
}
