import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadYaml } from '../../config/yaml.loader.js';
import { RULE_STATUSES } from '../rule.js';
import { ASPECTS, lifecycleSchema, missingFor, type Standing, TRANSITIONS } from './lifecycle.js';

const settings = loadYaml(
  join(import.meta.dirname, '../../../config/audit/lifecycle.yaml'),
  lifecycleSchema,
);

const standing = (more: Partial<Standing>): Standing => ({
  ...{ class: 'HARD', status: 'SHADOW', approvals: [], monthsOnTrial: 0, isReopened: false },
  record: { hits: 0, reviewed: 0, confirmed: 0, dismissed: 0, appealsUpheld: 0 },
  ...more,
});
const record = (confirmed: number, dismissed: number) => ({
  ...{ hits: 500, reviewed: confirmed + dismissed, confirmed, dismissed, appealsUpheld: 0 },
});
const missing = (more: Partial<Standing>): number =>
  missingFor('ACTIVE', standing(more), settings).length;

describe('from trial to money (spec §5.2)', () => {
  it.each([
    ['99 reviewed of which all right', { record: record(99, 0) }, 1],
    ['100 reviewed, 90 right', { record: record(90, 10) }, 0],
    ['100 reviewed, 89 right', { record: record(89, 11) }, 1],
    ['2 months, few hits, all right', { monthsOnTrial: 2, record: record(3, 0) }, 0],
    ['1 month, few hits', { monthsOnTrial: 1, record: record(3, 0) }, 1],
    ['2 months and nobody looked', { monthsOnTrial: 2 }, 1],
    ['nothing at all', {}, 2],
    ['a suspicion with 60 of 100 right', { class: 'SUSP', record: record(60, 40) }, 0],
    ['a suspicion with 59 of 100 right', { class: 'SUSP', record: record(59, 41) }, 1],
    ['a clue has no precision to reach', { class: 'CLUE', record: record(10, 90) }, 0],
    ['a review opened again', { isReopened: true, record: record(100, 0) }, 1],
  ] as const)('%s', (_, more, expected) => {
    expect(missing(more)).toBe(expected);
  });

  it('needs every side, each by somebody else, before a trial', () => {
    const agreed = (...people: readonly string[]) =>
      missingFor(
        'SHADOW',
        standing({
          status: 'REVIEW',
          approvals: people.map((by, index) => ({ aspect: ASPECTS[index] ?? 'policy', by })),
        }),
        settings,
      );
    expect(agreed()).toEqual(['缺少政策同意', '缺少临床同意', '缺少技术同意']);
    expect(agreed('a', 'b', 'a')).toEqual(['各方面的同意须出自不同的人']);
    expect(agreed('a', 'b', 'c')).toEqual([]);
  });

  it('goes only where the life of a rule leads', () => {
    const reachable = (from: (typeof RULE_STATUSES)[number]) =>
      RULE_STATUSES.filter((to) =>
        missingFor(to, standing({ status: from }), settings).every(
          (text) => !text.startsWith('不能'),
        ),
      );
    for (const from of RULE_STATUSES)
      expect(new Set(reachable(from))).toEqual(new Set(TRANSITIONS[from]));
    expect(reachable('DRAFT')).not.toContain('ACTIVE');
    expect(reachable('RETIRED')).toEqual([]);
  });
});
