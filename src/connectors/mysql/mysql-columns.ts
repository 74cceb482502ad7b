/**
 * How the bytes of one result column become the text that the source holds, and the literal that names the same value when reading
 * goes on after it. Nothing becomes a number or a Date on the way.
 */

/** A result column as the server describes it. */
export interface ColumnMeta {
  readonly name: string;
  /** Type number of the protocol. */
  readonly type: number;
  /** Character set in which the server sends it, by its own name. */
  readonly charset: string;
  /** An ENUM or SET: ordered by position, compared by text. */
  readonly listed: boolean;
}

export interface ColumnReader {
  /** @throws TypeError when the bytes are not text of the encoding */
  readonly text: (bytes: Buffer) => string;
  /** The value as an SQL literal; null for a type that cannot order rows. */
  readonly literal: ((bytes: Buffer) => string) | null;
}

const BIT = 16;
const FLOATS = new Set([4, 5]);
const NUMBERS = new Set([0, 1, 2, 3, 8, 9, 13, 246]);
const MOMENTS = new Set([7, 10, 11, 12, 14]);
const JSON_TYPE = 245;
const VECTOR = 242;
const GEOMETRY = 255;

/** The databases' names → the decoder's. MySQL's latin1 is Windows-1252; of the Chinese sets GB18030 holds the others. */
const DECODERS: Readonly<Record<string, string>> = {
  ascii: 'windows-1252',
  big5: 'big5',
  binary: 'utf-8',
  gb18030: 'gb18030',
  gb2312: 'gb18030',
  gbk: 'gb18030',
  latin1: 'windows-1252',
  ucs2: 'utf-16be',
  utf16: 'utf-16be',
  utf16le: 'utf-16le',
  utf8: 'utf-8',
  utf8mb3: 'utf-8',
  utf8mb4: 'utf-8',
};

/** Encodings as a stream declares them. */
const DECLARED: Readonly<Record<string, string>> = {
  'utf-8': 'utf-8',
  'utf-16le': 'utf-16le',
  big5: 'big5',
  gb18030: 'gb18030',
  gb2312: 'gb18030',
  gbk: 'gb18030',
  latin1: 'windows-1252',
};

/** @returns a sentence instead when the column's character set is not one this reader knows */
export function columnReader(
  meta: ColumnMeta,
  declared: string | undefined,
): ColumnReader | string {
  const { type } = meta;
  if (NUMBERS.has(type)) return { text: plain, literal: plain };
  if (FLOATS.has(type)) return { text: plain, literal: null };
  if (MOMENTS.has(type)) return { text: plain, literal: (bytes) => `'${plain(bytes)}'` };
  if (type === BIT) return { text: bitText, literal: bitText };
  if (type === GEOMETRY || type === VECTOR) return { text: hex, literal: null };
  const charset = type === JSON_TYPE ? 'utf8mb4' : meta.charset;
  const encoding = declared === undefined ? DECODERS[charset] : DECLARED[declared];
  if (encoding === undefined) {
    return `列 ${meta.name} 的字符集 ${charset} 不受支持，请在该数据流的 charsets 中写明编码`;
  }
  const text = textDecoder(encoding);
  if (meta.listed) return { text, literal: null };
  const introducer = charset === 'binary' ? '' : `_${charset} `;
  return { text, literal: (bytes) => `${introducer}x'${hex(bytes)}'` };
}

const LITERAL =
  /^(?:-?\d{1,65}(?:\.\d{1,38})?|'[\d :.-]{1,32}'|(?:_\w{1,16} )?x'[\da-f]{0,6144}')$/;

/** Literals come back from our own store; only what `literal` can have written is sent on. */
export function isLiteral(text: string): boolean {
  return LITERAL.test(text);
}

function plain(bytes: Buffer): string {
  return bytes.toString('latin1');
}

function hex(bytes: Buffer): string {
  return bytes.toString('hex');
}

function bitText(bytes: Buffer): string {
  return BigInt(`0x${bytes.length === 0 ? '0' : hex(bytes)}`).toString();
}

const REPLACEMENT = '\ufffd';
/** 0x80 to 0x9F of Windows-1252; Node's decoder of that name takes them for control characters. The five gaps stay as they are. */
const UPPER_1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

function textDecoder(encoding: string): (bytes: Buffer) => string {
  if (encoding === 'windows-1252') return windowsText;
  const strict = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  if (encoding === 'utf-8') {
    return (bytes) => {
      const text = bytes.toString('utf8');
      return text.includes(REPLACEMENT) ? strict.decode(bytes) : text;
    };
  }
  if (encoding.startsWith('utf-16')) return (bytes) => strict.decode(bytes);
  return (bytes) => (isAscii(bytes) ? bytes.toString('latin1') : strict.decode(bytes));
}

function windowsText(bytes: Buffer): string {
  const text = bytes.toString('latin1');
  return text.replace(/[\x80-\x9f]/g, (each) => UPPER_1252.charAt(each.charCodeAt(0) - 0x80));
}

/** Most codes, dates and numbers in a text column are plain ASCII, which all these encodings share. */
function isAscii(bytes: Buffer): boolean {
  for (const byte of bytes) if (byte > 0x7f) return false;
  return true;
}
