import { describe, expect, it } from '@jest/globals';
import {
  type PlannedSource,
  planBackfill,
  planNight,
  planRelease,
  planStart,
  planYear,
  type RunPlan,
} from './plan.js';

const sources: readonly PlannedSource[] = [
  { institution: 'H1', streams: ['persons', 'claims', 'lines'] },
  { institution: 'V1', streams: ['claims', 'lines'] },
];
const monthEnd = { confirmHard: { decidedBy: '合规负责人', reason: '刚性疑点' } };
const county = { consortium: 'county', sources, monthEnd };

const kinds = ({ stages }: RunPlan): string[] =>
  stages.map((works) => works.map(({ kind }) => kind).join('+'));

const READING = ['pull', 'open-next', 'pull+pull', 'audit'];
const CLOSING = ['confirm-hard', 'settle-month', 'declare', 'dispatch', 'reconcile'];

describe('what a run consists of', () => {
  it.each([
    ['a backfill closes its month', planBackfill(county, '2024-02'), [...READING, ...CLOSING]],
    ['an ordinary night reads and audits', planNight(county, '2024-02-28'), READING],
    [
      'the last night of a month closes it',
      planNight(county, '2024-02-29'),
      [...READING, ...CLOSING],
    ],
    [
      'unless people close months themselves',
      planNight({ ...county, monthEnd: null }, '2024-02-29'),
      READING,
    ],
    [
      'findings wait for people without a standing decision',
      planBackfill({ ...county, monthEnd: { confirmHard: null } }, '2024-02'),
      [...READING, ...CLOSING.slice(1)],
    ],
    [
      'no register of persons anywhere: claims at once',
      planNight({ ...county, sources: sources.slice(1), monthEnd: null }, '2024-02-01'),
      ['pull', 'audit'],
    ],
    [
      'a year',
      planYear('county', '2024'),
      ['settle-year', 'declare', 'dispatch', 'reconcile', 'verify-journal'],
    ],
    ['a start of the year', planStart('county', '2025'), ['settle-start']],
    ['a release', planRelease('county', '2025-03'), ['settle-release']],
  ])('%s', (_, plan, expected) => {
    expect(kinds(plan)).toEqual(expected);
  });

  it('gives each piece of work a key of its own that the queue accepts', () => {
    const plans = [
      ...[planBackfill(county, '2024-02'), planNight(county, '2024-02-29')],
      ...[planStart('county', '2024'), planRelease('county', '2024-02')],
    ];
    const keys = plans.flatMap(({ stages }) => stages.flat().map((work) => work.businessKey));
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.filter((key) => !/^[\w.-]+$/.test(key) || /^\d+$/.test(key))).toEqual([]);
    expect(keys[0]).toBe('pull.county.backfill.2024-02.H1.persons.2024-02-01_2024-03-01');
  });

  it('takes late files at night, not in a backfill that goes month by month', () => {
    const late = (plan: RunPlan) => plan.stages[2]?.map(({ payload }) => payload['late']);
    expect(late(planBackfill(county, '2024-02'))).toEqual([false, false]);
    expect(late(planNight(county, '2024-02-28'))).toEqual([true, true]);
  });

  it('looks at the days before again at night, and at the whole month before it is closed', () => {
    const from = (plan: RunPlan) => plan.stages[2]?.map(({ payload }) => payload['lookBackFrom']);
    expect(from(planNight(county, '2024-02-28'))).toEqual([null, null]);
    expect(from(planNight(county, '2024-02-29'))).toEqual(['2024-02-01', '2024-02-01']);
    expect(from(planBackfill(county, '2024-02'))).toEqual([undefined, undefined]);
  });
});
