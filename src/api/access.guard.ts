import { timingSafeEqual } from 'node:crypto';
import {
  type CanActivate,
  createParamDecorator,
  type ExecutionContext,
  Injectable,
  SetMetadata,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import {
  ForgedRequestError,
  NotAllowedError,
  NotSignedInError,
  PasswordChangeRequiredError,
} from '../access/errors.js';
import { mayDo, type Permission, sees } from '../access/roles.js';
import { forgeryToken, SessionService } from '../access/session.service.js';
import { type Caller, FORGERY_HEADER } from './caller.js';
import { sessionTokenOf } from './cookies.js';
import type { HttpRequest } from './http.js';
import { OperatorLog } from './operator-log.service.js';

/**
 * Whose rows a route gives.
 *
 * `institution`  rows carry an institution; the handler keeps to `caller.institutions`
 * `consortium`   rows speak of all institutions: only for people who see all of them
 * `self`         the caller's own account
 */
export type RouteScope = 'consortium' | 'institution' | 'self';

export type RouteAccess =
  | { readonly open: true }
  | {
      readonly open: false;
      /** Null: whoever is signed in. */
      readonly permission: Permission | null;
      readonly scope: RouteScope;
      /** Whether an answer may be kept and given again to the same request (`Idempotency-Key`); not where it shows a secret. */
      readonly replay: boolean;
    };

export const ROUTE_ACCESS = 'heyi:access';

/** Who may call the route and whose rows it gives. A route without it keeps the process from starting. */
export const Access = (
  permission: Permission | null,
  scope: RouteScope,
  { replay = true }: { readonly replay?: boolean } = {},
) => SetMetadata(ROUTE_ACCESS, { open: false, permission, scope, replay } satisfies RouteAccess);

/** Answers without signing in. */
export const Public = () => SetMetadata(ROUTE_ACCESS, { open: true } satisfies RouteAccess);

export interface CallerRequest extends HttpRequest {
  caller?: Caller;
}

/** The signed-in person: `@Who() caller: Caller`. */
export const Who = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<CallerRequest>();
  if (caller === undefined) throw new NotSignedInError('尚未登录');
  return caller;
});

/** Lets a request through when its session, token, role and institutions allow it. Whatever is not allowed is refused. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly sessions: SessionService,
    private readonly operators: OperatorLog,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.reflector.getAllAndOverride<RouteAccess | undefined>(ROUTE_ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (access === undefined) throw new NotAllowedError('此接口没有声明权限');
    if (access.open) return true;
    const request = context.switchToHttp().getRequest<CallerRequest>();
    const caller = await this.callerOf(request);
    request.caller = caller;
    if (caller.mustChangePassword && access.scope !== 'self')
      throw new PasswordChangeRequiredError('首次登录须先修改口令');
    const refusal = refusalOf(access, caller, request);
    if (refusal === null) return true;
    await this.operators.append(caller, request, { outcome: 'refused', code: refusal.code });
    throw refusal;
  }

  /** @throws NotSignedInError, ForgedRequestError */
  private async callerOf(request: HttpRequest): Promise<Caller> {
    const token = sessionTokenOf(request.get('cookie'), request.secure);
    const account = token === null ? null : await this.sessions.holder(token);
    if (token === null || account === null) throw new NotSignedInError('尚未登录，或会话已结束');
    if (changes(request)) requireOurs(request, token);
    return { ...account, token, address: request.ip ?? 'unknown' };
  }
}

/** Whether a request may change something. */
export function changes({ method }: HttpRequest): boolean {
  return method !== 'GET' && method !== 'HEAD';
}

/** A page of another site can send the cookie at most, never the token. @throws ForgedRequestError */
function requireOurs(request: HttpRequest, token: string): void {
  requireSameSite(request);
  const given = Buffer.from(request.get(FORGERY_HEADER) ?? '');
  const expected = Buffer.from(forgeryToken(token));
  if (given.length !== expected.length || !timingSafeEqual(given, expected))
    throw new ForgedRequestError('请求没有带上会话的防伪令牌');
}

/** @throws ForgedRequestError when a browser says that another site made the request */
export function requireSameSite(request: HttpRequest): void {
  const origin = request.get('origin');
  const site = request.get('sec-fetch-site');
  const host = `${request.protocol}://${request.get('host')}`;
  if ((origin !== undefined && origin !== host) || (site !== undefined && site === 'cross-site'))
    throw new ForgedRequestError('请求来自其他网站');
}

function refusalOf(
  { permission, scope }: Extract<RouteAccess, { open: false }>,
  caller: Caller,
  request: HttpRequest,
): NotAllowedError | null {
  if (permission !== null && !mayDo(caller.roles, permission))
    return new NotAllowedError('当前角色没有此项权限', { permission });
  if (scope === 'consortium' && caller.institutions !== 'all')
    return new NotAllowedError('此项内容涉及全部机构，只对不限机构的账号开放');
  const foreign = namedInstitutions(request).find((name) => !sees(caller.institutions, name));
  return foreign === undefined ? null : new NotAllowedError('不能查看或处理其他机构的内容');
}

/** Institutions that the request names in its path, query or body. */
function namedInstitutions({ params, query, body }: HttpRequest): readonly string[] {
  const places: readonly unknown[] = [params, query, body];
  return places.flatMap((place) =>
    typeof place === 'object' && place !== null && 'institution' in place
      ? [place.institution].flat().map(String)
      : [],
  );
}
