import { appendFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { SET_IDS, type SetId } from './knowledge.js';
import { loadKnowledgeBase } from './knowledge.loader.js';
import { sexFromWords } from './limits.js';
import { formatPoints } from './point-table.js';
import { renderRelease, summariseBatches } from './release.js';
import { knowledgeFolder, readKnowledgeText } from './table.loader.js';

const base = loadKnowledgeBase();

function countBy<T>(items: readonly T[], key: (item: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[key(item)] = (counts[key(item)] ?? 0) + 1;
  return counts;
}

describe('the shipped knowledge base', () => {
  it('holds the official number of rows of each batch', () => {
    const rows = summariseBatches(base.points(), base.batches.values()).map((batch) => batch.rows);
    expect(rows.slice(0, 8)).toEqual([11290, 378, 112, 736, 962, 1147, 900, 93]);
    expect(rows).toHaveLength(18);
  });

  it('is what an import would write again', () => {
    const files = renderRelease(base.points(), base.batches);
    expect([...files].filter(([path, text]) => text !== readKnowledgeText(path))).toEqual([]);
  });

  it('tells the four windows of pairs apart', () =>
    expect(countBy(base.set('duplicate-pairs').points, ({ limit }) => limit.window)).toEqual({
      day: 446,
      visit: 429,
      '6-hours': 18,
      hour: 7,
    }));

  it('has 34 items once a day and 33 of at most 24 hours', () =>
    expect(
      countBy(
        base.set('daily-frequency').points,
        ({ limit }) => `${limit.maxQuantity} ${limit.unit}`,
      ),
    ).toEqual({ '1 time': 34, '24 hour': 33 }));

  it('has seven incision groups', () =>
    expect(countBy(base.set('incision-groups').points, ({ limit }) => limit.group)).toEqual({
      肝胆手术组: 89,
      胃肠手术组: 87,
      膀胱尿道手术组: 65,
      女性生殖系统手术组: 44,
      直肠肛门手术组: 43,
      经腹直肠手术组: 28,
      男性生殖系统手术组: 22,
    }));

  it('never gives a drug the sex that its own indication contradicts', () => {
    const contradicted = base
      .set('drug-sex')
      .points.filter(({ text, limit }) => (sexFromWords(text)?.sex ?? limit.sex) !== limit.sex);
    expect(contradicted.map(({ id }) => id)).toEqual([]);
  });

  it('uses the row of its time: a level limit revised on 2026-01-28', () => {
    const at = (serviceDate: string) =>
      base
        .set('institution-level')
        .at('ZC01AAA0042010105549', serviceDate)
        .map(({ batch }) => batch);
    expect([at('2024-06-01'), at('2026-01-27'), at('2026-01-28')]).toEqual([
      ['5'],
      ['5'],
      ['2026-01-28'],
    ]);
  });

  it('never gives one code of one rule class two different limits on one day', () => {
    const several: readonly SetId[] = ['duplicate-pairs', 'incision-groups']; // an item may have many partners, or two groups
    const contradicting = SET_IDS.filter((id) => !several.includes(id)).flatMap((id) =>
      [...base.set(id).codes()].filter((code) => {
        const points = base.set(id).at(code, '2026-01-28');
        const classes = new Set(points.map(({ ruleClass }) => ruleClass));
        const limits = new Set(
          points.map((point) => point.ruleClass + JSON.stringify(point.limit)),
        );
        return limits.size > classes.size;
      }),
    );
    expect(contradicting).toEqual([]);
  });
});

describe('a table altered outside an import', () => {
  const folder = mkdtempSync(join(tmpdir(), 'heyi-knowledge-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is refused by name', () => {
    cpSync(knowledgeFolder(), folder, { recursive: true });
    appendFileSync(join(folder, 'nhsa/item-sex.csv'), formatPoints('item-sex', []));
    const altered = loadKnowledgeBase(folder);
    expect(altered.set('item-age').points).toHaveLength(31);
    expect(() => altered.set('item-sex')).toThrow(/item-sex\.csv 与 release\.json 的摘要不符/);
  });
});
