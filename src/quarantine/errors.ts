import { GatewayError } from '../kernel/errors.js';

/** There is no such entry, or it belongs to an institution that the caller may not see: both sound the same. */
export class UnknownEntryError extends GatewayError {
  readonly code = 'quarantine.unknown_entry';
  readonly recovery = 'halt';
  readonly remedy = '用 heyi quarantine list 查看编号。';
}

/** The entry is not in the state that the step starts from. */
export class WrongStateError extends GatewayError {
  readonly code = 'quarantine.wrong_state';
  readonly recovery = 'halt';
  readonly remedy = '用 heyi quarantine show 查看该条现在的状态。';
}

/** Whoever proposed a decision may not approve it. */
export class SamePersonError extends GatewayError {
  readonly code = 'quarantine.same_person';
  readonly recovery = 'halt';
  readonly remedy = '请由另一人复核；提出人可以用 withdraw 撤回。';
}

/** A correction names no field that could be corrected. */
export class UnknownFieldError extends GatewayError {
  readonly code = 'quarantine.unknown_field';
  readonly recovery = 'halt';
  readonly remedy = '用 heyi quarantine show 查看该行的来源列名，或写标准字段名。';
}

/** The corrected row would be refused again. */
export class StillRefusedError extends GatewayError {
  readonly code = 'quarantine.still_refused';
  readonly recovery = 'halt';
  readonly remedy = '请按所列原因修改更正内容后重新提出。';
}

/** The source has delivered a good row of the same key in the meantime. */
export class DeliveredError extends GatewayError {
  readonly code = 'quarantine.delivered';
  readonly recovery = 'halt';
  readonly remedy = '来源已自行改正，更正不再需要，提议已作废。';
}

/** The raw row is no longer kept. */
export class RawRowGoneError extends GatewayError {
  readonly code = 'quarantine.raw_row_gone';
  readonly recovery = 'halt';
  readonly remedy = '原始批次已按保存期限清理；请重新读取该时间窗。';
}

/** A decision must say who makes it and why. */
export class UnsignedDecisionError extends GatewayError {
  readonly code = 'quarantine.unsigned';
  readonly recovery = 'halt';
  readonly remedy = '请写明经办人和理由。';
}
