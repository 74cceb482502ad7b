import { GatewayError } from '../kernel/errors.js';

/** Name or password is wrong, or the account is disabled: one answer for all three, so that nothing is learnt from it. */
export class SignInRefusedError extends GatewayError {
  readonly code = 'access.sign_in_refused';
  readonly recovery = 'halt';
  readonly remedy = '请核对用户名和口令；忘记口令请找安全管理员重置。';
}

/** Too many failures; `context.retrySeconds` says how long to wait. */
export class LockedOutError extends GatewayError {
  readonly code = 'access.locked_out';
  readonly recovery = 'halt';
  readonly remedy = '请稍后再试；如不是本人所为，请告诉安全管理员。';
}

/** No session, or one that has ended. */
export class NotSignedInError extends GatewayError {
  readonly code = 'access.not_signed_in';
  readonly recovery = 'halt';
  readonly remedy = '请先登录：POST /api/v1/session。';
}

/** The person's roles do not hold the permission, or the institution is not theirs. */
export class NotAllowedError extends GatewayError {
  readonly code = 'access.not_allowed';
  readonly recovery = 'halt';
  readonly remedy = '如工作需要，请安全管理员授予相应的角色或机构。';
}

/** The first password must be changed before anything else. */
export class PasswordChangeRequiredError extends GatewayError {
  readonly code = 'access.password_change_required';
  readonly recovery = 'halt';
  readonly remedy = '请先修改口令：PUT /api/v1/session/password。';
}

/** The request does not carry the token of its session, or comes from another site. */
export class ForgedRequestError extends GatewayError {
  readonly code = 'access.forged_request';
  readonly recovery = 'halt';
  readonly remedy = '请带上请求头 X-CSRF-Token，其值由登录和 GET /api/v1/session 给出。';
}

/** A password that is easily guessed, or is the same as before. */
export class WeakPasswordError extends GatewayError {
  readonly code = 'access.weak_password';
  readonly recovery = 'halt';
  readonly remedy = '请另选一个较长的口令，例如几个互不相关的词。';
}

export class UnknownUserError extends GatewayError {
  readonly code = 'access.unknown_user';
  readonly recovery = 'halt';
  readonly remedy = '用 npx heyi user list 查看现有账号。';
}

export class UserExistsError extends GatewayError {
  readonly code = 'access.user_exists';
  readonly recovery = 'halt';
  readonly remedy = '请换一个用户名；要改角色用 npx heyi user grant。';
}

/** A user name, roles or institutions that do not fit the rules. */
export class GrantRefusedError extends GatewayError {
  readonly code = 'access.grant_refused';
  readonly recovery = 'halt';
  readonly remedy = '请按提示修改用户名、角色或机构。';
}

/** Nobody could manage accounts any more. */
export class LastAdministratorError extends GatewayError {
  readonly code = 'access.last_administrator';
  readonly recovery = 'halt';
  readonly remedy = '请先另设一名可用的安全管理员。';
}

/** People do not grant themselves roles or disable themselves. */
export class OwnAccountError extends GatewayError {
  readonly code = 'access.own_account';
  readonly recovery = 'halt';
  readonly remedy = '请另一名安全管理员来做。';
}
