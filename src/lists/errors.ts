import { GatewayError } from '../kernel/errors.js';

/** The profile or the site does not say how settlement lists are made. */
export class ListsNotConfiguredError extends GatewayError {
  readonly code = 'config.lists_not_configured';
  readonly recovery = 'halt';
  readonly remedy =
    '请在 config/agency 的接口方式和 <site>/agency.yaml 中填写 settlementList（见 docs/settlement-lists.md）。';
}

/** A supplement file that cannot be imported as it is. */
export class SupplementFaultError extends GatewayError {
  readonly code = 'input.supplement';
  readonly recovery = 'quarantine';
  readonly remedy = '请按所列行号更正文件后重新导入；未写入任何内容。';
}
