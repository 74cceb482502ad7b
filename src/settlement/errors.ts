import { GatewayError } from '../kernel/errors.js';

/** The books of the period hold something a settlement cannot stand on. */
export class SettlementInputError extends GatewayError {
  readonly code = 'settlement.bad_input';
  readonly recovery = 'halt';
  readonly remedy = '请按提示补齐或改正后重新结算。';
}

/** A closed period would come out differently: late rows belong to the next open period. */
export class ClosedPeriodError extends GatewayError {
  readonly code = 'settlement.closed_period';
  readonly recovery = 'halt';
  readonly remedy = '已关账的期间不能改动；迟到或更正的数据请进入下一开放期间。';
}

/** Two ways of adding the same money disagree: nothing is stored. */
export class CrossCheckError extends GatewayError {
  readonly code = 'settlement.cross_check';
  readonly recovery = 'halt';
  readonly remedy = '请勿付款，并将本信息交给技术支持；数据库汇总与计算结果应逐分相等。';
}

/** The figure asked for was never computed. */
export class UnknownFigureError extends GatewayError {
  readonly code = 'settlement.unknown_figure';
  readonly recovery = 'halt';
  readonly remedy = '请用 npx heyi settle month|year 输出中的编号。';
}
