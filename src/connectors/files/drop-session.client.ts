import { GatewayError } from '../../kernel/errors.js';
import { parseYuan } from '../../kernel/money.js';
import type {
  ControlTotals,
  ProbeFinding,
  RawBatch,
  RawRow,
  ReadRequest,
  SourceContext,
  SourceLimits,
  SourceSession,
  SourceUnit,
  TotalsRequest,
  UnitsRequest,
  UnreadableRow,
} from '../connector.js';
import { RowBudgetError, SourceRejectedError } from '../errors.js';
import { DropFolder } from './drop-folder.client.js';
import type { DropOptions, DropStream } from './drop-options.js';

/** A file taken apart: the rows of one stream and what the file says of itself. */
export interface ParsedDrop {
  readonly rows: readonly RawRow[];
  readonly unreadable: readonly UnreadableRow[];
  /** Texts of the control record, by the names the configuration uses. */
  readonly control: ReadonlyMap<string, string>;
}

/** Takes a whole file apart. @throws SourceRejectedError, UnfinishedFileError */
export type DropParser<Stream> = (input: {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly stream: Stream;
  readonly folder: DropFolder;
  readonly limits: SourceLimits;
}) => ParsedDrop;

/** Reading from a folder of drops, whatever their format. */
export class DropSession<Stream extends DropStream> implements SourceSession<Stream> {
  private readonly folder: DropFolder;
  /** The file that was parsed last: totals and rows are asked for one after the other. */
  private latest: { readonly key: string; readonly drop: ParsedDrop } | null = null;

  constructor(
    options: DropOptions,
    private readonly context: SourceContext,
    private readonly parse: DropParser<Stream>,
  ) {
    this.folder = new DropFolder(options, context);
  }

  /** The folder, and of the youngest file whether it is whole and counts what it says it holds. */
  async probe(
    streams: Readonly<Record<string, Stream>>,
    signal: AbortSignal,
  ): Promise<readonly ProbeFinding[]> {
    const findings = [...(await this.folder.probe())];
    if (findings.some(({ ok }) => !ok)) return findings;
    const window = { from: '0001-01-01', to: '9999-12-31' };
    for (const [name, stream] of Object.entries(streams)) {
      const unit = (await this.units({ stream, window, late: true, signal })).at(-1)?.name;
      if (unit !== undefined)
        findings.push(await this.unitFinding(name, { stream, window, unit, signal }));
    }
    return findings;
  }

  private async unitFinding(name: string, request: TotalsRequest<Stream>): Promise<ProbeFinding> {
    const check = `数据流 ${name}`;
    try {
      const { rows, unreadable } = await this.drop(request);
      const said = (await this.controlTotals(request)).rows;
      const found = rows.length + unreadable.length;
      const ok = said === null || said === found;
      const detail = `${request.unit} 有 ${found} 行，控制记录为 ${said ?? '无'}`;
      return { check, ok, detail, ...(ok ? {} : { remedy: '请来源单位核对后重新投放该文件。' }) };
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      return { check, ok: false, detail: error.message, remedy: error.remedy };
    }
  }

  units(request: UnitsRequest<Stream>): Promise<readonly SourceUnit[]> {
    request.signal.throwIfAborted();
    return this.folder.units(request);
  }

  fingerprint(unit: string): Promise<string> {
    return this.folder.fingerprint(unit);
  }

  async *read(request: ReadRequest<Stream>): AsyncGenerator<RawBatch> {
    const { stream, batchRows, after, signal } = request;
    const { rows, unreadable } = await this.drop(request);
    const { windowRows } = this.context.limits;
    if (rows.length > windowRows) throw new RowBudgetError(`文件超过 ${windowRows} 行的上限`);
    for (let start = after === undefined ? 0 : Number(after); start < rows.length; ) {
      signal.throwIfAborted();
      const end = start + batchRows;
      const batch = rows.slice(start, end);
      yield { columns: stream.columns, rows: batch, cursor: String(start + batch.length) };
      start = end;
    }
    if (unreadable.length > 0) {
      yield { columns: stream.columns, rows: [], cursor: String(rows.length), unreadable };
    }
  }

  async controlTotals(request: TotalsRequest<Stream>): Promise<ControlTotals> {
    const { control } = await this.drop(request);
    const { rows, amount } = request.stream.control ?? {};
    return {
      rows: rows === undefined ? null : countOf(control.get(rows), request.unit),
      amountFen: amount === undefined ? null : amountOf(control.get(amount), request.unit),
    };
  }

  async close(): Promise<void> {
    this.latest = null;
  }

  private async drop({ stream, unit, signal }: TotalsRequest<Stream>): Promise<ParsedDrop> {
    signal.throwIfAborted();
    const name = unit ?? '';
    const key = JSON.stringify([name, stream]);
    if (this.latest?.key === key) return this.latest.drop;
    const bytes = await this.folder.bytesOf(name);
    const drop = this.parse({
      name,
      bytes,
      stream,
      folder: this.folder,
      limits: this.context.limits,
    });
    this.latest = { key, drop };
    return drop;
  }
}

function countOf(text: string | undefined, unit = ''): number {
  if (text !== undefined && /^\d{1,9}$/.test(text.trim())) return Number(text);
  throw new SourceRejectedError(
    `文件 ${unit} 的控制记录没有行数`,
    '请来源单位补上控制记录后重新投放。',
  );
}

function amountOf(text: string | undefined, unit = ''): bigint {
  const amount = text === undefined ? null : parseYuan(text.trim());
  if (amount !== null) return amount;
  throw new SourceRejectedError(
    `文件 ${unit} 的控制记录没有金额`,
    '请来源单位补上控制记录后重新投放。',
  );
}
