import { setTimeout as pause } from 'node:timers/promises';

const POLL_MS = 20;

/** Polls until true. @returns the moment it came true @throws after so many seconds */
export async function poll(
  what: string,
  withinSeconds: number,
  holds: () => Promise<boolean>,
): Promise<number> {
  const deadline = performance.now() + withinSeconds * 1000;
  while (!(await answered(holds))) {
    if (performance.now() > deadline)
      throw new Error(`after ${withinSeconds} s still not: ${what}`);
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
