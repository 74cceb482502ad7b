import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Fen, fen, MAX_FEN, negate, yuan } from '../kernel/money.js';
import { inCapitals } from './capitals.js';

describe('an amount in capitals', () => {
  it.each([
    ['0.00', '零元整'],
    ['0.01', '壹分'],
    ['0.10', '壹角整'],
    ['0.56', '伍角陆分'],
    ['1.00', '壹元整'],
    ['1.05', '壹元零伍分'],
    ['1.50', '壹元伍角整'],
    ['10.00', '壹拾元整'],
    ['11.11', '壹拾壹元壹角壹分'],
    ['100.00', '壹佰元整'],
    ['101.00', '壹佰零壹元整'],
    ['110.00', '壹佰壹拾元整'],
    ['1001.00', '壹仟零壹元整'],
    ['1010.00', '壹仟零壹拾元整'],
    ['1409.50', '壹仟肆佰零玖元伍角整'],
    ['6007.14', '陆仟零柒元壹角肆分'],
    ['9999.99', '玖仟玖佰玖拾玖元玖角玖分'],
    ['10000.00', '壹万元整'],
    ['10001.00', '壹万零壹元整'],
    ['10030.05', '壹万零叁拾元零伍分'],
    ['16409.02', '壹万陆仟肆佰零玖元零贰分'],
    ['107000.53', '壹拾万柒仟元伍角叁分'],
    ['1000100.00', '壹佰万零壹佰元整'],
    ['10000000.00', '壹仟万元整'],
    ['100000000.00', '壹亿元整'],
    ['100010000.00', '壹亿零壹万元整'],
    ['100000001.00', '壹亿零壹元整'],
    ['110000000.00', '壹亿壹仟万元整'],
    ['1000000000000.00', '壹万亿元整'],
    ['1234567890123.45', '壹万贰仟叁佰肆拾伍亿陆仟柒佰捌拾玖万零壹佰贰拾叁元肆角伍分'],
    ['10000000000000.00', '壹拾万亿元整'],
    ['-100.00', '负壹佰元整'],
    ['-0.05', '负伍分'],
  ])('%s is %s', (amount, text) => {
    expect(inCapitals(yuan(amount))).toBe(text);
  });

  it('reads back to the same fen', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -MAX_FEN, max: MAX_FEN }), (amount) => {
        expect(readBack(inCapitals(fen(amount)))).toBe(amount);
      }),
    );
  });

  it('writes no zero twice and none before a unit', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: MAX_FEN }), (amount) => {
        expect(inCapitals(fen(amount))).not.toMatch(/零零|零[拾佰仟万亿元角分]/);
      }),
    );
  });
});

/** An independent reader of capitals, by splitting at the units from the largest. */
function readBack(text: string): Fen {
  if (text.startsWith('负')) return negate(readBack(text.slice(1)));
  const [, whole = '', jiao = '', cents = ''] =
    /^(?:(.+)元)?零?(?:(.)角)?(?:(.)分)?整?$/.exec(text.replace('零元整', '')) ?? [];
  return fen(integer(whole) * 100n + digitOf(jiao) * 10n + digitOf(cents));
}

function integer(text: string): bigint {
  for (const [unit, worth] of UNITS) {
    const at = text.lastIndexOf(unit);
    if (at >= 0) return integer(text.slice(0, at)) * worth + integer(text.slice(at + 1));
  }
  return digitOf(text.replaceAll('零', ''));
}

const UNITS: readonly (readonly [string, bigint])[] = [
  ['亿', 100_000_000n],
  ['万', 10_000n],
  ['仟', 1_000n],
  ['佰', 100n],
  ['拾', 10n],
];

function digitOf(text: string): bigint {
  return BigInt(Math.max(0, '零壹贰叁肆伍陆柒捌玖'.indexOf(text)));
}
