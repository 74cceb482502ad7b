/**
 * The driver turns decimals and money into floating numbers, and moments into UTC dates; so the server is asked for text instead,
 * type by type. Varchar of a Chinese code page is asked for as nvarchar, which is exact and several times faster to decode.
 */

/** A column of a query as the server describes it. */
export interface SourceColumn {
  readonly name: string;
  /** With its size, e.g. `decimal(18,2)`, `varchar(max)`. */
  readonly type: string;
  readonly collation: string | null;
}

/** How the driver's value becomes text: it is text already, or a binary floating number. */
export type Arrival = 'text' | 'float' | 'real';

export interface TextExpression {
  readonly expression: string;
  readonly arrival: Arrival;
}

type Family =
  | 'integer'
  | 'decimal'
  | 'money'
  | 'float'
  | 'varchar'
  | 'nvarchar'
  | 'moment'
  | 'other';

interface TypeRule {
  readonly family: Family;
  /** `@` stands for the column. */
  readonly text: string;
  readonly arrival?: Arrival;
  /** `CONVERT` style that reads the text back; absent where the default does. */
  readonly style?: number;
  /** Cannot order rows for resuming. */
  readonly unordered?: true;
}

const INTEGER: TypeRule = { family: 'integer', text: 'CONVERT(nvarchar(20), @)' };
const DECIMAL: TypeRule = { family: 'decimal', text: 'CONVERT(nvarchar(41), @)' };
/** Style 2: all four decimals, no thousands separators. */
const MONEY: TypeRule = { family: 'money', text: 'CONVERT(nvarchar(24), @, 2)' };
const WIDE_TEXT: TypeRule = {
  family: 'other',
  text: 'CONVERT(nvarchar(max), @)',
  unordered: true,
};
const BYTES = 'CONVERT(nvarchar(max), CONVERT(varbinary(max), @), 1)';

/** By the name without its size. Style 121 is `yyyy-mm-dd hh:mi:ss.fffffff`, 23 its date alone, 1 of bytes `0x…`. */
const RULES: Readonly<Record<string, TypeRule>> = {
  bigint: INTEGER,
  binary: { family: 'other', text: BYTES, style: 1 },
  bit: { family: 'integer', text: 'CONVERT(nvarchar(1), @)' },
  char: { family: 'varchar', text: '' },
  date: { family: 'moment', text: 'CONVERT(nvarchar(10), @, 23)', style: 23 },
  datetime: { family: 'moment', text: 'CONVERT(nvarchar(23), @, 121)', style: 121 },
  datetime2: { family: 'moment', text: 'CONVERT(nvarchar(27), @, 121)', style: 121 },
  // the wall clock that was written down, as every other column has it
  datetimeoffset: {
    family: 'moment',
    text: 'CONVERT(nvarchar(27), CONVERT(datetime2(7), @), 121)',
    unordered: true,
  },
  decimal: DECIMAL,
  float: { family: 'float', text: '@', arrival: 'float', unordered: true },
  image: { family: 'other', text: BYTES, unordered: true },
  int: INTEGER,
  money: MONEY,
  nchar: { family: 'nvarchar', text: '@' },
  ntext: WIDE_TEXT,
  numeric: DECIMAL,
  nvarchar: { family: 'nvarchar', text: '@' },
  real: { family: 'float', text: '@', arrival: 'real', unordered: true },
  smalldatetime: { family: 'moment', text: 'CONVERT(nvarchar(19), @, 120)', style: 120 },
  smallint: INTEGER,
  smallmoney: MONEY,
  sql_variant: { family: 'other', text: 'CONVERT(nvarchar(4000), @)', unordered: true },
  sysname: { family: 'nvarchar', text: '@' },
  text: { family: 'varchar', text: 'CONVERT(nvarchar(max), @)', unordered: true },
  time: { family: 'other', text: 'CONVERT(nvarchar(16), @, 121)', unordered: true },
  timestamp: { family: 'other', text: BYTES, style: 1 },
  tinyint: INTEGER,
  uniqueidentifier: { family: 'other', text: 'CONVERT(nvarchar(36), @)' },
  varbinary: { family: 'other', text: BYTES, style: 1 },
  varchar: { family: 'varchar', text: '' },
  xml: WIDE_TEXT,
};

const TYPE = /^(\w+)(?:\((\w+)(?:,\d+)?\))?$/;

/** The expression that selects a column as text; null for a type of the server's own making (geography, CLR). */
export function asText({ type }: SourceColumn, quoted: string): TextExpression | null {
  const rule = ruleOf(type);
  if (rule === null) return null;
  const text = rule.text === '' ? `CONVERT(${nvarcharFor(type)}, @)` : rule.text;
  return { expression: text.replace('@', () => quoted), arrival: rule.arrival ?? 'text' };
}

/** The text of a column back as a value of its own type, so that an index on it still serves; null when it cannot order rows. */
export function asLiteral({ type, collation }: SourceColumn, text: string): string | null {
  const rule = ruleOf(type);
  if (rule === null || rule.unordered === true) return null;
  if (rule.family === 'nvarchar') return unicode(text);
  if (rule.family === 'varchar') {
    const collate = collation === null ? '' : ` COLLATE ${word(collation)}`;
    return `CONVERT(${type}, ${unicode(text)}${collate})`;
  }
  const target = type === 'timestamp' ? 'binary(8)' : type;
  const style = rule.style === undefined ? '' : `, ${rule.style}`;
  return `CONVERT(${target}, ${unicode(text)}${style})`;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** The end of a window as a value of the cursor's type; null when the column cannot be a cursor. */
export function asBound(column: SourceColumn, text: string): string | null {
  const rule = ruleOf(column.type);
  if (rule === null || rule.unordered === true) return null;
  if (rule.family !== 'moment') return asLiteral(column, text);
  // yyyymmdd reads the same under every language and date format of a login
  const [given, style] = DAY.test(text)
    ? [text.replaceAll('-', ''), 112]
    : [text.replace('T', ' '), 121];
  return `CONVERT(${column.type}, ${unicode(given)}, ${style})`;
}

/** The column in an exact decimal type, for summing; a text that is no number counts as nothing. */
export function asAmount({ type }: SourceColumn, quoted: string): string {
  const family = ruleOf(type)?.family;
  const convert = family === 'varchar' || family === 'nvarchar' ? 'TRY_CONVERT' : 'CONVERT';
  return `${convert}(decimal(38, 8), ${quoted})`;
}

/** What the driver hands over, as text. */
export function arrivedText(value: unknown, arrival: Arrival): string | null {
  if (value === null || value === undefined) return null;
  if (arrival === 'real') return shortestReal(Number(value));
  return String(value);
}

/** The fewest digits that still name the same single-precision number. */
function shortestReal(value: number): string {
  for (let digits = 1; digits < 9; digits += 1) {
    const text = Number(value.toPrecision(digits));
    if (Math.fround(text) === value) return String(text);
  }
  return String(Number(value.toPrecision(9)));
}

function ruleOf(type: string): TypeRule | null {
  const name = TYPE.exec(type)?.[1] ?? '';
  return Object.hasOwn(RULES, name) ? (RULES[name] ?? null) : null;
}

const NVARCHAR_LIMIT = 4000;

function nvarcharFor(type: string): string {
  const length = Number(TYPE.exec(type)?.[2]);
  return length > 0 && length <= NVARCHAR_LIMIT ? `nvarchar(${length})` : 'nvarchar(max)';
}

/** A Unicode text literal. */
export function unicode(text: string): string {
  return `N'${text.replaceAll("'", "''")}'`;
}

function word(name: string): string {
  if (/^\w+$/.test(name)) return name;
  throw new RangeError(`not a collation: ${name}`);
}
