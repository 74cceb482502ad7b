import { GatewayError } from '../kernel/errors.js';

/** Claims are settled by an institution that agency.yaml does not list: its totals would silently stay undeclared. */
export class UnknownSettlementUnitError extends GatewayError {
  readonly code = 'agency.unknown_settlement_unit';
  readonly recovery = 'halt';
  readonly remedy = '请在 agency.yaml 的 settlementUnits 中加入该机构，或更正其 settledBy。';
}

/** A care type that the profile puts under no clearing type. */
export class UnmappedCareTypeError extends GatewayError {
  readonly code = 'agency.unmapped_care_type';
  readonly recovery = 'halt';
  readonly remedy = '请在 config/agency 的 clearingTypes 中为该医疗类别指定清算类别。';
}

/** The detail file would be larger than config/limits.yaml allows. */
export class DetailFileTooLargeError extends GatewayError {
  readonly code = 'agency.detail_file_too_large';
  readonly recovery = 'halt';
  readonly remedy = '请核实当月结算笔数；确属正常时提高 limits.yaml 的 agency.fileRows。';
}

/** The profile signs, but agency.yaml has no keys. */
export class MissingCredentialsError extends GatewayError {
  readonly code = 'agency.missing_credentials';
  readonly recovery = 'halt';
  readonly remedy = '请在 agency.yaml 的 connection 中以 ${环境变量} 给出 accessKey 与 secretKey。';
}

/** The agency's file cannot be read as the interface describes it. */
export class UnreadableFileError extends GatewayError {
  readonly code = 'agency.unreadable_file';
  readonly recovery = 'halt';
  readonly remedy = '请保存该文件并联系经办机构信息部门核对接口版本。';
}

/** No such message, or not in a state that a person may settle. */
export class MessageNotUnknownError extends GatewayError {
  readonly code = 'agency.message_not_unknown';
  readonly recovery = 'halt';
  readonly remedy = '只有“结果未知”的报文可以人工认定；请用 heyi agency list 查看。';
}
