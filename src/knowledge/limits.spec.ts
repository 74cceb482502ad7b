import { describe, expect, it } from '@jest/globals';
import { agesOf, courseDaysInWords, deriveLimit, sexFromWords } from './limits.js';
import type { OfficialPoint } from './official-point.js';

function official(overrides: Partial<OfficialPoint>): OfficialPoint {
  return {
    batch: '1',
    set: 'drug-sex',
    ruleClass: null,
    name: '某药',
    codes: ['XA01AAA001A001010100001'],
    text: '',
    cells: {},
    supersedes: null,
    place: '某表 第 2 行',
    ...overrides,
  };
}

describe('ages in words', () => {
  it.each<[string, number | null, number | null, number | null]>([
    ['限2岁至11岁儿童慢性便秘。', 2, 11, null],
    ['限3-12岁特发性或先天性肺动脉高压患者。', 3, 12, null],
    ['限5至12岁以下单纯性甲型和乙型流感儿童患者。', 5, 12, null],
    ['限6-17岁儿童和青少年', 6, 17, null],
    ['限3岁及3岁以上伴有症状的儿童患者', 3, null, null],
    ['限3岁及以上儿童', 3, null, null],
    ['适用于接受肠外营养的11周岁以下患者', null, 11, null],
    ['用于1月以上婴儿和儿童的急性腹泻', null, null, 1],
    ['限：1.1岁至14岁儿童哮喘；2.2岁至14岁儿童鼻炎。', 1, 14, null],
    ['疗程3至6天。', null, null, null],
    ['清肺，化痰，止咳。', null, null, null],
  ])('%s', (text, minYears, maxYears, minMonths) =>
    expect(agesOf(text)).toEqual({ minYears, maxYears, minMonths }),
  );
});

describe('course days in words', () => {
  it.each<[string, number | null]>([
    ['限新发的急性血栓性脑梗死，支付不超过14天。', 14],
    ['单次住院最多支付14天。', 14],
    ['住院方可支付，单次支付不超过3天。', 3],
    ['总时间不超过90天，评定间隔时间不短于14天。', 90],
    ['支付不超过一年，每周最多支付一次。', 365],
    ['且支付不超过12个月：1.乳腺癌', 365],
    ['应在发作48小时内开始使用', null],
    ['支付不超过5个月', null], // no whole number of years: refused rather than guessed
  ])('%s → %s', (text, days) => expect(courseDaysInWords(text)).toBe(days));

  it.each<[string, string]>([
    ['单次住院最多支付14天。', 'stay'],
    ['一个疾病过程支付不超过90天。', 'disease-process'],
    ['支付不超过30天。', 'unstated'],
  ])('%s is counted per %s', (text, per) =>
    expect(deriveLimit('item-course-days', official({ text }), null)).toMatchObject({ per }),
  );

  it('takes the wording where the value column contradicts it', () =>
    expect(
      deriveLimit(
        'drug-course-days',
        official({ text: '单次住院最多支付14天。', cells: { value: '15天' } }),
        null,
      ),
    ).toEqual({ maxDays: 14, per: 'stay' }));
});

describe('sex', () => {
  it.each<[string, 'male' | 'female' | null]>([
    ['转移性去势抵抗性前列腺癌成人患者', 'male'],
    ['用于月经不调，腰腹疼痛，赤白带下', 'female'],
    ['乳腺癌与前列腺癌，绝经后妇女', null],
    ['清热解毒', null],
  ])('%s → %s', (text, sex) => expect(sexFromWords(text)?.sex ?? null).toBe(sex));

  it('is stated, else inherited, else in the words, else refused', () => {
    const words = official({ text: '子宫虚寒' });
    expect(deriveLimit('drug-sex', official({ cells: { value: '男' } }), null)).toEqual({
      sex: 'male',
    });
    expect(deriveLimit('drug-sex', words, { sex: 'male' })).toEqual({ sex: 'male' });
    expect(deriveLimit('drug-sex', words, null)).toEqual({ sex: 'female' });
    expect(deriveLimit('drug-sex', official({}), null)).toBeNull();
  });
});

describe('level, setting and quantities', () => {
  it.each<[string, object]>([
    ['限二级及以上医疗机构。', { minLevel: 'secondary', qualifiers: [] }],
    [
      '首次处方时需由二级及以上医疗机构专科医师开具处方。',
      { minLevel: 'secondary', qualifiers: ['first-prescription'] },
    ],
    [
      '需三级综合医院眼科或二级及以上眼科专科医院医师处方',
      { minLevel: 'tertiary', qualifiers: ['specialist-hospital'] },
    ],
    [
      '需三级医院眼科或二级及以上眼科专科医院医师处方',
      { minLevel: 'tertiary', qualifiers: ['specialist-hospital'] },
    ],
  ])('%s', (text, limit) =>
    expect(deriveLimit('institution-level', official({ text }), null)).toEqual(limit),
  );

  it.each<[string, readonly string[] | null]>([
    ['限急诊或住院患者。', ['emergency', 'inpatient']],
    ['住院方可支付', ['inpatient']],
    ['限门诊', null],
  ])('%s → %j', (text, settings) =>
    expect(deriveLimit('care-setting', official({ text }), null)).toEqual(
      settings === null ? null : { settings },
    ),
  );

  it.each<[string, string, object | null]>([
    ['1', '日', { maxQuantity: 1, unit: 'time' }],
    ['1', '天', { maxQuantity: 1, unit: 'time' }],
    ['24', '小时', { maxQuantity: 24, unit: 'hour' }],
    ['', '日', null],
    ['0', '日', null],
    ['1', '周', null],
  ])('%s %s a day', (count, unit, limit) =>
    expect(deriveLimit('daily-frequency', official({ cells: { count, unit } }), null)).toEqual(
      limit,
    ),
  );

  it.each(['单日', '单次就诊', '6小时', '同一小时', '每周'])('a pair within %s', (window) => {
    const cells = { containedCode: '001102000030000', containedName: '急诊诊查费', window };
    const limit = deriveLimit('duplicate-pairs', official({ cells }), null);
    expect(limit === null).toBe(window === '每周');
  });
});
