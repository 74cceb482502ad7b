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
}

/** The source's own answer for a window, asked independently of reading it. `null`: the source cannot tell. */
export interface ControlTotals {
  readonly rows: number | null;
  /** Sum of the stream's amount column in fen. */
  readonly amountFen: bigint | null;
}

export interface ProbeFinding {
  readonly check: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly remedy?: string;
}

/** Where reading stands; every method honours the signal by cancelling at the source. */
export interface SourceSession<Stream> {
  probe(signal: AbortSignal): Promise<readonly ProbeFinding[]>;
  /** Batches in cursor order, each at most `batchRows` rows, resuming strictly after `after` when given. */
  read(request: ReadRequest<Stream>): AsyncIterable<RawBatch>;
  controlTotals(stream: Stream, window: Window, signal: AbortSignal): Promise<ControlTotals>;
  close(): Promise<void>;
}

export interface ReadRequest<Stream> {
  readonly stream: Stream;
  readonly window: Window;
  readonly after?: string;
  readonly batchRows: number;
  readonly signal: AbortSignal;
}

/** One source kind: the schema of its options and of its per-stream settings, and how to open it. */
export interface Connector<Options = unknown, Stream = unknown> {
  readonly kind: string;
  readonly options: z.ZodType<Options>;
  readonly stream: z.ZodType<Stream>;
  open(options: Options, limits: SourceLimits): Promise<SourceSession<Stream>>;
}

/** How hard a source may be used; from config/limits.yaml, tightened per institution. */
export interface SourceLimits {
  readonly statementTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly rowBudget: number;
}

export function defineConnector<Options, Stream>(
  connector: Connector<Options, Stream>,
): Connector<Options, Stream> {
  return connector;
}
