import { readFileSync } from 'node:fs';

/** A process that may be gone, or whose number another process may carry by now. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Kernel start time in clock ticks since boot; null where the system does not tell (not Linux). */
  readonly startTicks: string | null;
}

/** The identity of a living process. */
export function identify(pid: number): ProcessIdentity {
  return { pid, startTicks: startTicks(pid) };
}

/** Whether that very process, not merely one with its number, still lives. */
export function isAlive({ pid, startTicks: expected }: ProcessIdentity): boolean {
  if (!answersSignal(pid)) return false;
  return expected === null || startTicks(pid) === expected;
}

/** Whether the process runs with `argument` on its command line; `unknown` where the system does not tell. */
export function runsWith(pid: number, argument: string): boolean | 'unknown' {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(argument);
  } catch {
    return process.platform === 'linux' ? false : 'unknown';
  }
}

function answersSignal(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // alive, but another account's
  }
}

function startTicks(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const afterName = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return afterName[0] === 'Z' ? 'zombie' : (afterName[19] ?? null);
  } catch {
    return null;
  }
}
