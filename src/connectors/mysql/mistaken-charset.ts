/** Bytes that a column of latin1 holds, and what they are really. */
export interface MistakenCharset {
  readonly encoding: 'utf-8' | 'gb18030';
  /** The first character as the column's own character set prints it; the rest may be a name and is hidden. */
  readonly before: string;
  readonly after: string;
}

const HAN = /\p{Script=Han}/u;

/** Chinese text in a latin1 column: strict UTF-8 first, for it is hardly met by chance; then GB18030. Null: neither, or no sign of it. */
export function mistakenCharset(cells: readonly Uint8Array[]): MistakenCharset | null {
  const telling = cells.filter((bytes) => bytes.some((byte) => byte > 0x7f));
  const [first] = telling;
  if (first === undefined) return null;
  for (const encoding of ['utf-8', 'gb18030'] as const) {
    const texts = telling.map((bytes) => decoded(bytes, encoding));
    if (!texts.every((text) => text !== null && HAN.test(text))) continue;
    return {
      encoding,
      before: `${new TextDecoder('latin1').decode(first).slice(0, 2)}…`,
      after: `${[...(texts[0] ?? '')][0] ?? ''}＊`,
    };
  }
  return null;
}

function decoded(bytes: Uint8Array, encoding: string): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
