import { once } from 'node:events';
import type pg from 'pg';
import { from } from 'pg-copy-streams';
import type { ClaimTable } from '../../src/audit/pass/claim-table.js';
import type { HitSink } from '../../src/audit/pass/person-pass.js';

const FULL = 65_536;
const TAB = 9;
const LINE_END = 10;
const ZERO = 48;
const LONGEST_ROW = 512;

/** Hits as rows of COPY's text format, put together from the bytes of the line that was hit. */
export class HitWriter {
  rows = 0;
  private bytes = Buffer.allocUnsafe(FULL * 2);
  private length = 0;
  private readonly copy;

  constructor(client: pg.PoolClient, table: string) {
    this.copy = client.query(from(`COPY ${table} FROM STDIN`));
  }

  /** Rules have at most two digits here. */
  sink(claims: ClaimTable): HitSink {
    return (rule, claim, { bytes, lineNoStart, lineNoEnd }) => {
      if (this.length + LONGEST_ROW > this.bytes.length) this.grow();
      if (rule > 9) this.put(ZERO + Math.trunc(rule / 10));
      this.put(ZERO + (rule % 10));
      this.put(TAB);
      const key = claims.keys.bytesOf(claim);
      this.bytes.set(key, this.length);
      this.length += key.length;
      this.put(TAB);
      for (let index = lineNoStart; index < lineNoEnd; index += 1) this.put(bytes[index] ?? 0);
      this.put(LINE_END);
      this.rows += 1;
    };
  }

  /** Sends what has gathered, and waits while the server is behind. */
  async flush(least = FULL): Promise<void> {
    if (this.length < least || this.length === 0) return;
    const full = this.bytes.subarray(0, this.length);
    this.bytes = Buffer.allocUnsafe(FULL * 2);
    this.length = 0;
    if (!this.copy.write(full)) await once(this.copy, 'drain');
  }

  async end(): Promise<void> {
    await this.flush(0);
    const finished = once(this.copy, 'finish');
    this.copy.end();
    await finished;
  }

  private put(byte: number): void {
    this.bytes[this.length] = byte;
    this.length += 1;
  }

  private grow(): void {
    const bytes = Buffer.allocUnsafe(this.bytes.length * 2);
    this.bytes.copy(bytes, 0, 0, this.length);
    this.bytes = bytes;
  }
}
