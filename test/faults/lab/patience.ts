import { setTimeout as pause } from 'node:timers/promises';
import { secondsBetween } from './machine-time.js';

/** Whoever may wait longer gives its place to another meanwhile. */
export const LONG_SECONDS = 15;
const POLL_MS = 20;

/** Polls until true. @returns the moment it came true @throws after so many seconds of a machine that is not crowded */
export async function poll(
  what: string,
  withinSeconds: number,
  holds: () => Promise<boolean>,
): Promise<number> {
  const began = performance.now();
  while (!(await answered(holds))) {
    const now = performance.now();
    if (secondsBetween(began, now) > withinSeconds) {
      const seconds = Math.round((now - began) / 1000);
      throw new Error(`after ${withinSeconds} s (${seconds} s by the clock) still not: ${what}`);
    }
    await pause(POLL_MS);
  }
  return performance.now();
}

/** While a server is down nothing holds. */
async function answered(holds: () => Promise<boolean>): Promise<boolean> {
  try {
    return await holds();
  } catch (error) {
    if (isDisconnection(error)) return false;
    throw error;
  }
}

function isDisconnection(error: unknown): boolean {
  const { code = '', message = '' } = error as {
    readonly code?: string;
    readonly message?: string;
  };
  return /^(57P0\d|08...|ECONN.*|EPIPE)$/.test(code) || /terminat|Connection|timeout/.test(message);
}
