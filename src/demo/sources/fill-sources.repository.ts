import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Cell, SourceDatabase, SourceTable } from './source-table.js';

const CHUNK_BYTES = 1 << 16;

export interface SourceServer {
  /** Superuser connection to any database of the server. */
  readonly adminUrl: string;
  /** The login that the gateway reads with: it may select, nothing else. */
  readonly reader: string;
  readonly readerPassword: string;
}

/** Makes the reader's login, with the password of this run. */
export async function createReader({
  adminUrl,
  reader,
  readerPassword,
}: SourceServer): Promise<void> {
  await withClient(adminUrl, async (client) => {
    const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [reader]);
    const verb = rowCount === 0 ? 'CREATE' : 'ALTER';
    await client.query(
      `${verb} ROLE ${reader} LOGIN NOSUPERUSER CONNECTION LIMIT 20 PASSWORD ${client.escapeLiteral(readerPassword)}`,
    );
  });
}

/** Creates a member's database anew and fills it by COPY. What was there before is dropped. */
export async function fillSource(server: SourceServer, source: SourceDatabase): Promise<void> {
  await withClient(server.adminUrl, async (client) => {
    await client.query(`DROP DATABASE IF EXISTS ${source.database} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${source.database} TEMPLATE template0 ENCODING 'UTF8'`);
  });
  await withClient(databaseUrl(server.adminUrl, source.database), async (client) => {
    await client.query('SET synchronous_commit = off');
    for (const schema of source.schemas) {
      await client.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
      await client.query(`GRANT USAGE ON SCHEMA ${schema} TO ${server.reader}`);
    }
    for (const table of source.tables) await fillTable(client, table, server.reader);
  });
}

async function fillTable(client: pg.Client, table: SourceTable, reader: string): Promise<void> {
  const quotedKey = table.primaryKey.map(quoted).join(', ');
  await client.query('BEGIN');
  await client.query(`CREATE TABLE ${table.name} (${table.definitions.join(', ')})`);
  const stream = client.query(copyFrom(`COPY ${table.name} FROM STDIN`));
  await pipeline(Readable.from(copyText(table.rows), { objectMode: false }), stream);
  await client.query(`ALTER TABLE ${table.name} ADD PRIMARY KEY (${quotedKey})`);
  for (const column of table.indexed) {
    await client.query(`CREATE INDEX ON ${table.name} (${quoted(column)}, ${quotedKey})`);
  }
  await client.query(`GRANT SELECT ON ${table.name} TO ${reader}`);
  await client.query('COMMIT');
  await client.query(`ANALYZE ${table.name}`);
}

function* copyText(rows: readonly (readonly Cell[])[]): Generator<Buffer> {
  let buffer = '';
  for (const row of rows) {
    buffer += `${row.map(copyCell).join('\t')}\n`;
    if (buffer.length < CHUNK_BYTES) continue;
    yield Buffer.from(buffer);
    buffer = '';
  }
  yield Buffer.from(buffer);
}

const SPECIAL = /[\\\t\n\r]/g;
const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
};

function copyCell(cell: Cell): string {
  return cell === null ? '\\N' : cell.replace(SPECIAL, (character) => ESCAPES[character] ?? '');
}

function quoted(name: string): string {
  return `"${name}"`;
}

function databaseUrl(adminUrl: string, database: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  return url.toString();
}

export async function withClient<T>(
  url: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Whether the members' databases of a county are all there. */
export function sourcesExist(adminUrl: string, databases: readonly string[]): Promise<boolean> {
  return withClient(adminUrl, async (client) => {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = ANY($1)', [
      databases,
    ]);
    return rowCount === databases.length;
  });
}
