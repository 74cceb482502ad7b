import { describe, expect, it } from '@jest/globals';
import { ConfigError } from '../config/errors.js';
import { parseYaml } from '../config/yaml-text.js';
import { checkedRegionSchema } from '../policy/checked-schemas.js';
import { policyAt } from '../policy/resolve.js';
import { breachesOf, haltingGaps } from './conditions.js';
import type { Facts, Filings } from './facts.js';

/** A region of two filings and one condition, which the tests change. */
const region = (condition: string): string =>
  [
    'region: x',
    'name: x',
    'effective: { from: 2025-01-01, clause: a-2025-1 §1 }',
    'documents: { a-2025-1: { number: a, title: a, issued: 2025-01-01 } }',
    'filings:',
    '  a.on: { label: 甲, unit: date, clause: a-2025-1 §2 }',
    '  b.on: { label: 乙, unit: date, clause: a-2025-1 §3 }',
    '  m.on: { label: 丙, unit: date, by: institution, clause: a-2025-1 §4 }',
    'parameters:',
    '  eligibility.conditions:',
    '    label: 条件',
    '    unit: table',
    '    columns: { filing: text, test: choice, against: text, breach: choice }',
    '    choices: { filed: f, by-period-start: s, by-period-end: e, covers-period-end: c, not-after: a, not-before: b, equals: q, halt: h, note: n }',
    '    clause: a-2025-1 §1',
    `    values: { 2025-01-01: [{ ${condition} }] }`,
  ].join('\n');

const read = (text: string) => parseYaml({ text, path: 'x.yaml', schema: checkedRegionSchema });

function asked(condition: string, filed: Readonly<Record<string, string>>, period = '2025') {
  const policy = policyAt([read(region(condition))], '2025-12-31');
  const filings: Filings = Object.fromEntries(
    Object.entries(filed).map(([name, value]) => [name, { value, clause: null }]),
  );
  const facts = { period, filings } as unknown as Facts;
  const own = { filings: {}, members: [] } as never;
  return { facts, pool: 'resident', own, policy } as const;
}

const reasons = (...given: Parameters<typeof asked>): readonly string[] =>
  breachesOf(asked(...given), 'eligibility.conditions').map(({ reason }) => reason);

describe('conditions on filed facts (JL-01, HI-01)', () => {
  it('says where to file what nobody filed, and not of what was filed too late', () => {
    const late = 'filing: a.on, test: by-period-end, against: none, breach: halt';
    const gaps = (filed: Readonly<Record<string, string>>) =>
      haltingGaps(asked(late, filed), 'eligibility.conditions').map(({ reason }) => reason);
    expect(gaps({})).toEqual(['2025 没有申报：records.yaml 的 filings 写 a.on']);
    expect(gaps({ 'a.on': '2026-01-01' })).toEqual(['申报为 2026-01-01，应不晚于 2025-12-31']);
  });

  it('names no filing by its id beside another', () => {
    const beside = 'filing: a.on, test: not-after, against: b.on, breach: halt';
    expect(reasons(beside, { 'a.on': '2025-05-01' })).toEqual(['须与“乙”比较，后者没有申报']);
  });

  it.each([
    ['filed', 'none', '2025-06-30', true],
    ['by-period-start', 'none', '2025-01-01', true],
    ['by-period-start', 'none', '2025-01-02', false],
    ['by-period-end', 'none', '2025-12-31', true],
    ['by-period-end', 'none', '2026-01-01', false],
    ['covers-period-end', 'none', '2025-12-31', true],
    ['covers-period-end', 'none', '2025-12-30', false],
    ['not-after', '2025-10-31', '2025-10-31', true],
    ['not-after', '2025-10-31', '2025-11-01', false],
    ['not-before', '2025-10-31', '2025-10-31', true],
    ['not-before', '2025-10-31', '2025-10-30', false],
    ['not-after', 'b.on', '2025-05-01', true],
    ['not-after', 'b.on', '2025-05-02', false],
    ['equals', '2025-05-01', '2025-05-01', true],
    ['equals', '2025-05-01', '2025-05-02', false],
  ])('%s %s: %s holds %s', (test, against, value, holds) => {
    const condition = `filing: a.on, test: ${test}, against: ${against}, breach: halt`;
    const found = reasons(condition, { 'a.on': value, 'b.on': '2025-05-01' });
    expect(found.length === 0).toBe(holds);
  });

  it('measures a month by its own days', () => {
    const condition = 'filing: a.on, test: by-period-end, against: none, breach: halt';
    expect(reasons(condition, { 'a.on': '2025-02-28' }, '2025-02')).toEqual([]);
    expect(reasons(condition, { 'a.on': '2025-03-01' }, '2025-02')).toEqual([
      '申报为 2025-03-01，应不晚于 2025-02-28',
    ]);
  });

  it('does not hold where nothing was filed, or nothing to compare with, or nobody is a member', () => {
    const filed = 'filing: a.on, test: not-after, against: b.on, breach: halt';
    expect(reasons(filed, {})[0]).toMatch(/没有申报/);
    expect(reasons(filed, { 'a.on': '2025-01-01' })[0]).toMatch(/“乙”比较/);
    expect(reasons('filing: m.on, test: filed, against: none, breach: halt', {})[0]).toMatch(
      /没有列出成员单位/,
    );
  });
});

describe('a table that cannot mean what it says', () => {
  it.each([
    ['filing: c.on, test: filed, against: none, breach: halt', /^16 .*没有申报事项 c\.on/],
    ['filing: a.on, test: sometimes, against: none, breach: halt', /^16 .*应为 filed、/],
    ['filing: a.on, test: filed, breach: halt', /^16 .*缺列 against/],
  ])('%s is refused with its line', (condition, message) => {
    expect(() => read(region(condition))).toThrow(ConfigError);
    try {
      read(region(condition));
    } catch (error) {
      const [problem] = error instanceof ConfigError ? error.problems : [];
      expect(`${problem?.line} ${problem?.message}`).toMatch(message);
    }
  });
});
