/**
 * Decimal text to scaled integers without a float in between. Every accepted number stays below 2^53, so that plain numbers are
 * exact; what does not fit is refused by its bound.
 */

/** Not a plain decimal. */
export const NOT_A_NUMBER = Number.NaN;
/** A plain decimal with more places than allowed, trailing zeros apart. */
export const TOO_PRECISE = Number.POSITIVE_INFINITY;
/** A plain decimal that is too large to be held exactly. */
export const TOO_LARGE = Number.NEGATIVE_INFINITY;

const ZERO = 48;
const NINE = 57;
const MAX_DIGITS = 15;
/** Powers of ten, for `**` is slow. */
const TENS: readonly number[] = Array.from({ length: 16 }, (_, power) => 10 ** power);
const ten = (power: number): number => TENS[power] ?? 10 ** power;

/** `-12.50` with 2 places → -1250. Returns NOT_A_NUMBER, TOO_PRECISE or TOO_LARGE instead of throwing. */
export function parseScaled(text: string, places: number): number {
  const negative = text.charCodeAt(0) === 45;
  const start = negative ? 1 : 0;
  const dot = text.indexOf('.');
  const end = dot === -1 ? text.length : dot;
  if (end === start || dot === text.length - 1) return NOT_A_NUMBER;
  const whole = digits(text, start, end);
  if (whole < 0) return NOT_A_NUMBER;
  if (end - start > MAX_DIGITS) return TOO_LARGE;
  const fraction = dot === -1 ? 0 : scaledFraction(text, dot + 1, places);
  if (!Number.isFinite(fraction)) return fraction;
  const scaled = whole * ten(places) + fraction;
  if (scaled > Number.MAX_SAFE_INTEGER) return TOO_LARGE;
  return negative && scaled !== 0 ? -scaled : scaled;
}

function scaledFraction(text: string, from: number, places: number): number {
  const kept = from + places < text.length ? from + places : text.length;
  const value = kept === from ? 0 : digits(text, from, kept);
  if (value < 0) return NOT_A_NUMBER;
  for (let index = kept; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < ZERO || code > NINE) return NOT_A_NUMBER;
    if (code !== ZERO) return TOO_PRECISE;
  }
  return value * ten(places - (kept - from));
}

/** The digits of a range as a number; −1 when another character is met. Exact up to 15 digits. */
function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let index = from; index < to; index += 1) {
    const code = text.charCodeAt(index);
    if (code < ZERO || code > NINE) return -1;
    value = value * 10 + code - ZERO;
  }
  return value;
}

const DOUBLE = /^-?\d{1,15}(\.\d{1,20})?([eE][+-]?\d{1,2})?$/;
/** How far a stored double may lie from the decimal it stands for, in units of the value. */
const DOUBLE_TOLERANCE = 1e-6;

/** A double as a database printed it (`12.300000000000001`), taken for the nearest scaled integer within a millionth. */
export function parseScaledDouble(text: string, places: number): number {
  if (!DOUBLE.test(text)) return NOT_A_NUMBER;
  const value = Number(text);
  if (Math.abs(value) > 1e9) return parseScaled(text, places); // doubles this large no longer tell a millionth
  const scaled = Math.round(value * 10 ** places);
  if (Math.abs(value * 10 ** places - scaled) > DOUBLE_TOLERANCE * 10 ** places) return TOO_PRECISE;
  return scaled === 0 ? 0 : scaled;
}

/** Whether a decimal text that was read is already written as `scaledText` would: all places, no needless zero, no minus zero. */
export function isCanonical(text: string, places: number): boolean {
  const start = text.charCodeAt(0) === 45 ? 1 : 0;
  const dot = text.length - places - 1;
  if (dot <= start || text.charCodeAt(dot) !== 46) return false;
  if (text.charCodeAt(start) === ZERO && dot !== start + 1) return false;
  return start === 0 || text.charCodeAt(start) !== ZERO;
}

/** The scaled integer as decimal text, `-1250` with 2 places → `-12.50`. */
export function scaledText(scaled: number, places: number): string {
  const text = Math.abs(scaled)
    .toString()
    .padStart(places + 1, '0');
  return `${scaled < 0 ? '-' : ''}${text.slice(0, -places)}.${text.slice(-places)}`;
}

/** Exact product of two scaled integers, rescaled; TOO_PRECISE when places are lost, TOO_LARGE when it does not fit. */
export function productScaled(a: number, b: number, places: number): number {
  const product = BigInt(a) * BigInt(b);
  const unit = 10n ** BigInt(places);
  if (product % unit !== 0n) return TOO_PRECISE;
  const scaled = Number(product / unit);
  return Number.isSafeInteger(scaled) ? scaled : TOO_LARGE;
}

/**
 * Whether quantity × price is the amount, give or take one fen.
 *
 * @param quantity  scaled by 10^4
 * @param price     yuan, scaled by 10^6
 * @param fen       amount in fen
 */
export function isProduct(quantity: number, price: number, fen: number): boolean {
  const product = quantity * price;
  const amount = fen * 1e8;
  if (Number.isSafeInteger(product) && Number.isSafeInteger(amount)) {
    return Math.abs(product - amount) <= 1e8;
  }
  const difference = BigInt(quantity) * BigInt(price) - BigInt(fen) * 100_000_000n;
  return difference <= 100_000_000n && difference >= -100_000_000n;
}

const PLAIN = /^(-?)(\d{1,30})(?:\.(\d{1,30}))?$/;

/** What a clerk adds up for a cell that cannot land: half-up to whole fen; 0 when the cell holds no number. */
export function roundedFen(text: string | null, fromDouble: boolean): bigint {
  const plain = fromDouble ? plainDouble(text ?? '') : (text ?? '').trim();
  const match = PLAIN.exec(plain);
  if (match === null) return 0n;
  const [, sign, whole = '0', fraction = ''] = match;
  const mills = BigInt(whole) * 1000n + BigInt(fraction.padEnd(3, '0').slice(0, 3));
  const fen = (mills + 5n) / 10n;
  if (fen > MOST_FEN) return 0n;
  return sign === '-' ? -fen : fen;
}

/** Ten thousand thousand million yuan: what is more is no amount of money, and no column could hold it. */
const MOST_FEN = 1_000_000_000_000_000n;

/** A double as PostgreSQL's cast to numeric sees it: 15 significant digits, no exponent. */
function plainDouble(text: string): string {
  if (!DOUBLE.test(text)) return '';
  const value = Number(text);
  return value === 0 ? '0' : expanded(value.toPrecision(15));
}

function expanded(text: string): string {
  return text.includes('e') ? Number(text).toFixed(20) : text;
}
