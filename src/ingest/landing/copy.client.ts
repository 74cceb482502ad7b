import { finished } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

/** A running COPY FROM STDIN that takes lines in large pieces and waits when the server is behind. */
export interface CopySink {
  /** Once it resolves the piece may be written over. */
  write(piece: Uint8Array): Promise<void>;
  end(): Promise<void>;
  /** Breaks the COPY off; the transaction is then to be rolled back. */
  abandon(reason: Error): void;
}

/** The driver waits until pieces of this size have left; a smaller one may still stand in its buffer, so it gets a copy. */
const WAITED_FOR = 1 << 17;

export function openCopy(client: pg.PoolClient, statement: string): CopySink {
  const stream = client.query(copyFrom(statement));
  const done = finished(stream);
  done.catch(() => {}); // reported where it is awaited
  return {
    async write(piece) {
      if (piece.length === 0) return;
      const kept = piece.length < WAITED_FOR ? piece.slice() : piece;
      const flushed = new Promise<void>((resolve) => stream.write(kept, () => resolve()));
      await Promise.race([flushed, done]);
    },
    async end() {
      stream.end();
      await done;
    },
    abandon: (reason) => void stream.destroy(reason),
  };
}
