import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from, to } from 'pg-copy-streams';
import { type CopyValue, copyCells, copyRow } from './copy-text.js';

/**
 * The bytes of a query through COPY, as they come from the wire: rows may be cut anywhere. The query's literals must be quoted by the
 * caller.
 */
export async function* copyBytes(
  client: pg.ClientBase,
  query: string,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  for await (const chunk of client.query(to(`COPY (${query}) TO STDOUT`))) {
    signal.throwIfAborted();
    yield chunk as Buffer;
  }
}

/** Rows of a query through COPY, the quickest way out of PostgreSQL: lines of COPY's text format, in batches as they come. */
export async function* copyLines(
  client: pg.ClientBase,
  query: string,
  signal: AbortSignal,
): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of copyBytes(client, query, signal)) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (lines.length > 0) yield lines;
  }
}

/** The same as cells. */
export async function* copyOut(
  client: pg.ClientBase,
  query: string,
  signal: AbortSignal,
): AsyncGenerator<readonly (string | null)[][]> {
  for await (const lines of copyLines(client, query, signal)) yield lines.map(copyCells);
}

/** Writes chunks of COPY's text format into a table, as they come, within the client's transaction. */
export async function copyChunks(
  client: pg.ClientBase,
  target: string,
  text: AsyncIterable<string>,
): Promise<void> {
  await pipeline(Readable.from(text), client.query(from(`COPY ${target} FROM STDIN`)));
}

/** Writes rows into a table through COPY, within the client's transaction. */
export async function copyIn(
  client: pg.PoolClient,
  target: string,
  rows: Iterable<readonly CopyValue[]>,
): Promise<void> {
  await pipeline(Readable.from(chunks(rows)), client.query(from(`COPY ${target} FROM STDIN`)));
}

const CHUNK_CHARACTERS = 65_536;

function* chunks(rows: Iterable<readonly CopyValue[]>): Generator<string> {
  let chunk = '';
  for (const row of rows) {
    chunk += copyRow(row);
    if (chunk.length < CHUNK_CHARACTERS) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}
