/** The server on that port is not the one we started: nothing may be written to it, and nothing done to it. */
export class ForeignServerError extends Error {
  constructor(what: string, found: string, own: string) {
    super(`${what} answers from ${found}, not from our own ${own}: stopped before any write`);
    this.name = 'ForeignServerError';
  }
}

/** @throws ForeignServerError */
export function assertOwn(what: string, found: string, own: string): void {
  if (found !== own) throw new ForeignServerError(what, found, own);
}
