import { promisify } from 'node:util';
import { brotliDecompress, constants, createBrotliCompress } from 'node:zlib';
import { parseRawContent, type RawContent } from './raw-content.js';

const decompress = promisify(brotliDecompress);

/** Raw rows are written once and read rarely: speed before size. Half the processor time of the fastest gzip, and no larger. */
const QUALITY = { params: { [constants.BROTLI_PARAM_QUALITY]: 0 } } as const;

/** Compresses beside the main thread while more is being read. */
export class RawPacker {
  private readonly stream = createBrotliCompress(QUALITY);
  private readonly pieces: Buffer[] = [];

  constructor() {
    this.stream.on('data', (piece: Buffer) => this.pieces.push(piece));
  }

  /** What is given must not change until all is packed. */
  write(piece: Uint8Array): void {
    if (piece.length > 0) this.stream.write(piece);
  }

  packed(): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      this.stream.once('error', reject);
      this.stream.once('end', () => resolve(Buffer.concat(this.pieces)));
      this.stream.end();
    });
  }
}

export function packRawContent(content: Uint8Array): Promise<Buffer> {
  const packer = new RawPacker();
  packer.write(content);
  return packer.packed();
}

/** Raw rows out of `raw_blob.content`. */
export async function openRawContent(packed: Uint8Array): Promise<RawContent> {
  return parseRawContent(await decompress(packed));
}
