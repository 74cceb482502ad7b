import { describe, expect, it } from '@jest/globals';
import type { MessageState } from './message-state.js';
import { decideEnqueue, type LatestVersion } from './outbox.js';

const latest = (state: MessageState, outcome: LatestVersion['outcome'] = null): LatestVersion => ({
  outboxId: '1',
  version: 1,
  state,
  outcome,
  contentDigest: 'old',
});

describe('writing a message down', () => {
  it.each<[string, LatestVersion | null, string, boolean, string]>([
    ['the first of its kind', null, 'old', false, 'new'],
    ['said and accepted', latest('ACCEPTED', 'accepted'), 'old', false, 'unchanged'],
    ['said and accepted, told to repeat', latest('ACCEPTED', 'accepted'), 'old', true, 'unchanged'],
    ['changed since', latest('ACCEPTED', 'accepted'), 'new', false, 'new'],
    ['changed since an unknown end', latest('RESOLVED', 'accepted'), 'new', false, 'new'],
    ['rejected', latest('REJECTED', 'rejected'), 'old', false, 'unchanged'],
    ['rejected, told to repeat', latest('REJECTED', 'rejected'), 'old', true, 'new'],
    ['found rejected by query, told to repeat', latest('RESOLVED', 'rejected'), 'old', true, 'new'],
    ['waiting here', latest('PENDING'), 'old', false, 'unchanged'],
    ['waiting here with an older content', latest('PENDING'), 'new', false, 'replace'],
    ['on its way with an older content', latest('SENT'), 'new', false, 'waiting'],
    ['unknown with an older content', latest('UNKNOWN'), 'new', true, 'waiting'],
    ['unknown with the same content', latest('UNKNOWN'), 'old', true, 'unchanged'],
  ])('%s', (_, before, digest, again, decision) => {
    expect(decideEnqueue(before, digest, again)).toBe(decision);
  });
});
