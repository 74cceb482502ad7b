import { describe, expect, it } from '@jest/globals';
import {
  isOpen,
  MESSAGE_STATES,
  type MessageEvent,
  type MessageState,
  nextState,
} from './message-state.js';

const EVENTS: readonly MessageEvent[] = ['send', 'accept', 'reject', 'lose', 'return'];

describe('the life of a message', () => {
  it.each<[MessageState, MessageEvent, MessageState]>([
    ['PENDING', 'send', 'SENT'],
    ['SENT', 'accept', 'ACCEPTED'],
    ['SENT', 'reject', 'REJECTED'],
    ['SENT', 'lose', 'UNKNOWN'],
    ['SENT', 'return', 'PENDING'], // nothing left the house
    ['UNKNOWN', 'send', 'UNKNOWN'], // asked again: still unknown until answered
    ['UNKNOWN', 'accept', 'RESOLVED'],
    ['UNKNOWN', 'reject', 'RESOLVED'],
    ['UNKNOWN', 'lose', 'UNKNOWN'],
    ['UNKNOWN', 'return', 'UNKNOWN'], // the first sending may still have arrived
  ])('%s, %s → %s', (state, event, next) => {
    expect(nextState(state, event)).toBe(next);
  });

  it('ends for good', () => {
    for (const state of MESSAGE_STATES.filter((each) => !isOpen(each))) {
      for (const event of EVENTS) expect(() => nextState(state, event)).toThrow(state);
    }
  });

  it('lets nothing be accepted that was not sent', () => {
    expect(() => nextState('PENDING', 'accept')).toThrow('cannot accept');
  });
});
