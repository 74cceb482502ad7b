import { isUtf8 } from 'node:buffer';

/**
 * Strict UTF-8 first, for UTF-8 text often decodes as GB18030 without complaint; then the declared encoding, fatal. A byte order
 * mark is dropped.
 *
 * @returns null when the bytes are neither
 */
export function decodeText(bytes: Uint8Array, declared: string): string | null {
  if (isUtf8(bytes)) return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  try {
    return new TextDecoder(declared, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Printable form of undecodable bytes, for the quarantine: readable ASCII, the rest as hexadecimal. */
export function printableBytes(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes.subarray(0, 2000)) {
    text += byte >= 32 && byte < 127 ? String.fromCharCode(byte) : `<${byte.toString(16)}>`;
  }
  return text;
}
