import { GatewayError } from '../../kernel/errors.js';

/** A decision about a rule or an exemption that does not fit what stands. */
export class AuditDecisionError extends GatewayError {
  readonly code = 'input.audit_decision';
  readonly recovery = 'halt';
  readonly remedy = '用 heyi rules list、heyi exemptions list 查看现状；提出与批准须是两个人。';
}
