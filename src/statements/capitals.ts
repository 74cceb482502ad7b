import { abs, type Fen } from '../kernel/money.js';

const DIGITS = '零壹贰叁肆伍陆柒捌玖';
const PLACES = ['', '拾', '佰', '仟'] as const;
const TEN_THOUSAND = 10_000n;
const HUNDRED_MILLION = 100_000_000n;

/**
 * An amount in capitals (中文大写) as cheques and receipts carry it: `壹万零叁拾元零伍分`, `零元整`, `负壹佰元整`. One 零 stands for zeros
 * inside a number; none is written where the rule leaves it free (`壹拾万柒仟元伍角整`). 整 after 元 and 角, never after 分.
 *
 * @source 支付结算办法（银发〔1997〕393号）附一《正确填写票据和结算凭证的基本规定》
 */
export function inCapitals(amount: Fen): string {
  const magnitude = abs(amount);
  const sign = amount < 0n ? '负' : '';
  const whole = magnitude / 100n;
  const jiao = (magnitude / 10n) % 10n;
  const fenDigit = magnitude % 10n;
  if (magnitude === 0n) return '零元整';
  const yuan = whole === 0n ? '' : `${integerText(whole)}元`;
  return `${sign}${yuan}${fractionText({ jiao, fenDigit, hasYuan: whole > 0n })}`;
}

interface Fraction {
  readonly jiao: bigint;
  readonly fenDigit: bigint;
  readonly hasYuan: boolean;
}

function fractionText({ jiao, fenDigit, hasYuan }: Fraction): string {
  if (jiao === 0n && fenDigit === 0n) return '整';
  if (fenDigit === 0n) return `${digit(jiao)}角整`;
  const tenths = jiao === 0n ? (hasYuan ? '零' : '') : `${digit(jiao)}角`;
  return `${tenths}${digit(fenDigit)}分`;
}

/** A positive whole number: 亿 splits it, 万 splits what is left, so that 万亿 comes by itself. */
function integerText(number: bigint): string {
  if (number >= HUNDRED_MILLION) return joined(number, HUNDRED_MILLION, '亿');
  if (number >= TEN_THOUSAND) return joined(number, TEN_THOUSAND, '万');
  return belowTenThousand(number);
}

function joined(number: bigint, unit: bigint, name: string): string {
  const [high, low] = [number / unit, number % unit];
  const head = `${integerText(high)}${name}`;
  if (low === 0n) return head;
  return `${head}${low < unit / 10n ? '零' : ''}${integerText(low)}`;
}

function belowTenThousand(number: bigint): string {
  const digits = number.toString();
  let text = '';
  for (const [index, each] of [...digits].entries()) {
    if (each === '0') {
      if (!text.endsWith('零')) text += '零';
      continue;
    }
    text += `${digit(BigInt(each))}${PLACES[digits.length - 1 - index] ?? ''}`;
  }
  return text.replace(/零$/, '');
}

function digit(value: bigint): string {
  return DIGITS[Number(value)] ?? '';
}
