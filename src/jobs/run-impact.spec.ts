import { describe, expect, it } from '@jest/globals';
import {
  effectsOfRerun,
  effectsOfStart,
  impactOf,
  monthsAbout,
  type StandingWork,
} from './run-impact.js';

const work = (stage: number, state: string | null, businessKey = `w${stage}`): StandingWork => ({
  ...{ stage, state, businessKey, kind: 'audit' },
  item: state === null ? null : String(stage),
  payload: { month: '2024-03' },
});
const run = { runId: '1', kind: 'night', subject: '2024-03-05', state: 'complete' } as const;
const effects = (works: readonly { readonly effect: string }[]) => works.map((w) => w.effect);

describe('starting a run', () => {
  const planned = [work(0, null), work(1, null), work(2, null)];
  it.each([
    ['nothing there', [], false, ['create', 'create', 'create']],
    ['all done', ['done', 'done', 'done'], false, ['keep', 'keep', 'keep']],
    ['all done, again', ['done', 'done', 'done'], true, ['redo', 'redo', 'redo']],
    ['one failed', ['done', 'failed', 'done'], false, ['keep', 'resume', 'redo']],
    ['first failed', ['failed', 'done', 'done'], false, ['resume', 'redo', 'redo']],
    ['last open', ['done', 'done', 'pending'], false, ['keep', 'keep', 'resume']],
    ['a stage new to the plan', ['done', 'done'], false, ['keep', 'keep', 'create']],
  ] as const)('%s', (_, states, again, expected) => {
    const standing = new Map(states.map((state, stage) => [`w${stage}`, work(stage, state)]));
    expect(effects(effectsOfStart(planned, standing, again))).toEqual(expected);
  });
});

describe('repeating from a stage on', () => {
  it.each([
    [0, ['redo', 'resume', 'redo']],
    [1, ['keep', 'resume', 'redo']],
    [2, ['keep', 'keep', 'redo']],
    [3, ['keep', 'keep', 'keep']],
  ])('stage %i', (stage, expected) => {
    const standing = [work(0, 'done'), work(1, 'failed'), work(2, 'done')];
    expect(effects(effectsOfRerun(standing, stage))).toEqual(expected);
  });
});

describe('what people are shown', () => {
  const closed = new Set(['2024-03']);

  it('names closed months of what will be done, not of what stays', () => {
    const works = effectsOfRerun([work(0, 'done'), work(1, 'done')], 1);
    const impact = impactOf({ run, works, closed, mayMeetItself: false });
    expect(impact.items.map(({ closedMonths }) => closedMonths)).toEqual([[], ['2024-03']]);
    expect(impact.closedMonths).toEqual(['2024-03']);
    expect(impact.allowed).toBe(true);
    expect(impact.remarks).toHaveLength(1);
  });

  it('refuses to repeat part of a run that is under way, but lets it be asked for', () => {
    const works = effectsOfRerun([work(0, 'done'), work(1, 'running')], 0);
    expect(impactOf({ run, works, closed, mayMeetItself: false }).allowed).toBe(false);
    expect(impactOf({ run, works, closed, mayMeetItself: true }).allowed).toBe(true);
  });
});

describe('the months work is about', () => {
  it.each([
    [{ month: '2024-03' }, ['2024-03']],
    [{ months: ['2024-03', '2024-04'] }, ['2024-03', '2024-04']],
    [{ from: '2024-02-28', to: '2024-03-01' }, ['2024-02']],
    [{ from: '2024-02-28', to: '2024-03-02' }, ['2024-02', '2024-03']],
    [{ consortium: 'x' }, []],
  ])('%j', (payload, months) => {
    expect(monthsAbout(payload)).toEqual(months);
  });
  it('counts twelve for a year', () => expect(monthsAbout({ year: '2024' })).toHaveLength(12));
});
