import pg from 'pg';
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
import { attended } from '../sql/attended.client.js';
import { assertBudget, readPages, resumeParts, resumeToken, totalsOf } from '../sql/read-pages.js';
import { selectionOf } from '../sql/window-query.js';
import { copyRows } from './postgres-copy.client.js';
import { asSourceError } from './postgres-errors.js';
import type { PostgresOptions, PostgresStream } from './postgres-options.js';
import { inspectPostgres, probePostgres } from './postgres-probe.client.js';
import {
  copyStatement,
  pageStatement,
  type Statement,
  totalsStatement,
} from './postgres-statements.js';

/** Every value arrives as the text the server wrote: no float, no Date is ever made of it. */
const RAW_TEXT: pg.CustomTypesConfig = {
  getTypeParser: (() => (text: string) => text) as unknown as typeof pg.types.getTypeParser,
};

interface RawResult {
  readonly rows: (string | null)[][];
}

/**
 * One connection to a HIS: read-only session, one snapshot a read, bounded statements. A read is cancelled at the server
 * through a second connection.
 */
export class PostgresSession implements SourceSession<PostgresStream> {
  private constructor(
    private readonly client: pg.Client,
    private readonly options: PostgresOptions,
    private readonly context: SourceContext,
  ) {}

  /** @throws SourceUnreachableError */
  static async open(options: PostgresOptions, context: SourceContext): Promise<PostgresSession> {
    const settings = clientSettings(options, context);
    const client = new pg.Client(settings);
    client.on('error', () => {}); // reported by the statement that meets it
    try {
      await client.connect();
    } catch (cause) {
      throw asSourceError(cause);
    }
    return new PostgresSession(client, options, context);
  }

  probe(
    streams: Readonly<Record<string, PostgresStream>>,
    signal: AbortSignal,
  ): Promise<readonly ProbeFinding[]> {
    return this.cancellable(signal, () => probePostgres(this.client, streams));
  }

  inspect(stream: PostgresStream, signal: AbortSignal): Promise<StreamInspection> {
    return this.cancellable(signal, () => inspectPostgres(this.client, stream));
  }

  async clock(signal: AbortSignal): Promise<number> {
    const text = 'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint::text';
    const { rows } = await this.run(signal, { text, values: [] });
    return Number(rows[0]?.[0]);
  }

  async *read(request: ReadRequest<PostgresStream>): AsyncGenerator<RawBatch> {
    const { limits } = this.context;
    const begin = 'BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY';
    await this.run(request.signal, { text: begin, values: [] });
    try {
      if (this.options.read === 'cursor') yield* this.fetched(request);
      else {
        const page = (after: string | undefined, rows: number) => this.copied(request, after, rows);
        yield* readPages({ limits, after: request.after, page });
      }
    } finally {
      await this.client.query('ROLLBACK').catch(() => {});
    }
  }

  /** One page by COPY: half the work of a cursor at both ends. */
  private copied(
    { stream, window, batchRows, signal }: ReadRequest<PostgresStream>,
    resume: string | undefined,
    rows: number,
  ): AsyncIterable<RawBatch> {
    const after = resume === undefined ? null : resumeParts(resume);
    return copyRows(this.client, copyStatement(stream, window, { after, rows }), {
      layout: { columns: stream.columns, orderAt: selectionOf(stream).orderAt, batchRows },
      attention: {
        wait: (work) => this.cancellable(signal, work),
        cancel: () => this.cancelAtServer(),
      },
    });
  }

  private async *fetched(request: ReadRequest<PostgresStream>): AsyncGenerator<RawBatch> {
    const { stream, window, after, batchRows, signal } = request;
    const { orderAt } = selectionOf(stream);
    const resume = after === undefined ? null : resumeParts(after);
    const page = pageStatement(stream, window, resume);
    await this.run(signal, { ...page, text: `DECLARE page NO SCROLL CURSOR FOR ${page.text}` });
    const fetch = { text: `FETCH ${batchRows} FROM page`, values: [] };
    let coming = this.run(signal, fetch);
    for (let taken = 0; ; ) {
      const { rows } = await coming;
      if (rows.length === 0) return;
      taken += rows.length;
      assertBudget(taken, this.context.limits.windowRows);
      coming = this.run(signal, fetch); // the source works on the next batch while this one is mapped
      coming.catch(() => {}); // reported where it is awaited
      yield { columns: stream.columns, rows, cursor: resumeToken(rows.at(-1), orderAt) };
    }
  }

  async controlTotals(request: TotalsRequest<PostgresStream>): Promise<ControlTotals> {
    const { stream, window, signal, digest = true } = request;
    const { rows } = await this.run(signal, totalsStatement(stream, window, digest));
    return totalsOf(rows[0]);
  }

  async close(): Promise<void> {
    await this.client.end().catch(() => {});
  }

  private run(signal: AbortSignal, { text, values }: Statement): Promise<RawResult> {
    return this.cancellable(signal, async () => {
      const result = await this.client.query({
        text,
        values: [...values],
        rowMode: 'array',
        types: RAW_TEXT,
      });
      return { rows: result.rows as (string | null)[][] };
    });
  }

  private cancellable<T>(signal: AbortSignal, statement: () => Promise<T>): Promise<T> {
    const work = () =>
      statement().catch((cause: unknown) => {
        throw asSourceError(cause);
      });
    return attended(work, { signal, cancel: () => this.cancelAtServer() });
  }

  private async cancelAtServer(): Promise<void> {
    const { processID } = this.client as pg.Client & { readonly processID: number };
    const second = new pg.Client(clientSettings(this.options, this.context));
    second.on('error', () => {});
    try {
      await second.connect();
      await second.query('SELECT pg_cancel_backend($1)', [processID]);
    } catch {
      await this.client.end().catch(() => {}); // no second connection to be had: hang up instead
    } finally {
      await second.end().catch(() => {});
    }
  }
}

function clientSettings(options: PostgresOptions, context: SourceContext): pg.ClientConfig {
  const { statementTimeoutMs, connectTimeoutMs } = context.limits;
  const session = {
    default_transaction_read_only: 'on',
    statement_timeout: String(statementTimeoutMs),
    lock_timeout: '2000',
    idle_in_transaction_session_timeout: '600000',
    datestyle: 'ISO',
    timezone: context.timezone,
    search_path: options.schema,
  };
  return {
    host: options.host,
    port: Number(options.port),
    database: options.database,
    user: options.user,
    password: options.password,
    ssl: options.ssl === 'true',
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: 'heyi-reader',
    keepAlive: true,
    options: Object.entries(session)
      .map(([name, value]) => `-c ${name}=${value.replaceAll(/([\\ ])/g, '\\$1')}`)
      .join(' '),
  };
}
