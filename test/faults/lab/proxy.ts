import { connect, createServer, type Server, type Socket } from 'node:net';

/** What the line does to what passes. */
export type LineMood =
  | { readonly kind: 'open' }
  /** Nothing comes back any more, and nobody is told: half-open. */
  | { readonly kind: 'blackhole' }
  /** Both ends are reset once so many bytes came back from the far side, counted over all connections. */
  | { readonly kind: 'cut-after'; readonly bytes: number }
  /** Each chunk from the far side comes this much later. */
  | { readonly kind: 'slow'; readonly milliseconds: number }
  /** New connections are refused, old ones reset. */
  | { readonly kind: 'closed' };

/** A line on loopback that can be cut, slowed or made deaf while others talk through it. */
export class Line {
  private mood: LineMood = { kind: 'open' };
  private received = 0;
  private readonly pairs = new Set<readonly [Socket, Socket]>();
  /** Called with every chunk towards the far side; true holds it back for ever. */
  private holds: (chunk: Buffer) => boolean = () => false;
  private cutsMade = 0;
  private lastCut = 0;

  private constructor(
    private readonly server: Server,
    private readonly target: number,
    readonly port: number,
  ) {}

  static open(target: number): Promise<Line> {
    const server = createServer();
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        const port = typeof address === 'object' && address !== null ? address.port : 0;
        const line = new Line(server, target, port);
        server.on('connection', (near) => line.join(near));
        resolve(line);
      });
    });
  }

  get cuts(): number {
    return this.cutsMade;
  }

  /** When it was last cut. */
  get cutAt(): number {
    return this.lastCut;
  }

  become(mood: LineMood): void {
    this.mood = mood;
    this.received = 0;
    if (mood.kind === 'closed') this.reset();
  }

  holdWhen(holds: (chunk: Buffer) => boolean): void {
    this.holds = holds;
  }

  /** Resets every connection that is open now. */
  reset(): void {
    for (const [near, far] of this.pairs) {
      near.resetAndDestroy();
      far.resetAndDestroy();
    }
  }

  close(): Promise<void> {
    this.reset();
    return new Promise((resolve) => {
      this.server.close(() => resolve());
    });
  }

  private join(near: Socket): void {
    if (this.mood.kind === 'closed') {
      near.resetAndDestroy();
      return;
    }
    const far = connect(this.target, '127.0.0.1');
    const pair = [near, far] as const;
    this.pairs.add(pair);
    const end = (): void => {
      this.pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    for (const socket of pair) socket.on('error', end).on('close', end);
    near.on('data', (chunk: Buffer) => {
      if (!this.holds(chunk)) far.write(chunk);
    });
    far.on('data', (chunk: Buffer) => this.back(chunk, pair));
  }

  private back(chunk: Buffer, [near, far]: readonly [Socket, Socket]): void {
    const { mood } = this;
    if (mood.kind === 'blackhole') return;
    if (mood.kind === 'slow') {
      far.pause();
      setTimeout(() => {
        if (!near.destroyed) near.write(chunk);
        far.resume();
      }, mood.milliseconds).unref();
      return;
    }
    if (mood.kind !== 'cut-after') {
      near.write(chunk);
      return;
    }
    const left = mood.bytes - this.received;
    this.received += chunk.length;
    if (left > chunk.length) {
      near.write(chunk);
      return;
    }
    this.cutsMade += 1;
    this.lastCut = performance.now();
    this.mood = { kind: 'open' };
    near.write(chunk.subarray(0, Math.max(0, left)), () => near.resetAndDestroy());
    far.resetAndDestroy();
  }
}
