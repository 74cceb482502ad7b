import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants, gunzip } from 'node:zlib';
import { parseRawContent, type RawContent } from './raw-content.js';

const compress = promisify(brotliCompress);
const decompress = promisify(brotliDecompress);
const unzip = promisify(gunzip);

/** Raw rows are written once and read rarely: speed before size. Half the processor time of the fastest gzip, and no larger. */
const QUALITY = { params: { [constants.BROTLI_PARAM_QUALITY]: 0 } } as const;

/** Compresses beside the main thread. */
export function packRawContent(text: string): Promise<Buffer> {
  return compress(text, QUALITY);
}

/** Raw rows out of `raw_blob.content`: Brotli, or gzip where an archive was packed elsewhere. */
export async function openRawContent(content: Buffer): Promise<RawContent> {
  const isGzip = content[0] === 0x1f && content[1] === 0x8b;
  const text = await (isGzip ? unzip(content) : decompress(content));
  return parseRawContent(text.toString('utf8'));
}
