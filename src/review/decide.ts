import type { ReviewSettings } from '../audit/review-settings.js';
import { type Fen, greatest, ZERO_FEN } from '../kernel/money.js';
import { AmountError, FourEyesError, NotOpenError, NotPartyError, PanelError } from './errors.js';
import {
  type CaseAction,
  type CaseState,
  nextState,
  type Outcome,
  STATE_NAMES,
} from './review-states.js';

/** What the rules of review need to know of a case. */
export interface CaseFacts {
  readonly state: CaseState;
  readonly money: string;
  readonly parties: readonly string[];
  readonly flaggedFen: Fen;
  readonly proposedFen: Fen | null;
  readonly appealedFen: Fen | null;
  readonly confirmedFen: Fen | null;
  readonly needsPanel: boolean;
  readonly firstReviewer: string | null;
  readonly finalBy: string | null;
  readonly votes: readonly Vote[];
  /** Parties that accepted, or acknowledged, in this state. */
  readonly answered: readonly string[];
}

export interface Vote {
  readonly by: string;
  readonly outcome: Outcome;
  readonly amountFen: Fen | null;
}

/** What somebody wants to do. */
export interface Deed {
  readonly action: CaseAction;
  readonly by: string;
  readonly outcome?: Outcome | 'panel' | undefined;
  readonly amountFen?: Fen | undefined;
  readonly institution?: string | undefined;
}

/** What comes of it. */
export interface Move {
  readonly to: CaseState;
  readonly amountFen: Fen | null;
  /** A second review may ask for a panel. */
  readonly needsPanel: boolean;
}

/** Whether money can be taken on the finding at all. */
export function isDeductible({ money, flaggedFen }: Pick<CaseFacts, 'money' | 'flaggedFen'>) {
  return (money === 'exact' || money === 'panel') && flaggedFen > 0n;
}

/**
 * Whether a deed fits the case, who may do it, and what it does.
 *
 * @throws NotOpenError, FourEyesError, AmountError, NotPartyError, PanelError
 */
export function decide(of: CaseFacts, deed: Deed, settings: ReviewSettings): Move {
  const { action, outcome } = deed;
  const said = outcome === 'panel' ? null : (outcome ?? null);
  const to = nextState(of.state, action, said);
  if (to === null) throw new NotOpenError(`疑点处于“${STATE_NAMES[of.state]}”，不能作此操作`);
  refuseSamePerson(of, deed, settings);
  refuseStranger(of, deed);
  if (action === 'final') refuseWithoutPanel(of, deed, settings);
  if (action === 'vote') refuseVote(of, deed);
  return {
    to: waitsForOthers(of, deed) ? of.state : to,
    amountFen: amountOf(of, deed),
    needsPanel: of.needsPanel || needsPanel(of, deed, settings),
  };
}

/** Never the same person in first and second review; from a threshold on, not in the last word or the reversal either. */
function refuseSamePerson(of: CaseFacts, { action, by }: Deed, settings: ReviewSettings): void {
  const amount = of.confirmedFen ?? of.proposedFen ?? of.flaggedFen;
  const large = amount >= settings.fourEyesFrom;
  const before = action === 'reverse' ? of.finalBy : of.firstReviewer;
  if (before !== by) return;
  if (action === 'second-review')
    throw new FourEyesError('复审人不能是初审人 / not by the first reviewer');
  if (large && action === 'final')
    throw new FourEyesError('该金额须由初审人以外的人终审 / not by the first reviewer');
  if (large && action === 'reverse')
    throw new FourEyesError('该金额须由终审人以外的人冲正 / not by who had the last word');
}

const OF_MEMBERS: readonly CaseAction[] = ['accept', 'appeal', 'acknowledge'];

function refuseStranger(of: CaseFacts, { action, institution }: Deed): void {
  if (!OF_MEMBERS.includes(action)) return;
  if (institution === undefined || !of.parties.includes(institution))
    throw new NotPartyError(`机构 ${institution ?? ''} 不是该疑点的结算单位`);
  if (action !== 'appeal' && of.answered.includes(institution))
    throw new NotOpenError(`机构 ${institution} 已答复`);
}

/** Where several members share a finding, it moves on when all of them have agreed. */
function waitsForOthers(of: CaseFacts, { action, institution }: Deed): boolean {
  if (action !== 'accept' && action !== 'acknowledge') return false;
  return of.parties.some((party) => party !== institution && !of.answered.includes(party));
}

function needsPanel(of: CaseFacts, { action, outcome }: Deed, { panel }: ReviewSettings): boolean {
  if (outcome === 'panel') return true;
  const amount = of.proposedFen ?? of.flaggedFen;
  const counts = action === 'first-review' || action === 'second-review';
  return counts && isDeductible(of) && (of.money === 'panel' || amount >= panel.from);
}

/** The last word follows the panel where there is one; without a second review it is for small amounts only. */
function refuseWithoutPanel(of: CaseFacts, deed: Deed, settings: ReviewSettings): void {
  const { state, votes } = of;
  if (state === 'NOT_APPEALED') {
    const large = (of.proposedFen ?? ZERO_FEN) >= settings.fourEyesFrom;
    if (large || of.needsPanel) throw new NotOpenError('该疑点须先复审');
    return;
  }
  if (!of.needsPanel && votes.length === 0) return;
  if (votes.length < settings.panel.voters)
    throw new PanelError(`合议至少 ${settings.panel.voters} 人，现有 ${votes.length} 票`);
  const backing = votes.filter(({ outcome }) => outcome === deed.outcome);
  if (backing.length * 2 <= votes.length) throw new PanelError('终审结论须与合议过半数的意见一致');
  if (deed.outcome === 'partial') refuseBeyond(backing, deed.amountFen ?? ZERO_FEN);
}

function refuseBeyond(backing: readonly Vote[], amount: Fen): void {
  const amounts = backing.map(({ amountFen }) => amountFen ?? ZERO_FEN);
  if (amounts.every((each) => each < amount) || amounts.every((each) => each > amount))
    throw new PanelError('部分维持的金额须在合议意见的金额之间');
}

function refuseVote({ votes, needsPanel }: CaseFacts, { by }: Deed): void {
  if (!needsPanel) throw new PanelError('该疑点未提交合议');
  if (votes.some((vote) => vote.by === by)) throw new PanelError('每人只投一票');
}

/** The amount an action speaks of: never more than what was proposed before it, at first never more than what was flagged. */
function amountOf(of: CaseFacts, deed: Deed): Fen | null {
  const { action, outcome, amountFen } = deed;
  const most = of.proposedFen ?? of.flaggedFen;
  if (action === 'reverse' || action === 'confirm') return of.confirmedFen ?? most;
  if (action === 'appeal') return greatest(of.appealedFen ?? ZERO_FEN, appealed(amountFen, most));
  if (outcome === undefined || outcome === 'panel') return null;
  if (outcome === 'uphold' || outcome === 'partial') return upheld(of, { outcome, amountFen });
  if (amountFen !== undefined) throw new AmountError('该结论不带金额');
  return null;
}

/** Nothing said: all of it. */
function appealed(amountFen: Fen | undefined, most: Fen): Fen {
  if (amountFen === undefined) return most;
  if (amountFen <= 0n || amountFen > most)
    throw new AmountError('申诉金额须大于 0 且不超过拟扣金额');
  return amountFen;
}

function upheld(
  of: CaseFacts,
  {
    outcome,
    amountFen,
  }: { readonly outcome: 'uphold' | 'partial'; readonly amountFen?: Fen | undefined },
): Fen {
  const most = of.proposedFen ?? of.flaggedFen;
  if (!isDeductible(of)) throw new AmountError('该疑点没有可扣的金额，只能不予扣款、移交或更正');
  if (outcome === 'uphold') {
    if (amountFen === undefined || amountFen === most) return most;
    throw new AmountError('维持即按原金额；核减请用部分维持');
  }
  if (amountFen === undefined || amountFen <= 0n || amountFen >= most)
    throw new AmountError('部分维持须写明金额，大于 0 且小于原金额');
  return amountFen;
}
