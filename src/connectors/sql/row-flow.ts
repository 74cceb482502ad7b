/** What a driver must offer so that nobody is flooded. */
export interface Tap {
  /** Stop reading from the network. */
  hold(): void;
  release(): void;
}

/**
 * Between a driver that pushes rows and a reader that takes batches: the driver is held once two batches wait, so that one can be
 * worked on while the next arrives and memory stays flat.
 */
export class RowFlow<Row> {
  private waiting: Row[] = [];
  private ended = false as boolean;
  private failure: Error | null = null;
  private held = false as boolean;
  private wake: () => void = () => {};

  constructor(
    private readonly batchRows: number,
    private readonly tap: Tap,
  ) {}

  /** No more rows will come. */
  get done(): boolean {
    return this.ended;
  }

  push(row: Row): void {
    this.waiting.push(row);
    if (this.waiting.length < this.batchRows) return;
    this.wake();
    if (this.held || this.waiting.length < 2 * this.batchRows) return;
    this.held = true;
    this.tap.hold();
  }

  end(): void {
    this.ended = true;
    this.wake();
  }

  fail(error: Error): void {
    this.failure ??= error;
    this.end();
  }

  /** The next batch, full except for the last; null at the end. @throws what the driver failed with, after the rows before it */
  async next(): Promise<readonly Row[] | null> {
    while (this.waiting.length < this.batchRows && !this.ended) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
        this.release();
      });
    }
    const batch = this.waiting.splice(0, this.batchRows);
    if (this.waiting.length < this.batchRows) this.release();
    if (batch.length > 0) return batch;
    if (this.failure !== null) throw this.failure;
    return null;
  }

  /** Forgets what waits and lets the rest pass by until the driver says it is over. */
  async discard(): Promise<void> {
    while (!this.ended) {
      this.waiting = [];
      await new Promise<void>((resolve) => {
        this.wake = resolve;
        this.release();
      });
    }
    this.waiting = [];
  }

  private release(): void {
    if (!this.held) return;
    this.held = false;
    this.tap.release();
  }
}
