import type { FieldPacket } from 'mysql2';
import type {
  ControlTotals,
  ProbeFinding,
  RawBatch,
  ReadRequest,
  SourceContext,
  SourceSession,
  StreamInspection,
  TotalsRequest,
} from '../connector.js';
import { SourceRejectedError } from '../errors.js';
import { attended } from '../sql/attended.client.js';
import { readPages, resumeParts, totalsOf } from '../sql/read-pages.js';
import { selectionOf } from '../sql/window-query.js';
import { columnReader } from './mysql-columns.js';
import { columnMeta, type DriverDecoding, MysqlConnection } from './mysql-connection.client.js';
import { inspectMysql } from './mysql-inspect.client.js';
import type { MysqlOptions, MysqlStream } from './mysql-options.js';
import { probeMysql } from './mysql-probe.client.js';
import { type CellRow, type RowReader, rowReader } from './mysql-rows.js';
import { prepareSession } from './mysql-settings.client.js';
import { pageStatement, totalsStatement } from './mysql-statements.js';

/** The server keeps the time limit; ours is the second line, for versions that have none and networks that swallow answers. */
const GRACE_MS = 2_000;

/** One connection to a HIS on MySQL or MariaDB: read-only snapshot, bounded pages, bytes decoded column by column. */
export class MysqlSession implements SourceSession<MysqlStream> {
  private constructor(
    private readonly connection: MysqlConnection,
    private readonly charsetNames: ReadonlyMap<number, string>,
    private readonly settings: {
      readonly context: SourceContext;
      readonly buffered: boolean;
    },
  ) {}

  /** @throws SourceUnreachableError, SourceRejectedError */
  static async open(options: MysqlOptions, context: SourceContext): Promise<MysqlSession> {
    const connection = await MysqlConnection.connect(options, context);
    try {
      const charsetNames = await prepareSession(connection, context);
      const buffered = options.bufferResult === 'true';
      return new MysqlSession(connection, charsetNames, { context, buffered });
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  probe(
    streams: Readonly<Record<string, MysqlStream>>,
    signal: AbortSignal,
  ): Promise<readonly ProbeFinding[]> {
    return this.attended(signal, () => probeMysql(this.connection, streams));
  }

  inspect(stream: MysqlStream, signal: AbortSignal): Promise<StreamInspection> {
    const { connection, charsetNames } = this;
    return this.attended(signal, () => inspectMysql({ connection, charsetNames, stream }));
  }

  async clock(signal: AbortSignal): Promise<number> {
    const [row] = await this.rows('SELECT UNIX_TIMESTAMP(NOW(3)) * 1000', signal);
    return Number(row?.[0]);
  }

  async *read(request: ReadRequest<MysqlStream>): AsyncGenerator<RawBatch> {
    const { after, signal } = request;
    const { limits } = this.settings.context;
    await this.rows('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY', signal);
    try {
      const page = (resume: string | undefined, rows: number) => this.page(request, resume, rows);
      yield* readPages({ limits, after, page });
    } finally {
      await this.connection.rows('ROLLBACK').catch(() => {});
    }
  }

  async controlTotals({
    stream,
    window,
    signal,
  }: TotalsRequest<MysqlStream>): Promise<ControlTotals> {
    const [row] = await this.rows(totalsStatement(stream, window), signal);
    return totalsOf(row);
  }

  close(): Promise<void> {
    return this.connection.close();
  }

  private async *page(
    { stream, window, batchRows, signal }: ReadRequest<MysqlStream>,
    resume: string | undefined,
    rows: number,
  ): AsyncGenerator<RawBatch> {
    signal.throwIfAborted();
    const after = resume === undefined ? null : resumeParts(resume);
    const { buffered } = this.settings;
    const sql = pageStatement(stream, { window, after, rows, buffered });
    const { flow, fields } = this.connection.stream(sql, batchRows, this.decoding(stream));
    let reader: RowReader | null = null;
    try {
      for (;;) {
        const taken: readonly CellRow[] | null = await this.attended(signal, () => flow.next());
        if (taken === null) return;
        reader ??= this.readerOf(stream, fields());
        yield reader(taken);
      }
    } finally {
      if (!flow.done) {
        await this.connection.cancel();
        await flow.discard();
      }
    }
  }

  private decoding({ charsets }: MysqlStream): DriverDecoding {
    return (field) => {
      const reader = columnReader(columnMeta(field, this.charsetNames), charsets[field.name]);
      return typeof reader === 'string' ? null : reader.driverDecodes;
    };
  }

  private readerOf(stream: MysqlStream, fields: readonly FieldPacket[]): RowReader {
    const metas = fields.map((field) => columnMeta(field, this.charsetNames));
    const { orderAt } = selectionOf(stream);
    const { columns, charsets, amount } = stream;
    const reader = rowReader({ columns, charsets, amount, metas, orderAt });
    if (typeof reader !== 'string') return reader;
    throw new SourceRejectedError(reader, '请核对该数据流的 cursor、key 与 charsets。');
  }

  private rows(sql: string, signal: AbortSignal) {
    return this.attended(signal, () => this.connection.rows(sql));
  }

  private attended<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const timeoutMs = this.settings.context.limits.statementTimeoutMs + GRACE_MS;
    return attended(work, { signal, cancel: () => this.connection.cancel(), timeoutMs });
  }
}
