import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

/** A running COPY FROM STDIN that takes lines in large pieces and waits when the server is behind. */
export interface CopySink {
  /** The piece must not be written over afterwards. */
  write(piece: Uint8Array): Promise<void>;
  end(): Promise<void>;
  /** Breaks the COPY off; the transaction is then to be rolled back. */
  abandon(reason: Error): void;
}

export function openCopy(client: pg.PoolClient, statement: string): CopySink {
  const stream = client.query(copyFrom(statement));
  const done = finished(stream);
  done.catch(() => {}); // reported where it is awaited
  return {
    async write(piece) {
      if (piece.length === 0 || stream.write(piece)) return;
      await Promise.race([once(stream, 'drain'), done]);
    },
    async end() {
      stream.end();
      await done;
    },
    abandon: (reason) => void stream.destroy(reason),
  };
}
