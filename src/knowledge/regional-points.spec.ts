import { describe, expect, it } from '@jest/globals';
import { compareReleases } from './compare-releases.js';
import { type KnowledgePoint, knowledgeBaseOf } from './knowledge.js';
import { type RegionalPoint, withRegionalPoints } from './regional-points.js';

const point = (
  code: string,
  maxQuantity: number,
  more: Partial<KnowledgePoint> = {},
): KnowledgePoint => ({
  ...{ id: code, set: 'daily-frequency', batch: '8', sequence: 1, officialCode: null },
  ...{
    ruleClass: '项目限定频次',
    name: `项目${code}`,
    codes: [code],
    text: '',
    publishedOn: '2026-01-06',
  },
  ...{ effectiveFrom: null, effectiveUntil: null, supersedes: null, source: '' },
  limit: { maxQuantity, unit: 'time' },
  ...more,
});
const regional = (more: Partial<RegionalPoint>): RegionalPoint => ({
  ...{ action: 'add', set: 'daily-frequency', code: 'C', name: '丙', text: '每日不超过 3 次' },
  ...{ limit: { max_quantity: '3', unit: 'time' }, document: '某医保发〔2025〕1号 §2' },
  ...{ from: '2025-01-01', until: null },
  ...more,
});
const national = knowledgeBaseOf('r', [point('AB', 1, { codes: ['A', 'B'] })]);
const limits = (base: typeof national, code: string, day: string): readonly number[] =>
  base
    .set('daily-frequency')
    .at(code, day)
    .map(({ limit }) => limit.maxQuantity);

describe('regional points', () => {
  it('adds a point from its own day on, with its document as the source', () => {
    const base = withRegionalPoints(national, [regional({})]);
    expect([limits(base, 'C', '2024-12-31'), limits(base, 'C', '2025-01-01')]).toEqual([[], [3]]);
    expect(base.set('daily-frequency').at('C', '2025-01-01')[0]?.source).toBe(
      '某医保发〔2025〕1号 §2',
    );
    expect(limits(base, 'A', '2025-01-01')).toEqual([1]);
  });

  it('takes one item out of a point between two days and leaves the others in', () => {
    const withdrawal = regional({ action: 'withdraw', code: 'A', limit: {}, until: '2025-07-01' });
    const base = withRegionalPoints(national, [withdrawal]);
    const days = ['2024-12-31', '2025-01-01', '2025-06-30', '2025-07-01'];
    expect(days.map((day) => limits(base, 'A', day))).toEqual([[1], [], [], [1]]);
    expect(days.map((day) => limits(base, 'B', day))).toEqual([[1], [1], [1], [1]]);
  });

  it('without dates withdraws for good', () => {
    const base = withRegionalPoints(national, [
      regional({ action: 'withdraw', code: 'A', limit: {}, from: null }),
    ]);
    expect(limits(base, 'A', '2030-01-01')).toEqual([]);
  });

  it('is another release by its digest, and the same one where nothing is added', () => {
    expect(withRegionalPoints(national, [])).toBe(national);
    const [a, b] = [regional({}), regional({ until: '2026-01-01' })].map((each) =>
      withRegionalPoints(national, [each]),
    );
    expect(new Set([national.release, a?.release, b?.release]).size).toBe(3);
  });
});

describe('what a release changes', () => {
  it('is told by item: added, removed, another limit; never by row or batch', () => {
    const before = [
      point('A', 1),
      point('B', 1),
      point('OLD', 1, { effectiveUntil: '2025-01-01' }),
    ];
    const after = [point('A', 2), point('B', 1, { id: 'other', batch: '9' }), point('D', 1)];
    expect(compareReleases(before, after)).toEqual([
      {
        set: 'daily-frequency',
        added: [{ code: 'D', name: '项目D', limit: 'maxQuantity=1 unit=time' }],
        removed: [],
        changed: [
          {
            code: 'A',
            name: '项目A',
            before: 'maxQuantity=1 unit=time',
            after: 'maxQuantity=2 unit=time',
          },
        ],
      },
    ]);
    expect(compareReleases(after, before)[0]?.removed.map(({ code }) => code)).toEqual(['D']);
    expect(compareReleases(before, before)).toEqual([]);
  });
});
