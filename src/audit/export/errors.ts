import { GatewayError } from '../../kernel/errors.js';

/** The agency's codes of severity and behaviour are not published everywhere; nobody guesses them. */
export class UnspecifiedCodesError extends GatewayError {
  readonly code = 'audit.unspecified_agency_codes';
  readonly recovery = 'halt';
  readonly remedy =
    '请向经办机构索取 sev_deg、vola_bhvr_type 等代码表，写入 config/audit/agency-codes.yaml 并注明出处。';
}
