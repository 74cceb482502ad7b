import type { z } from 'zod';

/**
 * A connector reads one kind of source. The promise: a source may repeat a row, it never skips one, and it never writes.
 *
 * Rows are positional arrays of raw text exactly as the source holds them (null for SQL NULL or an absent cell); decoding
 * of meaning — dates, money, codes — belongs to ingest.
 */
export type RawRow = readonly (string | null)[];

/** A half-open interval of the stream's cursor: `from` ≤ cursor < `to`, both in the source's own text order. */
export interface Window {
  readonly from: string;
  readonly to: string;
}

export interface RawBatch {
  readonly columns: readonly string[];
  readonly rows: readonly RawRow[];
  /** How many rows there are, where `rows` are made of `lines` only when somebody asks for them. */
  readonly count?: number;
  /** The very same rows as bytes in the text format of PostgreSQL's COPY, where the source gave them so. */
  readonly lines?: Uint8Array;
  /** Cursor of the last row, to resume after it; null when the source has no order (whole files). */
  readonly cursor: string | null;
  /**
   * A row that could not be read as a row at all (undecodable bytes, wrong number of cells, broken XML element). It is
   * counted and quarantined, never dropped. `position` is the row's place in the source, `raw` its text made printable.
   */
  readonly unreadable?: readonly UnreadableRow[];
}

export interface UnreadableRow {
  readonly position: number;
  readonly reason: string;
  readonly raw: string;
  /** What the row counts for in the source's sum, where that much of it can be read. */
  readonly amountFen?: bigint;
}

/** The source's own answer for a window, asked independently of reading it. `null`: the source cannot tell. */
export interface ControlTotals {
  readonly rows: number | null;
  /** Sum of the stream's amount column in fen. */
  readonly amountFen: bigint | null;
  /** Changes whenever a value of the window's rows changes; absent where the source cannot compute it. */
  readonly contentDigest?: string;
}

/** Not ok: something must be done first. Ok with a remedy: something could be better. */
export interface ProbeFinding {
  readonly check: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly remedy?: string;
}

/** A column of a stream's query as the source describes it. */
export interface InspectedColumn {
  readonly name: string;
  /** In the source's own words. */
  readonly type: string;
  readonly family: 'number' | 'float' | 'moment' | 'text' | 'other';
  /** Null: the source cannot tell. */
  readonly nullable: boolean | null;
}

/** What can be learnt of a stream without reading its rows. */
export interface StreamInspection {
  readonly columns: readonly InspectedColumn[];
  /** Cursor of the youngest row as text; null: there are no rows. */
  readonly newest: string | null;
  /** Whether an index begins with the cursor's column; null: it cannot be told. */
  readonly indexed: boolean | null;
  /** What only this kind of source knows of the columns. */
  readonly findings: readonly ProbeFinding[];
}

/** A whole file that a source delivers at once; the window of a file is the day in its name. */
export interface SourceUnit {
  readonly name: string;
  /** First day the file is about. */
  readonly day: string;
  readonly size: number;
  /** Milliseconds since 1970; with name and size it tells a file that was seen before. */
  readonly modifiedMs: number;
}

export interface UnitsRequest<Stream> {
  readonly stream: Stream;
  readonly window: Window;
  /** Also files about days before the window, which came late. */
  readonly late: boolean;
  readonly signal: AbortSignal;
}

/** Where reading stands; every method honours the signal by cancelling at the source. */
export interface SourceSession<Stream> {
  probe(
    streams: Readonly<Record<string, Stream>>,
    signal: AbortSignal,
  ): Promise<readonly ProbeFinding[]>;
  /** Only for databases. @throws SourceRejectedError, SourceTimeoutError */
  inspect?(stream: Stream, signal: AbortSignal): Promise<StreamInspection>;
  /** Only for databases: the server's clock (milliseconds since 1970). */
  clock?(signal: AbortSignal): Promise<number>;
  /** Only for sources of whole files: what lies there for a window, oldest first. Reading then names one unit. */
  units?(request: UnitsRequest<Stream>): Promise<readonly SourceUnit[]>;
  /** SHA-256 of a unit's bytes, so that the same file under another name is recognised. */
  fingerprint?(unit: string): Promise<string>;
  /**
   * Batches in cursor order, each at most `batchRows` rows, resuming strictly after `after` when given.
   * @throws SourceRejectedError, UnfinishedFileError, RowBudgetError, SourceUnreachableError
   */
  read(request: ReadRequest<Stream>): AsyncIterable<RawBatch>;
  controlTotals(request: TotalsRequest<Stream>): Promise<ControlTotals>;
  close(): Promise<void>;
}

export interface TotalsRequest<Stream> {
  readonly stream: Stream;
  readonly window: Window;
  readonly unit?: string;
  /** False: count and sum are enough, the digest would be read for nobody. */
  readonly digest?: boolean;
  readonly signal: AbortSignal;
}

export interface ReadRequest<Stream> extends TotalsRequest<Stream> {
  readonly after?: string;
  readonly batchRows: number;
}

/** One source kind: the schema of its options and of its per-stream settings, and how to open it. */
export interface Connector<Options = unknown, Stream = unknown> {
  readonly kind: string;
  readonly options: z.ZodType<Options>;
  readonly stream: z.ZodType<Stream>;
  open(options: Options, context: SourceContext): Promise<SourceSession<Stream>>;
}

/** How hard a source may be used and what a file may hold; from config/limits.yaml, tightened per institution. */
export interface SourceLimits {
  readonly statementTimeoutMs: number;
  readonly connectTimeoutMs: number;
  /** Rows that one read of one window may return. */
  readonly windowRows: number;
  /** Rows that one statement returns at most, where a window is read in pages. */
  readonly pageRows: number;
  readonly fileBytes: number;
  /** A file younger than this may still be written. */
  readonly fileSettleMs: number;
  readonly recordBytes: number;
  readonly textBytes: number;
  readonly xmlDepth: number;
  readonly xmlAttributes: number;
}

export interface SourceContext {
  readonly limits: SourceLimits;
  /** Where relative folders start. */
  readonly dataDir: string;
  /** Zone in which the source's instants are written. */
  readonly timezone: string;
}

export function defineConnector<Options, Stream>(
  connector: Connector<Options, Stream>,
): Connector<Options, Stream> {
  return connector;
}
