import { GatewayError } from '../kernel/errors.js';

/** No stored run is meant by what was asked for. */
export class UnknownRunError extends GatewayError {
  readonly code = 'statement.unknown_run';
  readonly recovery = 'halt';
  readonly remedy = '请先结算该期间（npx heyi settle month|year <期间>），或核对运行编号。';
}

/** Nobody of that name has a statement of the run. */
export class UnknownPartyError extends GatewayError {
  readonly code = 'statement.unknown_party';
  readonly recovery = 'halt';
  readonly remedy = '请写 agency、lead，或 consortium.yaml 中的机构代码。';
}

/** The line asked about does not stand in the party's statement. */
export class UnknownLineError extends GatewayError {
  readonly code = 'statement.unknown_line';
  readonly recovery = 'halt';
  readonly remedy = '请写本机构结算单中的序号或数字编号。';
}

/** What was asked for does not fit the state of the statement: superseded, signed already, disputed, or answered. */
export class ResponseStateError extends GatewayError {
  readonly code = 'statement.wrong_state';
  readonly recovery = 'halt';
  readonly remedy = '请用 npx heyi statement responses 查看确认与异议的现状。';
}

/** No dispute has that number. */
export class UnknownDisputeError extends GatewayError {
  readonly code = 'statement.unknown_dispute';
  readonly recovery = 'halt';
  readonly remedy = '请用 npx heyi statement responses 查看异议的编号。';
}

/** A response must say who stands for it and why. */
export class IncompleteResponseError extends GatewayError {
  readonly code = 'statement.incomplete_response';
  readonly recovery = 'halt';
  readonly remedy = '请写明经办人；异议与答复须写理由。';
}

/** The fonts that statements are printed with are not where the product keeps them. */
export class MissingFontError extends GatewayError {
  readonly code = 'statement.missing_font';
  readonly recovery = 'halt';
  readonly remedy = '请重新安装产品：knowledge/fonts 中应有字体文件。';
}
