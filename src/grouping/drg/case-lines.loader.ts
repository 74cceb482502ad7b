import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { TextDecoder } from 'node:util';
import type { TextLine } from './group-cases.js';

export const CASE_ENCODINGS = ['utf-8', 'gb18030'] as const;
export type CaseEncoding = (typeof CASE_ENCODINGS)[number];

const LINE_FEED = 0x0a;
/** A line longer than this is cut off and reported; it bounds memory on input that is not text. */
const MAX_LINE_BYTES = 256 * 1024;

/**
 * Lines of a file, or of standard input when no path is given. Each line is decoded on its own, strictly, so that one damaged
 * line stays one; UTF-8 is tried first whatever was declared. In both encodings a line feed byte is always a line feed.
 */
export async function* readCaseLines(
  path: string | null,
  encoding: CaseEncoding,
): AsyncGenerator<TextLine> {
  const decoders = [...new Set<CaseEncoding>(['utf-8', encoding])].map(
    (name) => new TextDecoder(name, { fatal: true }),
  );
  for await (const line of splitLines(path === null ? process.stdin : createReadStream(path))) {
    yield decoded(line, decoders);
  }
}

async function* splitLines(stream: Readable): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of stream) {
    const bytes: Buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = bytes.indexOf(LINE_FEED); end !== -1; end = bytes.indexOf(LINE_FEED, start)) {
      yield bytes.subarray(start, end);
      start = end + 1;
    }
    rest = bytes.subarray(start, start + MAX_LINE_BYTES);
  }
  if (rest.length > 0) yield rest;
}

function decoded(line: Buffer, decoders: readonly TextDecoder[]): TextLine {
  for (const decoder of decoders) {
    try {
      return decoder.decode(line).replace(/\r$/, '');
    } catch {
      // Not in this encoding: the next one may fit, and if none does the line is reported.
    }
  }
  return null;
}
