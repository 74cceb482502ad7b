/**
 * The life of a message to the agency. `UNKNOWN` = it may have arrived: it is asked again under the same message id, never sent anew.
 * `RESOLVED` = an unknown outcome that a query or a person settled.
 */
export const MESSAGE_STATES = [
  'PENDING',
  'SENT',
  'ACCEPTED',
  'REJECTED',
  'UNKNOWN',
  'RESOLVED',
] as const;
export type MessageState = (typeof MESSAGE_STATES)[number];

export type MessageEvent =
  | 'send' // written down as sent; the request follows
  | 'accept' // the agency answered yes
  | 'reject' // the agency answered no
  | 'lose' // no answer, or none that can be read
  | 'return'; // the connection was never made: nothing left the house

const TRANSITIONS: Readonly<Record<MessageState, Partial<Record<MessageEvent, MessageState>>>> = {
  PENDING: { send: 'SENT' },
  SENT: { accept: 'ACCEPTED', reject: 'REJECTED', lose: 'UNKNOWN', return: 'PENDING' },
  UNKNOWN: {
    send: 'UNKNOWN',
    accept: 'RESOLVED',
    reject: 'RESOLVED',
    lose: 'UNKNOWN',
    return: 'UNKNOWN',
  },
  ACCEPTED: {},
  REJECTED: {},
  RESOLVED: {},
};

/** The state after an event. @throws RangeError for an event that cannot happen in that state */
export function nextState(state: MessageState, event: MessageEvent): MessageState {
  const next = TRANSITIONS[state][event];
  if (next === undefined) throw new RangeError(`a ${state} message cannot ${event}`);
  return next;
}

export function isOpen(state: MessageState): boolean {
  return state === 'PENDING' || state === 'SENT' || state === 'UNKNOWN';
}
