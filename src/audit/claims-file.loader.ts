import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { TextDecoder } from 'node:util';
import { parseClaim } from './claim-text.js';
import type { MutableClaim } from './facts.js';

/** A claim of 20,000 lines stays below this; a longer line is cut off and reported (bytes). */
const MAX_LINE_BYTES = 32 << 20;
const LINE_FEED = 0x0a;

export type ClaimOutcome =
  | { readonly line: number; readonly claim: MutableClaim }
  | { readonly line: number; readonly problems: readonly string[] };

/**
 * Claims of a `claims.ndjson` file, or of standard input when no path is given, with the line each stands on (from 1). UTF-8, with or
 * without BOM; blank lines are skipped; a damaged line stays one.
 */
export async function* readClaims(path: string | null): AsyncGenerator<ClaimOutcome> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const seen = new Set<string>();
  let line = 0;
  for await (const bytes of splitLines(path === null ? process.stdin : createReadStream(path))) {
    line += 1;
    const outcome = outcomeOf(bytes, decoder);
    if (outcome === null) continue;
    if ('claim' in outcome && seen.has(outcome.claim.key)) {
      yield { line, problems: ['同一机构的结算号重复，只取第一次出现的'] };
      continue;
    }
    if ('claim' in outcome) seen.add(outcome.claim.key);
    yield { line, ...outcome };
  }
}

function outcomeOf(bytes: Buffer, decoder: TextDecoder): ReturnType<typeof parseClaim> | null {
  if (bytes.length > MAX_LINE_BYTES) return { problems: [`一行超过 ${MAX_LINE_BYTES} 字节`] };
  let text: string;
  try {
    text = decoder.decode(bytes).trim();
  } catch {
    return { problems: ['不是 UTF-8 编码，请另存为 UTF-8'] };
  }
  return text === '' ? null : parseClaim(text);
}

/** Whole lines; of one that is too long, one byte more than allowed. */
async function* splitLines(stream: Readable): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    let bytes: Buffer = chunk;
    for (let end = bytes.indexOf(LINE_FEED); end !== -1; end = bytes.indexOf(LINE_FEED)) {
      yield Buffer.concat([...rest, bytes.subarray(0, end)]);
      [rest, length] = [[], 0];
      bytes = bytes.subarray(end + 1);
    }
    if (length <= MAX_LINE_BYTES) {
      rest.push(bytes);
      length += bytes.length;
    }
  }
  if (rest.length > 0) yield Buffer.concat(rest);
}
