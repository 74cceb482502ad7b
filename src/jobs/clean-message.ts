import { safeMessage } from '../kernel/safe-text.js';

const LONGEST_MESSAGE_CHARACTERS = 2_000;
// A lone half of a surrogate pair.
const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/**
 * An error's text as the queue's tables can hold it: PostgreSQL refuses U+0000 and lone surrogates, and a job that cannot even be
 * failed would loop for ever with its reason lost. Cells that a driver quotes in its message stay out of them.
 */
export function cleanMessage(error: unknown): string {
  const clean = safeMessage(error).replaceAll('\0', '␀').replace(LONE_SURROGATE, '\uFFFD');
  return clean.length <= LONGEST_MESSAGE_CHARACTERS
    ? clean
    : `${[...clean.slice(0, LONGEST_MESSAGE_CHARACTERS)].slice(0, -1).join('')}…`;
}
