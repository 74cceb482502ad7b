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
import { readPages, resumeParts, resumeToken, totalsOf } from '../sql/read-pages.js';
import { selectionOf } from '../sql/window-query.js';
import type { SourceColumn } from './mssql-columns.js';
import { MssqlConnection, type TextRow } from './mssql-connection.client.js';
import { SNAPSHOT_LOST } from './mssql-errors.js';
import type { MssqlOptions, MssqlStream } from './mssql-options.js';
import { inspectMssql, probeMssql } from './mssql-probe.client.js';
import {
  assertOrderable,
  describeStatement,
  pageStatement,
  totalsStatement,
} from './mssql-statements.js';

/** Waits for no lock longer than two seconds, and loses every deadlock. Part of every statement: the connection may be a new one. */
const GENTLE = 'SET NOCOUNT ON; SET LOCK_TIMEOUT 2000; SET DEADLOCK_PRIORITY LOW; ';
/** A connection that took the place of a broken one is not in the snapshot. */
const IN_SNAPSHOT = `IF @@TRANCOUNT = 0 THROW ${SNAPSHOT_LOST}, N'the snapshot is gone', 1; `;
const ROLLBACK = 'IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION';

/** One connection to a HIS on SQL Server: read-only intent, bounded pages, every value asked for as text. */
export class MssqlSession implements SourceSession<MssqlStream> {
  private readonly described = new Map<string, readonly SourceColumn[]>();

  private constructor(
    private readonly connection: MssqlConnection,
    private readonly settings: {
      readonly context: SourceContext;
      readonly isolation: MssqlOptions['isolation'];
    },
  ) {}

  /** @throws SourceUnreachableError, SourceTimeoutError */
  static async open(options: MssqlOptions, context: SourceContext): Promise<MssqlSession> {
    const connection = await MssqlConnection.connect(options, context);
    return new MssqlSession(connection, { context, isolation: options.isolation });
  }

  probe(
    streams: Readonly<Record<string, MssqlStream>>,
    signal: AbortSignal,
  ): Promise<readonly ProbeFinding[]> {
    const describe = (stream: MssqlStream) => this.columnsOf(stream, signal);
    const ask = (sql: string) => this.rows(sql, signal);
    return probeMssql({ ask, describe, streams });
  }

  inspect(stream: MssqlStream, signal: AbortSignal): Promise<StreamInspection> {
    const describe = (each: MssqlStream) => this.columnsOf(each, signal);
    return inspectMssql({ ask: (sql) => this.rows(sql, signal), describe }, stream);
  }

  async clock(signal: AbortSignal): Promise<number> {
    const sql =
      "SELECT CONVERT(nvarchar(30), CONVERT(bigint, DATEDIFF(second, '1970-01-01', SYSUTCDATETIME())) * 1000 + DATEPART(millisecond, SYSUTCDATETIME()))";
    const [row] = await this.rows(sql, signal);
    return Number(row?.[0]);
  }

  async *read(request: ReadRequest<MssqlStream>): AsyncGenerator<RawBatch> {
    const { stream, after, signal } = request;
    const { context, isolation } = this.settings;
    const columns = await this.columnsOf(stream, signal);
    assertOrderable(stream, columns);
    const page = (resume: string | undefined, rows: number) =>
      this.page(request, columns, { resume, rows });
    if (isolation === 'snapshot') {
      await this.rows('SET TRANSACTION ISOLATION LEVEL SNAPSHOT; BEGIN TRANSACTION', signal);
    }
    try {
      yield* readPages({ limits: context.limits, after, page });
    } finally {
      if (isolation === 'snapshot') await this.connection.rows(ROLLBACK).catch(() => {});
    }
  }

  async controlTotals(request: TotalsRequest<MssqlStream>): Promise<ControlTotals> {
    const { stream, window, signal } = request;
    const columns = await this.columnsOf(stream, signal);
    const [row] = await this.rows(totalsStatement(stream, columns, window), signal);
    return totalsOf(row);
  }

  close(): Promise<void> {
    return this.connection.close();
  }

  private async *page(
    { stream, window, batchRows, signal }: ReadRequest<MssqlStream>,
    columns: readonly SourceColumn[],
    { resume, rows }: { readonly resume: string | undefined; readonly rows: number },
  ): AsyncGenerator<RawBatch> {
    signal.throwIfAborted();
    const after = resume === undefined ? null : resumeParts(resume);
    const { text, arrivals } = pageStatement(stream, columns, { window, after, rows });
    const { orderAt } = selectionOf(stream);
    const guard = this.settings.isolation === 'snapshot' ? IN_SNAPSHOT : '';
    const flow = this.connection.stream(`${GENTLE}${guard}${text}`, batchRows, arrivals);
    try {
      for (;;) {
        const taken = await this.attended(signal, () => flow.next());
        if (taken === null) return;
        yield { columns: stream.columns, rows: taken, cursor: resumeToken(taken.at(-1), orderAt) };
      }
    } finally {
      if (!flow.done) {
        await this.connection.cancel();
        await flow.discard();
      }
    }
  }

  private async columnsOf(
    stream: MssqlStream,
    signal: AbortSignal,
  ): Promise<readonly SourceColumn[]> {
    const known = this.described.get(stream.query);
    if (known !== undefined) return known;
    const rows = await this.rows(describeStatement(stream), signal);
    const [name, , , message] = rows[0] ?? [];
    if (name == null) {
      throw new SourceRejectedError(
        `来源拒绝查询：${message ?? '没有结果列，或有未命名的列'}`,
        '请核对机构配置的 query，每个结果列都要有名字。',
      );
    }
    const columns = rows.map(([column, type, collation]) => ({
      name: column ?? '',
      type: type ?? '',
      collation: collation ?? null,
    }));
    this.described.set(stream.query, columns);
    return columns;
  }

  private rows(sql: string, signal: AbortSignal): Promise<readonly TextRow[]> {
    return this.attended(signal, () => this.connection.rows(`${GENTLE}${sql}`));
  }

  private attended<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const timeoutMs = this.settings.context.limits.statementTimeoutMs;
    return attended(work, { signal, cancel: () => this.connection.cancel(), timeoutMs });
  }
}
