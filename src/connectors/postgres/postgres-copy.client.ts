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
  const pieces = client.query(to(statement))[Symbol.asyncIterator]();
  const batches = new CopyBatches(layout);
  let over = false;
  try {
    for (;;) {
      const piece = await attention
        .wait(() => pieces.next())
        .catch((error: unknown) => {
          over = true;
          throw error;
        });
      if (piece.done === true) break;
      yield* batches.take(piece.value as Uint8Array);
    }
    over = true;
    yield* batches.end();
  } finally {
    if (!over) await thrownAway(pieces, attention);
  }
}

async function thrownAway(
  pieces: AsyncIterator<unknown>,
  { cancel }: CopyAttention,
): Promise<void> {
  await cancel();
  try {
    while ((await pieces.next()).done !== true);
  } catch {
    // the server says that it stopped
  }
}
