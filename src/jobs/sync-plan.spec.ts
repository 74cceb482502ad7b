import { describe, expect, it } from '@jest/globals';
import { monthsAbout } from './run-impact.js';
import { planCompare, planStretch } from './sync-plan.js';

const days = { institution: 'H1', from: '2024-02-26', to: '2024-03-12' };
const word = { by: 'it', reason: '月末对账' };

describe('a stretch that is looked at again', () => {
  it('is one stage of pieces of some days, which together are the stretch', () => {
    const { kind, subject, stages } = planStretch('county', days);
    expect([kind, subject]).toEqual(['sync-backfill', 'H1.2024-02-26_2024-03-12']);
    const [pieces = [], more] = stages;
    expect(more).toBeUndefined();
    expect(pieces.map(({ payload }) => payload['part'])).toEqual([
      { from: '2024-02-26', to: '2024-03-04' },
      { from: '2024-03-04', to: '2024-03-11' },
      { from: '2024-03-11', to: '2024-03-12' },
    ]);
    expect(pieces.map(({ source }) => source)).toEqual(['H1', 'H1', 'H1']);
    expect(pieces.flatMap(({ payload }) => monthsAbout(payload))).toContain('2024-02');
    expect(new Set(pieces.map(({ businessKey }) => businessKey)).size).toBe(3);
  });

  it('keeps apart comparing, reading and the streams that are meant', () => {
    const keys = [
      planStretch('county', days),
      planCompare('county', { ...days, repair: false }),
      planCompare('county', { ...days, repair: true, streams: ['claims'], withdrawal: word }),
    ].map(({ stages }) => stages[0]?.[0]?.businessKey);
    expect(new Set(keys).size).toBe(3);
  });

  it('carries who let it read at any hour and withdraw', () => {
    const { stages } = planCompare('county', {
      ...{ ...days, repair: true, withdrawal: word, outsideHours: word },
    });
    expect(stages[0]?.[0]?.payload).toMatchObject({ withdrawal: word, outsideHours: word });
  });
});
