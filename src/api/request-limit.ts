interface Bucket {
  /** Requests that may still be made now. */
  left: number;
  atMs: number;
}

/** Clients remembered at once; beyond it those who have been quiet longest are forgotten. */
const MOST_CLIENTS = 10_000;
const MINUTE_MS = 60_000;

/** So many requests a minute for each client, evenly refilled; a client may use them all at once. */
export class RequestLimit {
  private readonly buckets = new Map<string, Bucket>();

  constructor(private readonly perMinute: number) {}

  /** @returns seconds until the next request may be made; 0 = this one may */
  take(client: string, nowMs: number): number {
    const known = this.buckets.get(client) ?? { left: this.perMinute, atMs: nowMs };
    const refilled = ((nowMs - known.atMs) * this.perMinute) / MINUTE_MS;
    const left = Math.min(this.perMinute, known.left + Math.max(0, refilled));
    this.buckets.delete(client); // and to the end of the order
    this.buckets.set(client, { left: left >= 1 ? left - 1 : left, atMs: nowMs });
    const [quietest] = this.buckets.keys();
    if (this.buckets.size > MOST_CLIENTS && quietest !== undefined) this.buckets.delete(quietest);
    return left >= 1 ? 0 : Math.ceil(((1 - left) * MINUTE_MS) / this.perMinute / 1_000);
  }
}
