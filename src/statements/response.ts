import { ResponseStateError } from './errors.js';

/** What stands about one statement: whether it is signed, and its disputes. */
export interface ResponseState {
  readonly acknowledged: boolean;
  readonly disputes: readonly StandingDispute[];
}

export interface StandingDispute {
  readonly responseId: string;
  readonly figureId: string;
  readonly answered: boolean;
}

/** What one may say of a statement as it stands. @throws ResponseStateError with the reason when not */
export function requireAcknowledgeable({ acknowledged, disputes }: ResponseState): void {
  if (acknowledged) throw new ResponseStateError('该结算单已经确认');
  const open = disputes.filter(({ answered }) => !answered);
  if (open.length > 0)
    throw new ResponseStateError(`还有 ${open.length} 项异议未答复，答复后才能确认`);
}

/** A line is disputed once until it is answered; a signed statement is disputed no more. @throws ResponseStateError */
export function requireDisputable(
  { acknowledged, disputes }: ResponseState,
  figureId: string,
): void {
  if (acknowledged) throw new ResponseStateError('该结算单已经确认，不能再提异议');
  if (disputes.some((dispute) => dispute.figureId === figureId && !dispute.answered))
    throw new ResponseStateError('该项已有异议，正等待答复');
}
