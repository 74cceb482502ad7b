import { hash } from 'node:crypto';
import type { RawBatch, RawRow } from '../../connectors/connector.js';
import { CopyBytes } from '../../database/copy-bytes.js';
import { copyCells } from '../../database/copy-text.js';
import { AMOUNT_FIELDS, FIELDS, NATURAL_KEYS, type Stream } from '../fields.js';
import type { StreamConfig } from '../institution-config.js';
import { ByteRow } from './byte-row.js';
import { compileBytes } from './compile-bytes.js';
import { compileField } from './compile-field.js';
import type { Fault } from './faults.js';
import type { FreshLines } from './fresh-lines.js';
import { roundedFen } from './numbers.js';
import { rowChecks } from './row-checks.js';
import { RowScratch } from './row-scratch.js';
import { type PlainFields, RowWriter } from './row-writer.js';
import { amountColumn, readsDouble, sourceColumns } from './source-columns.js';

/** A row that cannot land, with what the source counted it for. */
export interface RefusedRow {
  /** Its number within the raw batch, from 0. */
  readonly rawRow: number;
  readonly faults: readonly Fault[];
  readonly amountFen: bigint;
  /** Natural key when it could be read, so that a corrected row resolves it. */
  readonly naturalKey: string | null;
  readonly rowHash: string;
}

/** What became of a batch of raw rows. */
export interface MappedBatch {
  /** Lines for COPY: into the stream's staging table, or into a fresh one. Good until the batch after the next is mapped. */
  readonly copyBytes: Uint8Array;
  readonly rows: number;
  readonly amountFen: bigint;
  readonly refused: readonly RefusedRow[];
  /** Content hashes of landed and refused rows in order, for the slice's digest. */
  readonly contentHashes: Uint8Array;
}

/** Rows as they came. Of those that came as lines of COPY, good ones are never made texts as a whole. */
export type RawRows = Pick<RawBatch, 'rows' | 'lines' | 'count'>;

/** Maps batches of one stream; compiled once per read. */
export interface Mapper {
  readonly columns: readonly string[];
  /** @param fresh  writes the lines of a table that is being filled; null: lines for staging */
  map(batch: RawRows, firstRow: number, fresh?: FreshLines | null): MappedBatch;
  /** Months of settlement met so far. */
  readonly months: ReadonlySet<string>;
}

export interface MappingContext {
  readonly certificateKey: string;
  /** Rows settled at or after this day are refused; null: no limit. */
  readonly settledBefore: string | null;
}

/** Turns a stream's mapping into one plain function over a batch. */
export function compileMapping(
  stream: Stream,
  config: StreamConfig,
  context: MappingContext,
): Mapper {
  return new CompiledMapper(stream, config, context);
}

class CompiledMapper implements Mapper {
  readonly columns: readonly string[];
  readonly months = new Set<string>();
  private readonly scratch: RowScratch;
  /** One is written while the other is on its way to the database. */
  private buffers: readonly [CopyBytes, CopyBytes] = [new CopyBytes(), new CopyBytes()];
  private readonly decoders;
  private readonly checks;
  private readonly plain: PlainFields;
  private readonly keys: readonly number[];
  private readonly amountField: number;
  private readonly settledAt: number;
  private readonly amountCell: number;
  private readonly amountIsDouble: boolean;

  constructor(
    private readonly stream: Stream,
    config: StreamConfig,
    context: MappingContext,
  ) {
    const names = Object.keys(FIELDS[stream]);
    const at = (name: string | undefined): number => names.indexOf(name ?? '');
    this.columns = sourceColumns(stream, config);
    this.scratch = new RowScratch(names.length);
    this.decoders = names.map((name) =>
      compileField({ stream, name, config, columns: this.columns }, context),
    );
    this.checks = rowChecks(stream, config, context.settledBefore);
    this.plain = {
      row: new ByteRow(this.columns.length, this.scratch),
      fields: compileBytes({ stream, config, columns: this.columns, decoders: this.decoders }),
      isGood: () => this.isGood(),
    };
    this.keys = NATURAL_KEYS[stream].map(at);
    this.amountField = at(AMOUNT_FIELDS[stream]);
    this.settledAt = at('settledAt');
    this.amountCell = this.columns.indexOf(amountColumn(stream, config) ?? '');
    this.amountIsDouble = readsDouble(stream, config);
  }

  map(batch: RawRows, firstRow: number, fresh: FreshLines | null = null): MappedBatch {
    const refused: RefusedRow[] = [];
    const take = this.taker(batch, fresh);
    const rows = batch.count ?? batch.rows.length;
    const [out, next] = this.buffers;
    this.buffers = [next, out];
    out.truncate(0);
    const writer = new RowWriter(this.stream, out, fresh);
    const amount = new FenSum();
    let moment = '';
    for (let index = 0; index < rows; index += 1) {
      const row = take(writer, firstRow + index);
      if (row === null) {
        fresh?.show(this.scratch);
        amount.add(this.scratch.numbers[this.amountField] ?? 0);
        moment = this.noteMonth(moment);
      } else {
        const bad = this.refuse(row, firstRow + index);
        refused.push(bad);
        writer.mark(bad.rowHash);
      }
    }
    return {
      copyBytes: writer.lines,
      rows: rows - refused.length,
      amountFen: amount.total(),
      refused,
      contentHashes: writer.contentHashes,
    };
  }

  /** Writes one row after the other; a row that cannot land is returned instead, its faults left in the workspace. */
  private taker(batch: RawRows, fresh: FreshLines | null): RowTaker {
    const { plain, scratch } = this;
    const { cells } = plain.row;
    const decoded = (raw: RawRow, writer: RowWriter, rawRow: number): RawRow | null => {
      if (!this.decode(raw)) return raw;
      writer.row(scratch, rawRow);
      return null;
    };
    if (batch.lines === undefined || !cells.open(batch.lines)) {
      const { rows } = batch;
      let index = 0;
      return (writer, rawRow) => decoded(rows[index++] ?? [], writer, rawRow);
    }
    plain.row.wantsTexts = fresh?.isShown === true;
    return (writer, rawRow) => {
      const isPlain = cells.next();
      if (isPlain && writer.plainRow(plain, rawRow)) return null;
      return decoded(copyCells(cells.line()), writer, rawRow);
    };
  }

  private decode(row: RawRow): boolean {
    const { scratch } = this;
    scratch.start(row);
    for (const decode of this.decoders) decode(scratch);
    return scratch.faults.length === 0 && this.isGood();
  }

  private isGood(): boolean {
    const { scratch } = this;
    for (const check of this.checks) check(scratch);
    return scratch.faults.length === 0;
  }

  private refuse(row: RawRow, rawRow: number): RefusedRow {
    const { faults, texts } = this.scratch;
    const key = this.keys.map((index) => texts[index] ?? null);
    const cell = this.amountCell === -1 ? null : (row[this.amountCell] ?? null);
    return {
      rawRow,
      faults: [...faults],
      amountFen: this.amountField === -1 ? 0n : roundedFen(cell, this.amountIsDouble),
      naturalKey: key.includes(null) ? null : key.join('\u001f'),
      rowHash: rowHash(row),
    };
  }

  private noteMonth(last: string): string {
    if (this.settledAt === -1) return last;
    const moment = this.scratch.texts[this.settledAt] ?? last;
    if (moment !== last) this.months.add(moment.slice(0, MONTH_LENGTH));
    return moment;
  }
}

const MONTH_LENGTH = 7;

/** @returns null when the row was written */
type RowTaker = (writer: RowWriter, rawRow: number) => RawRow | null;

/** Adds fen as plain numbers while that is exact, and carries into a bigint before it is not. */
class FenSum {
  private carried = 0n;
  private running = 0;

  add(amount: number): void {
    this.running += amount;
    if (this.running > CARRY_FEN || this.running < -CARRY_FEN) {
      this.carried += BigInt(this.running);
      this.running = 0;
    }
  }

  total(): bigint {
    return this.carried + BigInt(this.running);
  }
}

/** Two amounts at their bound of 10^15 fen stay below 2^53. */
const CARRY_FEN = 4e15;

function rowHash(row: RawRow): string {
  return rawLineHash(JSON.stringify(row));
}

/** Recognises the same bad row, by its raw cells as a JSON line, when the source delivers it again. */
export function rawLineHash(line: string): string {
  return hash('sha256', line, 'base64').slice(0, 22);
}
