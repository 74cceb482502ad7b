import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

const LOOK_MS = 250;
/** However crowded the machine is, patience ends: time never goes slower than this. */
const LEAST_PACE = 0.1;

interface Mark {
  /** `performance.now()` */
  readonly atMs: number;
  readonly ownMs: number;
}

/**
 * Time as it would pass had each process the processor it asks for: while four want to run on two processors, a second counts half. What
 * hangs while nobody computes gets no more patience than a clock gives.
 */
export class MachineTime {
  private readonly marks: Mark[];
  private pace = 1;

  constructor(
    private readonly processors: number,
    fromMs: number,
  ) {
    this.marks = [{ atMs: fromMs, ownMs: 0 }];
  }

  /** So many want to run from now on. */
  look(atMs: number, wantToRun: number): void {
    this.marks.push({ atMs, ownMs: this.at(atMs) });
    this.pace = Math.max(LEAST_PACE, Math.min(1, this.processors / Math.max(1, wantToRun)));
  }

  /** Milliseconds of its own from the beginning to that moment. */
  at(atMs: number): number {
    const index = this.marks.findLastIndex((mark) => mark.atMs <= atMs);
    const [mark, next] = [this.marks[Math.max(0, index)], this.marks[index + 1]];
    if (mark === undefined) return 0;
    const pace =
      next === undefined ? this.pace : (next.ownMs - mark.ownMs) / (next.atMs - mark.atMs || 1);
    return mark.ownMs + (atMs - mark.atMs) * pace;
  }
}

const machine = new MachineTime(availableParallelism(), performance.now());
setInterval(() => machine.look(performance.now(), wantToRun()), LOOK_MS).unref();

/** Seconds between two moments of `performance.now()`, less what the machine was crowded. */
export const secondsBetween = (fromMs: number, toMs: number): number =>
  (machine.at(toMs) - machine.at(fromMs)) / 1000;

/** Aborts after so many seconds of a machine that is not crowded, unless cleared before. */
export function deadline(seconds: number): {
  readonly signal: AbortSignal;
  readonly clear: () => void;
} {
  const began = performance.now();
  const over = new AbortController();
  const watch = setInterval(() => {
    if (secondsBetween(began, performance.now()) > seconds) over.abort();
  }, LOOK_MS);
  return { signal: over.signal, clear: () => clearInterval(watch) };
}

/** Without /proc nothing is known of the others: a second is a second. */
function wantToRun(): number {
  try {
    return Number(/^procs_running (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
