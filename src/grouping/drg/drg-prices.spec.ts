import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadDrgPrices } from './drg-prices.loader.js';

/** What of a DRG price list is refused, with file and line (HN-05, HI-07). */

const header = 'code,name,weight,mean,mean_village,mean_primary,mean_secondary,mean_tertiary';
const good = 'ES35,肺炎,0.9,10000.00,,8000.00,,';
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'heyi-drg-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function load(rows: readonly string[]) {
  const text = 'package: test\ntitle: 测试\nprices: prices.csv\ncaseDecimals: 4\n';
  writeFileSync(join(folder, 'test.yaml'), text);
  writeFileSync(join(folder, 'prices.csv'), [header, ...rows, ''].join('\n'));
  return loadDrgPrices(folder, 'test');
}

describe('a list of DRG prices', () => {
  it('gives weight and mean of a group, by level where it differs', () => {
    const price = load([good])?.prices.get('ES35');
    expect(price?.weight.toFixed()).toBe('0.9');
    expect([price?.mean, price?.meanByLevel]).toEqual([1_000_000n, { primary: 800_000n }]);
  });

  it.each([
    ['a group twice', [good, good], 'prices.csv:3:1 DRG ES35 重复'],
    ['a weight of zero', [good.replace('0.9', '0')], 'prices.csv:2:1 weight：应为大于零的数字'],
    ['a negative weight', [good.replace('0.9', '-1')], 'prices.csv:2:1 weight：'],
    ['a weight that is no number', [good.replace('0.9', 'NaN')], 'prices.csv:2:1 weight：'],
    ['no mean', [good.replace('10000.00', '')], 'prices.csv:2:1 mean：应为大于零的元'],
    [
      'a mean of a level with three decimals',
      [good.replace('8000.00', '1.001')],
      'prices.csv:2:1 mean_primary：',
    ],
  ])('with %s is refused by file and line', (_, rows, message) => {
    expect(() => load(rows)).toThrow(message);
  });
});
