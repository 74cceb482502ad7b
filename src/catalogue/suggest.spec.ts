import { describe, expect, it } from '@jest/globals';
import { codeLikeness, codeRoot } from './code-shape.js';
import { bareName, comparable, dice, nameSimilarity } from './name-similarity.js';
import { type NationalCode, NationalCodes } from './national-codes.js';
import { CodeSuggester } from './suggest.js';

const listed = (
  ...codes: readonly [string, string, string?][]
): ReadonlyMap<string, NationalCode> =>
  new Map(
    codes.map(([code, name, unitPrice]) => [code, { code, name, unitPrice: unitPrice ?? null }]),
  );

const national = new NationalCodes(
  {
    item: listed(
      ['003310020020000', '胃出血切开缝扎止血术', '600'],
      ['003310020040000', '远端胃大部切除术', '1000'],
      ['XJ01CAA040E001010100001', '阿莫西林胶囊'],
      ['XJ01CAA040A001010100001', '阿莫西林颗粒'],
    ),
    diagnosis: listed(
      ['A01.000', '伤寒'],
      ['A01.001', '伤寒杆菌性败血症'],
      ['A02.000x007', 'B群沙门菌肠炎'],
      ['A02.001', '阿哥拉沙门菌肠炎'],
      ['J18.900', '肺炎'],
    ),
    procedure: listed(['33.2400', '支气管镜检查']),
  },
  { item: new Map(), diagnosis: new Map([['A01.000x003', 'A01.001']]), procedure: new Map() },
);
const best = (
  kind: 'item' | 'diagnosis',
  code: string,
  name = '',
  unitPrice: string | null = null,
) => new CodeSuggester(kind, national).suggest({ kind, code, name, unitPrice })[0];

describe('names', () => {
  it.each<[string, string]>([
    ['阿莫西林胶囊(0.25g×24粒)', '阿莫西林'],
    ['注射用头孢曲松钠 1.0g*10支', '头孢曲松钠'],
    ['葡萄糖注射液［50ml:25g］', '葡萄糖'],
    ['霍乱，未特指的', '霍乱'],
  ])('%s is bare %s', (name, bare) => {
    expect(bareName(name)).toBe(bare);
  });

  it('are alike by neighbouring characters, whatever their width', () => {
    expect(nameSimilarity(comparable('Ｂ群沙门氏菌肠炎'), comparable('b群沙门氏菌肠炎'))).toBe(1);
    expect(dice(['ab', 'bc'], ['ab', 'xx'])).toBe(0.5);
    expect(dice(['ab'], [])).toBe(0);
  });
});

describe('codes', () => {
  it.each<['item' | 'diagnosis', string, string, string]>([
    ['item', '33100200200', '003310020020000', '首尾的零'],
    ['item', 'SF-003310020020000-A', '003310020020000', '含有国家编码'],
    ['diagnosis', 'a01.000', 'A01.000', '标点和大小写'],
    ['diagnosis', 'A01.052', 'A01.000', '亚目 A01.0'],
    ['diagnosis', 'A01.100', 'A01.000', '类目 A01'],
  ])('%s %s and %s: %s', (kind, local, code, reason) => {
    expect(codeLikeness(kind, local, code).reason).toContain(reason);
  });

  it('have a root without the zeros around it, and short roots say nothing', () => {
    expect(codeRoot('003310020020000')).toBe('331002002');
    expect(codeLikeness('item', '0012', '1200')).toEqual({ score: 0, reason: null });
  });
});

describe('a suggestion', () => {
  it('goes by code and name together', () => {
    expect(best('item', '33100200200', '胃出血切开缝扎止血术')).toMatchObject({
      nationalCode: '003310020020000',
      score: '0.98',
    });
  });

  it('distrusts the same code under another name: many hospitals number on their own', () => {
    expect(best('diagnosis', 'A02.001', 'Ｂ群沙门菌肠炎')).toMatchObject({
      nationalCode: 'A02.000x007',
    });
    expect(best('diagnosis', 'A02.001', '')).toMatchObject({
      nationalCode: 'A02.001',
      score: '1.00',
    });
  });

  it('knows the clinical edition', () => {
    expect(best('diagnosis', 'A01.000x003')?.reasons).toEqual(['国家临床版编码，对应此医保版编码']);
  });

  it('looks at the price, and says when it is far off', () => {
    expect(best('item', '', '远端胃大部切除术', '1020')?.reasons.join()).toContain('单价接近');
    expect(best('item', '', '远端胃大部切除术', '10')?.reasons.join()).toContain('悬殊');
  });

  it('tells dose forms apart where the names do', () => {
    expect(best('item', 'YP1', '阿莫西林颗粒（0.125g×12袋）')).toMatchObject({
      nationalName: '阿莫西林颗粒',
    });
  });

  it('is not made where nothing speaks for it', () => {
    expect(best('diagnosis', 'ZZZ', '完全不同的东西')).toBeUndefined();
    expect(best('item', '12', '')).toBeUndefined();
  });
});
