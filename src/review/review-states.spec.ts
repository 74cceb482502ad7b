import { describe, expect, it } from '@jest/globals';
import {
  ACTIONS,
  CASE_STATES,
  type CaseAction,
  type CaseState,
  nextState,
  OUTCOMES,
  type Outcome,
  termOf,
} from './review-states.js';

type Row = readonly [from: CaseState, action: CaseAction, outcome: Outcome | null, to: CaseState];

const reviewed = (from: CaseState, action: CaseAction, upheld: CaseState): Row[] => [
  [from, action, 'uphold', upheld],
  [from, action, 'partial', upheld],
  [from, action, 'dismiss', 'DISMISSED'],
  [from, action, 'inspection', 'INSPECTION'],
  [from, action, 'data-correction', 'DATA_CORRECTION'],
];
const waiting: readonly CaseState[] = CASE_STATES.slice(0, 9);
const reviewers: readonly CaseState[] = [
  ...(['DETECTED', 'FIRST_REVIEW', 'APPEALED', 'NOT_APPEALED', 'SECOND_REVIEW', 'PANEL'] as const),
];

/** Every transition there is; what is not here is refused. */
const TABLE: readonly Row[] = [
  ['DETECTED', 'open', null, 'DETECTED'],
  ...reviewed('DETECTED', 'first-review', 'FIRST_REVIEW'),
  ...reviewed('DETECTED', 'direct', 'CONFIRMED'),
  ['FIRST_REVIEW', 'feedback', null, 'FEEDBACK'],
  ['FEEDBACK', 'accept', null, 'NOT_APPEALED'],
  ['FEEDBACK', 'appeal', null, 'APPEALED'],
  ['FEEDBACK', 'lapse', null, 'NOT_APPEALED'],
  ['APPEALED', 'appeal', null, 'APPEALED'],
  ['APPEALED', 'second-review', null, 'SECOND_REVIEW'],
  ['NOT_APPEALED', 'second-review', null, 'SECOND_REVIEW'],
  ...reviewed('NOT_APPEALED', 'final', 'FINAL'),
  ['SECOND_REVIEW', 'vote', null, 'PANEL'],
  ['PANEL', 'vote', null, 'PANEL'],
  ...reviewed('SECOND_REVIEW', 'final', 'FINAL'),
  ...reviewed('PANEL', 'final', 'FINAL'),
  ['FINAL', 'acknowledge', null, 'SECOND_FEEDBACK'],
  ['FINAL', 'lapse', null, 'SECOND_FEEDBACK'],
  ['SECOND_FEEDBACK', 'confirm', null, 'CONFIRMED'],
  ['CONFIRMED', 'post', null, 'POSTED'],
  ['CONFIRMED', 'reverse', null, 'REVERSED'],
  ['POSTED', 'reverse', null, 'REVERSED'],
  ...waiting.map((from): Row => [from, 'withdraw', null, 'WITHDRAWN']),
  ...reviewers.flatMap((from): Row[] => [
    [from, 'assign', null, from],
    [from, 'escalate', null, from],
  ]),
];

const key = (from: string, action: string, outcome: string | null) =>
  `${from} ${action} ${outcome}`;
const expected = new Map(
  TABLE.map(([from, action, outcome, to]) => [key(from, action, outcome), to]),
);
/** These end differently by what is said; the others go one way whatever is said. */
const SAYING: readonly CaseAction[] = ['first-review', 'direct', 'final'];

const saidBy = (action: CaseAction): readonly (Outcome | null)[] =>
  SAYING.includes(action) ? [...OUTCOMES, null] : [null];

describe('transitions of a case', () => {
  it.each(ACTIONS)('%s leads where the table says, from every state', (action) => {
    const all = CASE_STATES.flatMap((from) => saidBy(action).map((outcome) => ({ from, outcome })));
    const found = all.map(({ from, outcome }) => nextState(from, action, outcome));
    expect(found).toEqual(
      all.map(({ from, outcome }) => expected.get(key(from, action, outcome)) ?? null),
    );
  });

  it('a term runs wherever somebody is awaited, and nowhere else', () => {
    const awaited = CASE_STATES.filter((state) => termOf(state) !== null);
    expect(awaited).toEqual(waiting.filter((state) => state !== 'SECOND_FEEDBACK'));
  });
});
