/** A finding's way through review: what was done last says where it stands. Pure: no clock, no books. */

export const CASE_STATES = [
  'DETECTED', // raised, waits for first review
  'FIRST_REVIEW', // proposed, waits to be sent to the member
  'FEEDBACK', // sent, waits for the member
  'APPEALED',
  'NOT_APPEALED', // accepted, or silent beyond the term
  'SECOND_REVIEW', // waits for the last word, or for votes
  'PANEL', // votes are being cast
  'FINAL', // decided, waits for the member's second feedback
  'SECOND_FEEDBACK',
  'CONFIRMED', // a deduction, waits for settlement
  'POSTED', // settlement took it
  'REVERSED',
  'DISMISSED',
  'INSPECTION',
  'DATA_CORRECTION',
  'WITHDRAWN', // the finding stands no longer: its claim was booked anew or taken back
] as const;
export type CaseState = (typeof CASE_STATES)[number];

export const STATE_NAMES: Readonly<Record<CaseState, string>> = {
  DETECTED: '待初审',
  FIRST_REVIEW: '已初审',
  FEEDBACK: '已反馈',
  APPEALED: '已申诉',
  NOT_APPEALED: '未申诉',
  SECOND_REVIEW: '已复审',
  PANEL: '合议中',
  FINAL: '已终审',
  SECOND_FEEDBACK: '已二次反馈',
  CONFIRMED: '已确认',
  POSTED: '已扣款',
  REVERSED: '已冲正',
  DISMISSED: '不予扣款',
  INSPECTION: '移交稽核',
  DATA_CORRECTION: '数据更正',
  WITHDRAWN: '疑点已撤销',
};

/** What a reviewer, a voter or the last word may say. */
export const OUTCOMES = ['uphold', 'partial', 'dismiss', 'inspection', 'data-correction'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export const OUTCOME_NAMES: Readonly<Record<Outcome | 'panel', string>> = {
  uphold: '维持',
  partial: '部分维持',
  dismiss: '不予扣款',
  inspection: '移交稽核',
  'data-correction': '数据更正',
  panel: '提交合议',
};

export const ACTIONS = [
  'open',
  'assign',
  'first-review',
  'feedback',
  'accept',
  'appeal',
  'lapse',
  'second-review',
  'vote',
  'final',
  'acknowledge',
  'confirm',
  'post',
  'reverse',
  'withdraw',
  'escalate',
  'direct',
] as const;
export type CaseAction = (typeof ACTIONS)[number];

export type CaseRole = 'system' | 'reviewer' | 'member' | 'panel';

const WAITING = [
  'DETECTED',
  'FIRST_REVIEW',
  'FEEDBACK',
  'APPEALED',
  'NOT_APPEALED',
  'SECOND_REVIEW',
  'PANEL',
  'FINAL',
  'SECOND_FEEDBACK',
] as const satisfies readonly CaseState[];

/** States in which a reviewer is awaited. */
export const REVIEWER_AWAITED: readonly CaseState[] = [
  'DETECTED',
  'FIRST_REVIEW',
  'APPEALED',
  'NOT_APPEALED',
  'SECOND_REVIEW',
  'PANEL',
];
/** States in which the member is awaited; its silence means that it agrees. */
export const MEMBER_AWAITED: readonly CaseState[] = ['FEEDBACK', 'FINAL'];

interface Transition {
  readonly role: CaseRole;
  readonly from: readonly CaseState[];
}

const TRANSITIONS: Readonly<Record<CaseAction, Transition>> = {
  open: { role: 'system', from: ['DETECTED'] },
  assign: { role: 'reviewer', from: REVIEWER_AWAITED },
  'first-review': { role: 'reviewer', from: ['DETECTED'] },
  feedback: { role: 'reviewer', from: ['FIRST_REVIEW'] },
  accept: { role: 'member', from: ['FEEDBACK'] },
  // Another party of the same finding may still appeal until it is reviewed again.
  appeal: { role: 'member', from: ['FEEDBACK', 'APPEALED'] },
  lapse: { role: 'system', from: MEMBER_AWAITED },
  'second-review': { role: 'reviewer', from: ['APPEALED', 'NOT_APPEALED'] },
  vote: { role: 'panel', from: ['SECOND_REVIEW', 'PANEL'] },
  final: { role: 'reviewer', from: ['NOT_APPEALED', 'SECOND_REVIEW', 'PANEL'] },
  acknowledge: { role: 'member', from: ['FINAL'] },
  confirm: { role: 'system', from: ['SECOND_FEEDBACK'] },
  post: { role: 'system', from: ['CONFIRMED'] },
  reverse: { role: 'reviewer', from: ['CONFIRMED', 'POSTED'] },
  withdraw: { role: 'system', from: WAITING },
  escalate: { role: 'system', from: REVIEWER_AWAITED },
  direct: { role: 'reviewer', from: ['DETECTED'] },
};

const FIXED: Readonly<Partial<Record<CaseAction, CaseState>>> = {
  open: 'DETECTED',
  feedback: 'FEEDBACK',
  accept: 'NOT_APPEALED',
  appeal: 'APPEALED',
  'second-review': 'SECOND_REVIEW',
  vote: 'PANEL',
  acknowledge: 'SECOND_FEEDBACK',
  confirm: 'CONFIRMED',
  post: 'POSTED',
  reverse: 'REVERSED',
  withdraw: 'WITHDRAWN',
};

const ENDS: Readonly<Partial<Record<Outcome, CaseState>>> = {
  dismiss: 'DISMISSED',
  inspection: 'INSPECTION',
  'data-correction': 'DATA_CORRECTION',
};

const UPHELD: Readonly<Partial<Record<CaseAction, CaseState>>> = {
  'first-review': 'FIRST_REVIEW',
  final: 'FINAL',
  direct: 'CONFIRMED',
};

export function roleOf(action: CaseAction): CaseRole {
  return TRANSITIONS[action].role;
}

/** Where an action leads; null when it does not fit the state. `outcome` matters to first review, the last word and the short path. */
export function nextState(
  state: CaseState,
  action: CaseAction,
  outcome: Outcome | null = null,
): CaseState | null {
  if (!TRANSITIONS[action].from.includes(state)) return null;
  if (action === 'assign' || action === 'escalate') return state;
  if (action === 'lapse') return state === 'FEEDBACK' ? 'NOT_APPEALED' : 'SECOND_FEEDBACK';
  const upheld = UPHELD[action];
  if (upheld === undefined) return FIXED[action] ?? null;
  return outcome === null ? null : (ENDS[outcome] ?? upheld);
}

/** Names of the terms in settings. */
export type TermName =
  | 'firstReview'
  | 'notice'
  | 'feedback'
  | 'secondReview'
  | 'panel'
  | 'secondFeedback';

const TERMS: Readonly<Partial<Record<CaseState, TermName>>> = {
  DETECTED: 'firstReview',
  FIRST_REVIEW: 'notice',
  FEEDBACK: 'feedback',
  APPEALED: 'secondReview',
  NOT_APPEALED: 'secondReview',
  SECOND_REVIEW: 'panel',
  PANEL: 'panel',
  FINAL: 'secondFeedback',
};

/** The term that runs in a state; null: nobody is awaited. */
export function termOf(state: CaseState): TermName | null {
  return TERMS[state] ?? null;
}
