import { describe, expect, it } from '@jest/globals';
import { coverageReport, reasonsText, type StoredCoverage } from './coverage-report.js';

const row = (other: Partial<StoredCoverage>): StoredCoverage => ({
  ...{ month: '2024-03', ruleId: 'CAT-06', institution: 'H1', examined: 10, hits: 1 },
  ...{ exempted: 0, belowMinimum: 0, notApplicable: {} },
  ...other,
});
const rule = (id: string, status: 'ACTIVE' | 'SHADOW' | 'SUSPENDED' = 'ACTIVE') => ({
  ...{ id, status, title: `规则 ${id}` },
});
const tableTitles = new Map([['price-cap', '最高单价']]);

describe('the coverage report', () => {
  const rows = [
    row({}),
    row({ institution: 'H2', examined: 5, hits: 0, notApplicable: { 'unknown-sex': 2 } }),
    row({ ruleId: 'CHG-01', examined: 0, hits: 0, notApplicable: { 'no-table:price-cap': 40 } }),
    row({ ruleId: 'QTY-01', examined: 3 }),
    row({ ruleId: 'ELG-01', examined: 0, hits: 0, notApplicable: { 'no-register:coverage': 40 } }),
    row({ ruleId: 'ELG-99', examined: 0, hits: 0, notApplicable: { 'no-register:coverage': 2 } }),
  ];
  const rules = [
    ...['CAT-06', 'CHG-01', 'QTY-01', 'ELG-01', 'QTY-02'].map((id) => rule(id)),
    ...[rule('ELG-99', 'SHADOW'), rule('INP-09', 'SUSPENDED')],
  ];
  const report = coverageReport({ rows, rules, tableTitles });

  it('says of every rule that runs how far it got', () => {
    expect(report.rules.map(({ ruleId, state }) => [ruleId, state])).toEqual([
      ['CAT-06', 'partly'],
      ['CHG-01', 'unchecked'],
      ['QTY-01', 'checked'],
      ['ELG-01', 'unchecked'],
      ['QTY-02', 'idle'],
      ['ELG-99', 'unchecked'],
    ]);
    expect(report.rules[0]).toMatchObject({ institutions: 2, examined: 15, notApplicable: 2 });
  });

  it('groups what is missing, with the rules it keeps from judging', () => {
    expect(
      report.gaps.map(({ kindWords, words, rules: of, times }) => [kindWords, words, of, times]),
    ).toEqual([
      ['来源数据缺项', '性别登记为未知', ['CAT-06'], 2],
      ['登记未导入', '登记未导入：参保期间（coverage）', ['ELG-01', 'ELG-99'], 42],
      ['本地表未填', '本地表未填：最高单价（price-cap.csv）', ['CHG-01'], 40],
    ]);
  });

  it('shows a reason it has no words for as it stands', () => {
    expect(reasonsText({ 'missing-hour': 1, novel: 3 }, tableTitles)).toBe(
      'novel 3 次；来源没有收费时刻 1 次',
    );
  });
});
