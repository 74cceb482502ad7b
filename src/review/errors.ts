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

/** A decision must say who made it and why. */
export class IncompleteDecisionError extends GatewayError {
  readonly code = 'review.incomplete_decision';
  readonly recovery = 'halt';
  readonly remedy = '请写明决定人和理由。';
}
