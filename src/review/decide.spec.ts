import { describe, expect, it } from '@jest/globals';
import type { ReviewSettings } from '../audit/review-settings.js';
import { yuan } from '../kernel/money.js';
import { type CaseFacts, type Deed, decide, type Vote } from './decide.js';
import type { CaseAction, Outcome } from './review-states.js';

const settings: ReviewSettings = {
  ...{ classes: ['HARD', 'SUSP'], shortPath: true, fourEyesFrom: yuan('1000.00') },
  panel: { voters: 3, from: yuan('50000.00') },
  terms: { firstReview: 3, notice: 1, feedback: 5, secondReview: 5, panel: 5, secondFeedback: 2 },
  attachments: { most: 2, bytes: 100, kinds: ['pdf'] },
};

function facts(given: Partial<CaseFacts>): CaseFacts {
  return {
    ...{ state: 'DETECTED', money: 'exact', parties: ['T'], flaggedFen: yuan('999.99') },
    ...{ proposedFen: null, appealedFen: null, confirmedFen: null, needsPanel: false },
    ...{ firstReviewer: null, finalBy: null, votes: [], answered: [] },
    ...given,
  };
}

const said = (action: CaseAction, by: string, more: Partial<Deed> = {}): Deed => ({
  ...{ action, by },
  ...more,
});
const codeOf = (of: Partial<CaseFacts>, deed: Deed): string => {
  try {
    return decide(facts(of), deed, settings).to;
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('four eyes', () => {
  const small = { proposedFen: yuan('999.99'), firstReviewer: 'anna' };
  const large = {
    proposedFen: yuan('1000.00'),
    flaggedFen: yuan('1000.00'),
    firstReviewer: 'anna',
  };
  it.each([
    [
      'second review by the first reviewer',
      small,
      'APPEALED',
      said('second-review', 'anna', { outcome: 'uphold' }),
      'review.four_eyes',
    ],
    [
      'second review by another',
      small,
      'APPEALED',
      said('second-review', 'bert', { outcome: 'uphold' }),
      'SECOND_REVIEW',
    ],
    [
      'last word below the threshold',
      small,
      'NOT_APPEALED',
      said('final', 'anna', { outcome: 'uphold' }),
      'FINAL',
    ],
    [
      'last word at the threshold, not reviewed again',
      large,
      'NOT_APPEALED',
      said('final', 'bert', { outcome: 'uphold' }),
      'review.not_open',
    ],
    [
      'last word at the threshold by the first reviewer',
      large,
      'SECOND_REVIEW',
      said('final', 'anna', { outcome: 'uphold' }),
      'review.four_eyes',
    ],
    [
      'last word at the threshold by another',
      large,
      'SECOND_REVIEW',
      said('final', 'bert', { outcome: 'uphold' }),
      'FINAL',
    ],
  ] as const)('%s', (_, of, state, deed, result) => {
    expect(codeOf({ ...of, state }, deed)).toBe(result);
  });

  it('who had the last word does not take a large amount back', () => {
    const of = { state: 'POSTED', confirmedFen: yuan('1000.00'), finalBy: 'bert' } as const;
    expect(codeOf(of, said('reverse', 'bert'))).toBe('review.four_eyes');
    expect(codeOf(of, said('reverse', 'carl'))).toBe('REVERSED');
    expect(codeOf({ ...of, confirmedFen: yuan('999.99') }, said('reverse', 'bert'))).toBe(
      'REVERSED',
    );
  });
});

describe('a panel', () => {
  const vote = (by: string, outcome: Outcome, amount?: string): Vote => ({
    ...{ by, outcome, amountFen: amount === undefined ? null : yuan(amount) },
  });
  const of = { state: 'PANEL', needsPanel: true, proposedFen: yuan('900.00') } as const;
  const three = [vote('a', 'uphold'), vote('b', 'uphold'), vote('c', 'dismiss')];
  it.each([
    ['two voters', three.slice(0, 2), { outcome: 'uphold' }, 'review.panel'],
    ['three, two for it', three, { outcome: 'uphold' }, 'FINAL'],
    ['three, one for it', three, { outcome: 'dismiss' }, 'review.panel'],
    ['four, half for it', [...three, vote('d', 'dismiss')], { outcome: 'uphold' }, 'review.panel'],
    [
      'an amount beyond every vote',
      [vote('a', 'partial', '300.00'), vote('b', 'partial', '200.00'), three[2] as Vote],
      { outcome: 'partial', amountFen: yuan('300.01') },
      'review.panel',
    ],
    [
      'an amount between the votes',
      [vote('a', 'partial', '300.00'), vote('b', 'partial', '200.00'), three[2] as Vote],
      { outcome: 'partial', amountFen: yuan('250.00') },
      'FINAL',
    ],
  ] as const)('%s', (_, votes, words, result) => {
    expect(codeOf({ ...of, votes }, said('final', 'x', words))).toBe(result);
  });

  it('is asked for by a reviewer, by the amount, by money that only it may set', () => {
    const panel = (more: Partial<CaseFacts>, outcome: Outcome | 'panel' = 'uphold') =>
      decide(
        facts({ state: 'APPEALED', ...more }),
        said('second-review', 'b', { outcome }),
        settings,
      ).needsPanel;
    expect(panel({}, 'panel')).toBe(true);
    expect(panel({})).toBe(false);
    expect(panel({ flaggedFen: yuan('49999.99') })).toBe(false);
    expect(panel({ flaggedFen: yuan('50000.00') })).toBe(true);
    expect(panel({ money: 'panel' })).toBe(true);
  });

  it('hears each voter once, and only where it was asked for', () => {
    const words = { outcome: 'uphold' } as const;
    expect(codeOf({ ...of, votes: three }, said('vote', 'a', words))).toBe('review.panel');
    expect(codeOf({ ...of, votes: three }, said('vote', 'd', words))).toBe('PANEL');
    expect(codeOf({ state: 'SECOND_REVIEW' }, said('vote', 'd', words))).toBe('review.panel');
  });
});

describe('amounts', () => {
  const first = (outcome: Outcome, amount?: string, of: Partial<CaseFacts> = {}) =>
    codeOf(
      { flaggedFen: yuan('100.00'), ...of },
      said('first-review', 'a', {
        outcome,
        amountFen: amount === undefined ? undefined : yuan(amount),
      }),
    );
  it.each([
    ['uphold', undefined, 'FIRST_REVIEW'],
    ['uphold', '99.99', 'review.amount'],
    ['partial', undefined, 'review.amount'],
    ['partial', '0.00', 'review.amount'],
    ['partial', '99.99', 'FIRST_REVIEW'],
    ['partial', '100.00', 'review.amount'],
    ['dismiss', '1.00', 'review.amount'],
  ] as const)('%s of %s', (outcome, amount, result) => {
    expect(first(outcome, amount)).toBe(result);
  });

  it('nothing is taken on a finding that carries no money', () => {
    expect(first('uphold', undefined, { money: 'record-only' })).toBe('review.amount');
    expect(first('inspection', undefined, { money: 'record-only' })).toBe('INSPECTION');
  });
});

describe('members of a shared finding', () => {
  const of = { state: 'FINAL', parties: ['T', 'L'] } as const;
  const ack = (institution: string) => said('acknowledge', 'm', { institution });
  it('move it on together, each once', () => {
    expect(codeOf(of, ack('T'))).toBe('FINAL');
    expect(codeOf({ ...of, answered: ['T'] }, ack('T'))).toBe('review.not_open');
    expect(codeOf({ ...of, answered: ['T'] }, ack('L'))).toBe('SECOND_FEEDBACK');
    expect(codeOf(of, ack('X'))).toBe('review.not_party');
  });
});
