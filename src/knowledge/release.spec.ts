import { describe, expect, it } from '@jest/globals';
import { isInForce, type KnowledgePoint, knowledgeBaseOf } from './knowledge.js';
import { readOfficialBatches } from './official-batches.js';
import type { OfficialPoint } from './official-point.js';
import type { Batch } from './point-table.js';
import { assembleRelease, renderRelease, summariseBatches } from './release.js';

const DRUG = 'XA01AAA001A001010100001';
const NEW_DRUG = 'XA01AAA001A001010100002';

const BATCHES: ReadonlyMap<string, Batch> = new Map(
  [
    ['1', '2025-05-23'],
    ['2026-01-28', '2026-01-28'],
    ['2026-06-01', '2026-06-01'],
  ].map(([batch = '', publishedOn = '']) => [
    batch,
    { batch, publishedOn, title: `批次 ${batch}`, url: '' },
  ]),
);

function female(overrides: Partial<OfficialPoint>): OfficialPoint {
  return {
    batch: '1',
    set: 'drug-sex',
    ruleClass: '药品区分性别使用',
    name: '甲丸',
    codes: [DRUG],
    text: '用于月经不调',
    cells: { value: '女' },
    supersedes: null,
    place: 'f.xlsx 第 2 行',
    ...overrides,
  };
}

function release(incoming: readonly OfficialPoint[], existing: readonly KnowledgePoint[] = []) {
  return assembleRelease({ existing, incoming, batches: BATCHES, classes: new Map() });
}

const first = female({});
const revision = female({
  batch: '2026-01-28',
  codes: [DRUG, NEW_DRUG],
  text: '补血',
  cells: {},
  supersedes: { batch: '1', set: 'drug-sex', name: '甲丸' },
});

describe('a point that supersedes another', () => {
  const { points, problems } = release([revision, first]);
  const base = knowledgeBaseOf('test', points);

  it.each<[string, string, readonly string[]]>([
    [DRUG, '2024-03-01', ['01-drug-sex-0001']], // published 2025, and in force before: it restates a standing rule
    [DRUG, '2026-01-27', ['01-drug-sex-0001']],
    [DRUG, '2026-01-28', ['2026-01-28-drug-sex-0001']],
    [NEW_DRUG, '2026-01-27', []],
    [NEW_DRUG, '2026-01-28', ['2026-01-28-drug-sex-0001']],
  ])('%s on %s → %j', (code, serviceDate, ids) =>
    expect(
      base
        .set('drug-sex')
        .at(code, serviceDate)
        .map(({ id }) => id),
    ).toEqual(ids),
  );

  it('inherits the limit that the revision does not repeat', () => {
    expect(problems).toEqual([]);
    expect(points.map(({ limit }) => limit)).toEqual([{ sex: 'female' }, { sex: 'female' }]);
  });

  it('may itself be superseded', () => {
    const again = female({
      batch: '2026-06-01',
      supersedes: { batch: '2026-01-28', set: 'drug-sex', name: '甲丸' },
    });
    const spans = release([again, revision, first]).points.map((point) => [
      point.effectiveFrom,
      point.effectiveUntil,
    ]);
    expect(spans).toEqual([
      [null, '2026-01-28'],
      ['2026-01-28', '2026-06-01'],
      ['2026-06-01', null],
    ]);
  });

  it('is an ordinary point when the older one is not in the base', () => {
    const { points: alone, notes } = release([{ ...revision, text: '月经不调' }]);
    expect(alone[0]).toMatchObject({ supersedes: null, effectiveFrom: null });
    expect(notes).toHaveLength(1);
  });
});

describe('in force', () => {
  it.each<[string | null, string | null, string, boolean]>([
    [null, null, '1999-01-01', true],
    ['2026-01-28', null, '2026-01-27', false],
    ['2026-01-28', null, '2026-01-28', true],
    [null, '2026-01-28', '2026-01-27', true],
    [null, '2026-01-28', '2026-01-28', false],
  ])('from %s until %s on %s: %s', (effectiveFrom, effectiveUntil, on, yes) =>
    expect(isInForce({ effectiveFrom, effectiveUntil }, on)).toBe(yes),
  );
});

describe('bringing a list in', () => {
  it('replaces the same batch and set as a whole and leaves the rest', () => {
    const { points: before } = release([first, female({ name: '乙丸' }), revision]);
    const { points: after } = release([first], before);
    expect(after.map(({ id }) => id)).toEqual(['01-drug-sex-0001', '2026-01-28-drug-sex-0001']);
    expect(after[0]?.effectiveUntil).toBe('2026-01-28');
  });

  it('gives the same files when it brings nothing new', () => {
    const { points } = release([first, revision]);
    const again = release([first], points);
    expect(renderRelease(again.points, BATCHES)).toEqual(renderRelease(points, BATCHES));
  });

  it('refuses a batch without a date, and a row without a limit', () => {
    const { problems } = release([female({ batch: '99' }), female({ cells: {}, text: '补血' })]);
    expect(problems).toEqual([
      expect.stringMatching(/^f\.xlsx 第 2 行：“甲丸”看不出限定值/),
      expect.stringMatching(/批次 99 没有登记/),
    ]);
  });

  it('says which value it took where a list contradicts itself', () => {
    const { notes } = release([
      female({
        set: 'drug-course-days',
        ruleClass: '药品限支付疗程',
        text: '单次住院最多支付14天。',
        cells: { value: '15天' },
      }),
    ]);
    expect(notes).toEqual([expect.stringContaining('限定列为 15，说明文字为 14')]);
  });

  it('counts one row a code', () => {
    const { points } = release([first, revision]);
    expect(
      summariseBatches(points, BATCHES.values()).map(({ batch, rows }) => [batch, rows]),
    ).toEqual([
      [1, 1],
      ['2026-01-28', 2],
      ['2026-06-01', 0],
    ]);
  });
});

describe('JSON batches', () => {
  const entry = {
    kp_id: 'a',
    rule_class: '药品限儿童使用',
    med_codes: [DRUG],
    item_name: '甲药',
    constraint: '限儿童。',
    batch: 1,
    published_at: null,
    supersedes: null,
    source: { announcement_url: null },
  };

  it('gives points of dated records, and of undated ones only the class', () => {
    const revised = {
      ...entry,
      kp_id: 'b',
      batch: null,
      published_at: '2026-01-28',
      supersedes: 'a',
    };
    const { points, problems, classes } = readOfficialBatches([entry, revised], 'f.json');
    expect(problems).toEqual([]);
    expect([...classes]).toEqual([['1/drug-age/甲药', '药品限儿童使用']]);
    expect(points).toMatchObject([
      { batch: '2026-01-28', supersedes: { batch: '1', name: '甲药' } },
    ]);
  });

  it.each<[string, object, RegExp]>([
    ['an unknown class', { rule_class: '新规则' }, /不认识的规则分类“新规则”/],
    ['neither batch nor date', { batch: null }, /既无批次又无日期/],
    ['a successor of nothing', { supersedes: 'z' }, /被替代的知识点 z 不在文件中/],
    ['no code', { published_at: '2026-04-21', med_codes: [] }, /“甲药”没有编码/],
    ['a local code', { published_at: '2026-04-21', med_codes: ['123'] }, /“123”不是国家编码/],
  ])('refuses %s', (_name, change, message) => {
    const { problems } = readOfficialBatches([{ ...entry, ...change }], 'f.json');
    expect(problems).toEqual([expect.stringMatching(message)]);
  });
});
