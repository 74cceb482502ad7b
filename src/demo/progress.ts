/** What the demo says while it works: one line a step, with the seconds since the start. */
export class Progress {
  private readonly startedMs: number;

  constructor(
    private readonly write: (text: string) => void,
    private readonly nowMs: () => number,
  ) {
    this.startedMs = nowMs();
  }

  /** Seconds since the start, with one decimal. */
  seconds(sinceMs = this.startedMs): string {
    return ((this.nowMs() - sinceMs) / 1_000).toFixed(1);
  }

  heading(text: string): void {
    this.write(`\n${text}\n`);
  }

  step(text: string): void {
    this.write(`  [${this.seconds().padStart(6)} 秒] ${text}\n`);
  }

  line(text = ''): void {
    this.write(`${text}\n`);
  }

  /** Runs a step and says how long it took. */
  async timed<T>(work: () => Promise<T>, said: (result: T) => string): Promise<T> {
    const before = this.nowMs();
    const result = await work();
    this.step(`${said(result)}（${this.seconds(before)} 秒）`);
    return result;
  }
}
