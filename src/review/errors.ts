import { GatewayError } from '../kernel/errors.js';

/** No finding with that id stands in any month. */
export class UnknownFindingError extends GatewayError {
  readonly code = 'review.unknown_finding';
  readonly recovery = 'halt';
  readonly remedy = '用 heyi review list 查看疑点编号。';
}

/** The finding has been decided already; money may have been posted on it. */
export class AlreadyDecidedError extends GatewayError {
  readonly code = 'review.already_decided';
  readonly recovery = 'halt';
  readonly remedy = '已确认的扣款只能以冲正处理，不能改为驳回。';
}

/** The finding takes no money of its own: a corroboration, a clue, or one of a rule that runs on trial. */
export class NotConfirmableError extends GatewayError {
  readonly code = 'review.not_confirmable';
  readonly recovery = 'halt';
  readonly remedy = '只有金额确定的主疑点可以确认扣款；其余可驳回或线下处理。';
}

/** A decision must say who made it and why. */
export class IncompleteDecisionError extends GatewayError {
  readonly code = 'review.incomplete_decision';
  readonly recovery = 'halt';
  readonly remedy = '请写明决定人和理由。';
}
