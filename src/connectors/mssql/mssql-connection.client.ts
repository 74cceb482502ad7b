import mssql, { type ConnectionPool, type config, type Request } from 'mssql';
import type { SourceContext } from '../connector.js';
import { RowFlow } from '../sql/row-flow.js';
import type { Arrival } from './mssql-columns.js';
import { arrivedText } from './mssql-columns.js';
import { asSourceError } from './mssql-errors.js';
import type { MssqlOptions } from './mssql-options.js';

export type TextRow = (string | null)[];

const CANCEL_TIMEOUT_MS = 5_000;
/** The pool waits a little longer than the driver, so that it is the driver that says what went wrong. */
const POOL_GRACE_MS = 1_000;

/**
 * A pool of one connection that hands out text, one statement at a time. A running statement is stopped by the attention signal of
 * the protocol. The pool replaces a connection that broke between two statements: what a statement needs of the connection's
 * settings, it must bring along.
 */
export class MssqlConnection {
  private running: Request | null = null;

  private constructor(private readonly pool: ConnectionPool) {}

  /** @throws SourceUnreachableError, SourceTimeoutError */
  static async connect(options: MssqlOptions, context: SourceContext): Promise<MssqlConnection> {
    const pool = new mssql.ConnectionPool(configuration(options, context));
    pool.on('error', () => {}); // reported by the statement that meets it
    try {
      await pool.connect();
    } catch (cause) {
      throw asSourceError(cause);
    }
    return new MssqlConnection(pool);
  }

  /** Sends one statement; at most two batches wait on our side. */
  stream(sql: string, batchRows: number, arrivals: readonly Arrival[] = []): RowFlow<TextRow> {
    const request = this.pool.request();
    request.stream = true;
    const flow = new RowFlow<TextRow>(batchRows, {
      hold: () => request.pause(),
      release: () => request.resume(),
    });
    let failure: Error | null = null;
    request.on('row', (cells: readonly unknown[]) =>
      flow.push(cells.map((value, index) => arrivedText(value, arrivals[index] ?? 'text'))),
    );
    request.on('error', (cause: unknown) => {
      failure ??= asSourceError(cause);
    });
    this.running = request;
    request.batch(sql, () => {
      if (this.running === request) this.running = null;
      if (failure === null) flow.end();
      else flow.fail(failure);
    });
    return flow;
  }

  /** All rows of a small result. @throws SourceRejectedError, SourceTimeoutError, SourceUnreachableError */
  async rows(sql: string): Promise<readonly TextRow[]> {
    const flow = this.stream(sql, 1_000_000);
    const found = (await flow.next()) ?? [];
    await flow.next(); // an error comes after the rows before it
    return found;
  }

  async cancel(): Promise<void> {
    this.running?.cancel();
  }

  /** Stops what runs: the pool would wait for it, and it for a reader who is gone. */
  async close(): Promise<void> {
    this.running?.cancel();
    this.running?.resume();
    await this.pool.close();
  }
}

function configuration(
  { host, port, instance, database, user, password, encrypt, trustServerCertificate }: MssqlOptions,
  { limits }: SourceContext,
): config {
  const poolTimeoutMs = limits.connectTimeoutMs + POOL_GRACE_MS;
  return {
    server: host,
    port: Number(port), // not used with an instance
    database,
    user,
    password,
    arrayRowMode: true,
    connectionTimeout: limits.connectTimeoutMs,
    requestTimeout: 0, // the session keeps the time, also between rows
    validateConnection: 'socket', // the default sends a SELECT before every statement
    pool: {
      max: 1,
      min: 1, // else it would be let go when idle, and an open snapshot with it
      acquireTimeoutMillis: poolTimeoutMs,
      createTimeoutMillis: poolTimeoutMs,
    },
    options: {
      ...(instance === undefined ? {} : { instanceName: instance }),
      appName: 'heyi-reader',
      encrypt: encrypt === 'true',
      trustServerCertificate: trustServerCertificate === 'true',
      readOnlyIntent: true,
      cancelTimeout: CANCEL_TIMEOUT_MS,
      enableArithAbort: true,
    },
  };
}
