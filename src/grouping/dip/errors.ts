import { GatewayError } from '../../kernel/errors.js';

/** A rule package cannot value a case it must value. */
export class DipRuleError extends GatewayError {
  readonly code = 'grouping.dip_rules';
  readonly recovery = 'halt';
  readonly remedy = '请在 DIP 规则包中补齐机构系数（coefficients），再重新结算。';
}
