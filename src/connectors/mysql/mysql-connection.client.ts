import mysql from 'mysql2';
import type { SourceContext } from '../connector.js';
import { SourceUnreachableError } from '../errors.js';
import { RowFlow } from '../sql/row-flow.js';
import type { ColumnMeta } from './mysql-columns.js';
import { asSourceError } from './mysql-errors.js';
import type { MysqlOptions } from './mysql-options.js';
import type { CellRow } from './mysql-rows.js';

/** One running statement: what its columns are, once known, and its rows. */
export interface RowStream {
  readonly fields: () => readonly mysql.FieldPacket[];
  readonly flow: RowFlow<CellRow>;
}

/** How the driver is to decode a column; null: not at all. */
export type DriverDecoding = (field: mysql.FieldPacket) => 'latin1' | 'utf8' | null;

const ENUM_OR_SET_FLAGS = 256 | 2048;

/** One connection that hands out bytes; and a second one, when needed, to stop what the first is doing. */
export class MysqlConnection {
  /** Ends the running statement on our side when the server can no longer be asked. */
  private abandon: (error: Error) => void = () => {};

  private constructor(
    private readonly connection: mysql.Connection,
    private readonly settings: mysql.ConnectionOptions,
  ) {}

  /** @throws SourceUnreachableError */
  static async connect(options: MysqlOptions, context: SourceContext): Promise<MysqlConnection> {
    const settings = connectionSettings(options, context);
    return new MysqlConnection(await connected(settings), settings);
  }

  /** Sends one statement; at most two batches wait on our side. */
  stream(sql: string, batchRows: number, decoding: DriverDecoding = () => 'utf8'): RowStream {
    const flow = new RowFlow<CellRow>(batchRows, {
      hold: () => this.connection.pause(),
      release: () => this.connection.resume(),
    });
    this.abandon = (error) => flow.fail(error);
    let fields: readonly mysql.FieldPacket[] = [];
    const decodings = new Map<string, 'latin1' | 'utf8' | null>();
    this.connection
      .query({
        sql,
        rowsAsArray: true,
        typeCast: (field) => {
          const encoding = decodings.get(field.name) ?? null;
          return encoding === null ? field.buffer() : field.string(encoding);
        },
      })
      .on('fields', (found: readonly mysql.FieldPacket[] | undefined) => {
        fields = found ?? [];
        for (const field of fields) decodings.set(field.name, decoding(field));
      })
      .on('result', (row: unknown) => {
        if (Array.isArray(row)) flow.push(row);
      })
      .on('error', (cause: Error) => flow.fail(asSourceError(cause)))
      .on('end', () => flow.end());
    return { fields: () => fields, flow };
  }

  /** All rows of a small result as text. @throws SourceRejectedError, SourceTimeoutError, SourceUnreachableError */
  async rows(sql: string): Promise<readonly (readonly (string | null)[])[]> {
    const { flow } = this.stream(sql, 1_000_000);
    const found = (await flow.next()) ?? [];
    await flow.next(); // an error comes after the rows before it
    return found.map((row) => row.map((cell) => (cell === null ? null : String(cell))));
  }

  /** Stops the running statement at the server; when that cannot be done, hangs up. */
  async cancel(): Promise<void> {
    const { threadId } = this.connection;
    try {
      const second = await connected(this.settings);
      await new Promise<void>((resolve, reject) =>
        second.query(`KILL QUERY ${Number(threadId)}`, (error) =>
          error === null ? resolve() : reject(error),
        ),
      ).finally(() => second.destroy());
    } catch (cause) {
      this.connection.destroy();
      this.abandon(new SourceUnreachableError('无法在来源端取消查询，已断开', {}, { cause }));
    }
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.connection.end(() => resolve()));
  }
}

/** A result column's type, and its character set by the server's own number for it. */
export function columnMeta(
  field: mysql.FieldPacket,
  charsetNames: ReadonlyMap<number, string>,
): ColumnMeta {
  const charset = field.characterSet ?? 0;
  const flags = typeof field.flags === 'number' ? field.flags : 0;
  return {
    name: field.name,
    type: field.columnType ?? -1,
    charset: charsetNames.get(charset) ?? `#${charset}`,
    listed: (flags & ENUM_OR_SET_FLAGS) !== 0,
  };
}

function connected(settings: mysql.ConnectionOptions): Promise<mysql.Connection> {
  const connection = mysql.createConnection(settings);
  connection.on('error', () => {}); // reported by the statement that meets it
  return new Promise((resolve, reject) =>
    connection.connect((cause) => {
      if (cause === null) return resolve(connection);
      connection.destroy();
      reject(asSourceError(cause));
    }),
  );
}

function connectionSettings(
  { host, port, database, user, password, ssl }: MysqlOptions,
  { limits }: SourceContext,
): mysql.ConnectionOptions {
  return {
    host,
    port: Number(port),
    database,
    user,
    password,
    ...(ssl === 'true' ? { ssl: {} } : {}),
    charset: 'utf8mb4_general_ci',
    connectTimeout: limits.connectTimeoutMs,
    flags: ['-LOCAL_FILES'], // a server must not be able to ask for our files
    supportBigNumbers: true,
    bigNumberStrings: true,
    dateStrings: true,
    multipleStatements: false,
    connectAttributes: { program_name: 'heyi-reader' },
  };
}
