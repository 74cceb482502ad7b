import type pg from 'pg';
import { to } from 'pg-copy-streams';
import type { RawBatch } from '../connector.js';
import { CopyBatches, type CopyLayout } from './copy-batches.js';

/** How the session waits for its server, and how it asks it to stop. */
export interface CopyAttention {
  readonly wait: <T>(work: () => Promise<T>) => Promise<T>;
  readonly cancel: () => Promise<void>;
}

/**
 * The rows of one COPY, held back by the reader through the socket. Left early, the server is asked to stop and what is still on its
 * way is thrown away, so that the connection can be used again.
 */
export async function* copyRows(
  client: pg.Client,
  statement: string,
  { layout, attention }: { readonly layout: CopyLayout; readonly attention: CopyAttention },
): AsyncGenerator<RawBatch> {
  const batches = new CopyBatches(layout);
  // Begun only once it is waited for: a statement on its way that nobody takes in would keep the connection for ever.
  let pieces: Pieces | null = null;
  let over = false;
  const next = async (): Promise<IteratorResult<unknown>> => {
    pieces ??= client.query(to(statement))[Symbol.asyncIterator]();
    try {
      return await pieces.next();
    } catch (error) {
      over = true;
      throw error;
    }
  };
  try {
    for (;;) {
      const piece = await attention.wait(next);
      if (piece.done === true) break;
      yield* batches.take(piece.value as Uint8Array);
    }
    over = true;
    yield* batches.end();
  } finally {
    if (pieces !== null && !over) await thrownAway(pieces, attention);
  }
}

type Pieces = AsyncIterator<unknown>;

async function thrownAway(pieces: Pieces, { cancel }: CopyAttention): Promise<void> {
  await cancel();
  try {
    while ((await pieces.next()).done !== true);
  } catch {
    // the server says that it stopped
  }
}
