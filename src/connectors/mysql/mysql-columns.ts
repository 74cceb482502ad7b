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

/** What the driver hands over for a column: text where it decodes exactly and fast, the bytes where it does not. */
export type Cell = string | Buffer;

export interface ColumnReader {
  /** `null`: as bytes, for `decode`. */
  readonly driverDecodes: 'latin1' | 'utf8' | null;
  /** @throws TypeError when the bytes are not text of the encoding */
  readonly decode: (cell: Cell) => string;
  /** The value as an SQL literal; null for a type that cannot order rows. */
  readonly literal: ((cell: Cell) => string) | null;
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
  if (NUMBERS.has(type)) return { ...ASCII, literal: String };
  if (FLOATS.has(type)) return { ...ASCII, literal: null };
  if (MOMENTS.has(type)) return { ...ASCII, literal: (cell) => `'${cell}'` };
  if (type === BIT) return { driverDecodes: null, decode: bitText, literal: bitText };
  if (type === GEOMETRY || type === VECTOR) {
    return { driverDecodes: null, decode: hex, literal: null };
  }
  return textReader(meta, declared);
}

/** Numbers and moments are plain ASCII. */
const ASCII = { driverDecodes: 'latin1', decode: String } as const;

function textReader(meta: ColumnMeta, declared: string | undefined): ColumnReader | string {
  const charset = meta.type === JSON_TYPE ? 'utf8mb4' : meta.charset;
  const encoding = declared === undefined ? DECODERS[charset] : DECLARED[declared];
  if (encoding === undefined) {
    return `列 ${meta.name} 的字符集 ${charset} 不受支持，请在该数据流的 charsets 中写明编码`;
  }
  const introducer = charset === 'binary' ? '' : `_${charset} `;
  const literal = meta.listed ? null : (cell: Cell) => `${introducer}x'${hex(cell)}'`;
  // a column of this character set holds nothing else: the server saw to it
  const isSound = declared === undefined && /^utf8/.test(charset);
  return isSound
    ? { driverDecodes: 'utf8', decode: String, literal }
    : { driverDecodes: null, decode: textDecoder(encoding), literal };
}

const LITERAL =
  /^(?:-?\d{1,65}(?:\.\d{1,38})?|'[\d :.-]{1,32}'|(?:_\w{1,16} )?x'[\da-f]{0,6144}')$/;

/** Literals come back from our own store; only what `literal` can have written is sent on. */
export function isLiteral(text: string): boolean {
  return LITERAL.test(text);
}

function bytesOf(cell: Cell): Buffer {
  return typeof cell === 'string' ? Buffer.from(cell, 'utf8') : cell;
}

function hex(cell: Cell): string {
  return bytesOf(cell).toString('hex');
}

function bitText(cell: Cell): string {
  return BigInt(`0x${hex(cell) || '0'}`).toString();
}

/** 0x80 to 0x9F of Windows-1252; Node's decoder of that name takes them for control characters. The five gaps stay as they are. */
const UPPER_1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

function textDecoder(encoding: string): (cell: Cell) => string {
  if (encoding === 'windows-1252') return (cell) => windowsText(bytesOf(cell));
  const strict = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  if (encoding.startsWith('utf-16')) return (cell) => strict.decode(bytesOf(cell));
  return (cell) => {
    const bytes = bytesOf(cell);
    return isAscii(bytes) ? bytes.toString('latin1') : strict.decode(bytes);
  };
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
