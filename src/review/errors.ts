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

/** The action does not fit where the case stands. */
export class NotOpenError extends GatewayError {
  readonly code = 'review.not_open';
  readonly recovery = 'halt';
  readonly remedy = '用 heyi review show 查看疑点走到了哪一步。';
}

/** One person may not stand for both. */
export class FourEyesError extends GatewayError {
  readonly code = 'review.four_eyes';
  readonly recovery = 'halt';
  readonly remedy = '请由另一人办理。 / Somebody else has to do it.';
}

/** More than was proposed, nothing, or an amount where none belongs. */
export class AmountError extends GatewayError {
  readonly code = 'review.amount';
  readonly recovery = 'halt';
  readonly remedy = '请核对金额（元）。';
}

/** Only a settlement unit that the finding speaks of answers to it. */
export class NotPartyError extends GatewayError {
  readonly code = 'review.not_party';
  readonly recovery = 'halt';
  readonly remedy = '请由疑点涉及的结算单位答复；村卫生室由其结算单位答复。';
}

/** Too few voters, no majority, or a vote that does not count. */
export class PanelError extends GatewayError {
  readonly code = 'review.panel';
  readonly recovery = 'halt';
  readonly remedy = '请按合议规则办理（站点 audit.yaml 的 review.panel）。';
}

/** A file of another kind, empty, or too many. */
export class AttachmentError extends GatewayError {
  readonly code = 'review.attachment';
  readonly recovery = 'halt';
  readonly remedy = '请按站点设置的类型、大小和数量上传附件。';
}

/** A file larger than the site takes. */
export class AttachmentTooLargeError extends GatewayError {
  readonly code = 'review.attachment_too_large';
  readonly recovery = 'halt';
  readonly remedy = '请压缩或拆分后上传。 / Compress or split the file.';
}

/** The site does not let one person decide at once. */
export class ShortPathError extends GatewayError {
  readonly code = 'review.short_path';
  readonly recovery = 'halt';
  readonly remedy =
    '请按初审、反馈、复审、终审的步骤办理，或在站点 audit.yaml 设 review.shortPath。';
}
