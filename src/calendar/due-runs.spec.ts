import { describe, expect, it } from '@jest/globals';
import { type DueQuestion, dueRuns, type StandingRun } from './due-runs.js';

/** Which starts and releases are to be settled on a day (GY-09, GY-10). */

const closed = (kind: string, period: string, closedOn: string): StandingRun => ({
  ...{ kind, period, closedOn, takenBack: false },
});
const january = closed('month', '2025-01', '2025-02-01');
const february = closed('month', '2025-02', '2025-03-01');

function due(given: Partial<DueQuestion> & { readonly assessedOn?: string }) {
  const { assessedOn, ...question } = given;
  const filed = { filing: 'assessed.month', period: '2025-01', clause: '样例 §1' };
  const books = { declared: new Map(), cleared: new Map() };
  return dueRuns({
    ...{ on: '2025-02-15', plans: new Set(['start', 'release']), from: '2025-01-01' },
    ...{ filesAssessment: false, standing: [closed('start', '2025', '2025-01-20')] },
    sources: {
      filings: assessedOn === undefined ? [] : [{ ...filed, value: assessedOn }],
      ...{ books, members: new Map() },
    } as DueQuestion['sources'],
    ...question,
  });
}

describe('the start of a year', () => {
  it.each([
    ['2025-01-01', '2025-01-01', '2025-01-01'],
    ['2025-11-30', '2025-01-01', '2025-01-01'],
    ['2025-07-11', '2025-07-11', '2025-07-11'], // the text begins within the year
    ['2026-03-01', '2025-07-11', '2026-01-01'],
  ])('on %s, text in force from %s: since %s', (on, from, since) => {
    const period = on.slice(0, 4);
    expect(due({ on, from, standing: [] })).toEqual([
      {
        ...{ kind: 'start', period, label: '年初预付', state: 'due', since, note: null },
        ...{ duty: 'start-payment', command: `npx heyi run start ${period}` },
      },
    ]);
  });

  it.each([
    ['before the text is in force', { on: '2025-07-10', from: '2025-07-11', standing: [] }],
    ['where the text has none', { plans: new Set(['month', 'year']), standing: [] }],
    ['that is closed', {}],
  ])('is not due %s', (_, given) => {
    expect(due(given)).toEqual([]);
  });

  it('is due once more when it was taken back, and must be done anew', () => {
    const taken = { kind: 'start', period: '2025', closedOn: null, takenBack: true };
    expect(due({ standing: [taken] })).toMatchObject([
      { state: 'due', command: 'npx heyi run start 2025 --again' },
    ]);
  });
});

describe('the release of a month', () => {
  const start = closed('start', '2025', '2025-01-20');
  const standing = [february, start, january];

  it('is due when its month is closed, the oldest first', () => {
    expect(due({ standing, on: '2025-03-01' })).toMatchObject([
      { kind: 'release', period: '2025-01', since: '2025-02-01', duty: 'release-pass-on' },
      { kind: 'release', period: '2025-02', command: 'npx heyi run release 2025-02' },
    ]);
  });

  it.each([
    ['an open month', [start, { ...january, closedOn: null }]],
    ['one that was released', [start, january, closed('release', '2025-01', '2025-02-12')]],
    ['a month before the text', [start, closed('month', '2024-12', '2025-01-01')]],
  ])('is not due for %s', (_, runs) => {
    expect(due({ standing: runs })).toEqual([]);
  });

  it.each([
    ['nothing filed', undefined, 'waiting', null, /^等待月度考核结束（申报事项 assessed\.month/],
    ['an assessment that ends tomorrow', '2025-02-16', 'waiting', null, /2025-02-16/],
    ['one that ended today', '2025-02-15', 'due', '2025-02-15', null],
    ['one that ended before the month was closed', '2025-01-31', 'due', '2025-02-01', null],
  ])('waits for the assessment: %s', (_, assessedOn, state, since, note) => {
    const given = { filesAssessment: true, standing: [start, january] };
    const [run, more] = due({ ...given, ...(assessedOn === undefined ? {} : { assessedOn }) });
    expect(more).toBeUndefined();
    expect(run).toMatchObject({ state, since });
    if (note === null) expect(run?.note).toBeNull();
    else expect(run?.note).toMatch(note);
  });
});
