import { Connection, type ConnectionConfiguration, Request } from 'tedious';
import type { SourceContext } from '../connector.js';
import { RowFlow } from '../sql/row-flow.js';
import type { Arrival } from './mssql-columns.js';
import { arrivedText } from './mssql-columns.js';
import { asSourceError } from './mssql-errors.js';
import type { MssqlOptions } from './mssql-options.js';

export type TextRow = (string | null)[];

const CANCEL_TIMEOUT_MS = 5_000;

/** One connection that hands out text; a running statement is stopped by the attention signal of the protocol itself. */
export class MssqlConnection {
  private constructor(private readonly connection: Connection) {}

  /** @throws SourceUnreachableError */
  static async connect(options: MssqlOptions, context: SourceContext): Promise<MssqlConnection> {
    const connection = new Connection(configuration(options, context));
    connection.on('error', () => {}); // reported by the statement that meets it
    await new Promise<void>((resolve, reject) => {
      connection.connect((cause) =>
        cause === undefined ? resolve() : reject(asSourceError(cause)),
      );
    });
    return new MssqlConnection(connection);
  }

  /** Sends one statement; at most two batches wait on our side. */
  stream(sql: string, batchRows: number, arrivals: readonly Arrival[] = []): RowFlow<TextRow> {
    const request = new Request(sql, (cause) => {
      if (cause) flow.fail(asSourceError(cause));
      else flow.end();
    });
    const flow = new RowFlow<TextRow>(batchRows, {
      hold: () => request.pause(),
      release: () => request.resume(),
    });
    request.on('row', (cells: readonly { readonly value: unknown }[]) =>
      flow.push(cells.map(({ value }, index) => arrivedText(value, arrivals[index] ?? 'text'))),
    );
    this.connection.execSqlBatch(request);
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
    this.connection.cancel();
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      if (this.connection.closed) return resolve();
      this.connection.once('end', () => resolve());
      this.connection.close();
    });
  }
}

function configuration(
  { host, port, instance, database, user, password, encrypt, trustServerCertificate }: MssqlOptions,
  { limits }: SourceContext,
): ConnectionConfiguration {
  return {
    server: host,
    authentication: { type: 'default', options: { userName: user, password } },
    options: {
      ...(instance === undefined ? { port: Number(port) } : { instanceName: instance }),
      database,
      appName: 'heyi-reader',
      encrypt: encrypt === 'true',
      trustServerCertificate: trustServerCertificate === 'true',
      readOnlyIntent: true,
      connectTimeout: limits.connectTimeoutMs,
      requestTimeout: 0, // the session keeps the time, also between rows
      cancelTimeout: CANCEL_TIMEOUT_MS,
      useColumnNames: false,
      rowCollectionOnDone: false,
      rowCollectionOnRequestCompletion: false,
      enableArithAbort: true,
    },
  };
}
