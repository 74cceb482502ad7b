import { GatewayError } from './errors.js';

/** Certificate numbers (18 or 15 characters) and mobile numbers, wherever they stand. */
const IDENTIFIERS = /(?<![\dA-Za-z])(?:\d{17}[\dXx]|\d{15}|1[3-9]\d{9})(?![\dA-Za-z])/g;
/** What drivers quote: the value that did not fit. */
const QUOTED =
  /"[^"\n]*(?:"|$)|'[^'\n]*(?:'|$)|`[^`\n]*(?:`|$)|“[^”\n]*(?:”|$)|‘[^’\n]*(?:’|$)|「[^」\n]*(?:」|$)/g;
/** A file of a program, as a failed import names it. */
const OWN_PATH = /^'(?:\/[A-Za-z@._-][\w@.-]*)+\.m?js'$/;
/** `Key (id_card)=(…)` of PostgreSQL, `column=value` of others. */
const ASSIGNED = /=\s*(?:\([^)\n]*\)?|\[[^\]\n]*\]?|[^\s,;)]+)/g;
const LONG_NUMBER = /\d{11,}/g;
const CREDENTIALS = /(\b[a-z][a-z+]*:\/\/)[^\s/@]*@/gi;

/** Text with certificate numbers, mobile numbers and passwords of addresses hidden; all else stays. */
export function withoutIdentifiers(text: string): string {
  return text.replace(CREDENTIALS, '$1…@').replace(IDENTIFIERS, '…');
}

/**
 * What may be written down of an error: into a log, a queue, a column that people read. Our own errors hold no personal data by rule; a
 * driver's or a library's may quote the very cell it choked on, so everything quoted, assigned or number-like goes.
 */
export function safeMessage(error: unknown): string {
  if (error instanceof GatewayError) return withoutIdentifiers(error.message);
  return withoutValues(error instanceof Error ? named(error) : String(error));
}

/** Words of somebody else's program without what it may have quoted from a row. */
export function withoutValues(text: string): string {
  return withoutIdentifiers(text)
    .replace(QUOTED, (quoted) => (OWN_PATH.test(quoted) ? quoted : '"…"'))
    .replace(ASSIGNED, '=…')
    .replace(LONG_NUMBER, '…');
}

const named = ({ name, message }: Error): string =>
  name === 'Error' ? message : `${name}: ${message}`;

/** A stack whose first lines, the message, are made safe. */
export function safeStack(error: unknown): string {
  const message = safeMessage(error);
  if (!(error instanceof Error) || error.stack === undefined) return message;
  const frames = error.stack.split('\n').filter((line) => /^\s+at /.test(line));
  return [message, ...frames].join('\n');
}
