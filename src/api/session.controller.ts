import { Body, Controller, Delete, Get, HttpCode, Post, Put, Req, Res } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Account } from '../access/account.js';
import { ACCESS_ROLES, permissionsOf } from '../access/roles.js';
import { forgeryToken, type OpenedSession, SessionService } from '../access/session.service.js';
import { Access, Public, requireSameSite, Who } from './access.guard.js';
import type { Caller } from './caller.js';
import { sessionCookie } from './cookies.js';
import type { HttpRequest, HttpResponse } from './http.js';

const password = z.string().min(1).max(1_024).describe('口令 / password');

const credentials = z
  .strictObject({
    username: z.string().min(1).max(64).describe('用户名 / user name'),
    password,
  })
  .meta({ example: { username: 'finance', password: '登录口令' } });

const passwordChange = z
  .strictObject({ current: password, next: password })
  .meta({ example: { current: '原口令', next: '至少十二个字符的新口令' } });

const session = z
  .object({
    username: z.string(),
    roles: z.array(z.enum(ACCESS_ROLES)),
    institutions: z
      .union([z.literal('all'), z.array(z.string())])
      .describe('可见的机构 / institutions one sees'),
    permissions: z.array(z.string()),
    mustChangePassword: z
      .boolean()
      .describe('true：先改口令才能做别的 / change the password before anything else'),
    csrfToken: z
      .string()
      .describe('修改类请求须放入请求头 X-CSRF-Token / header of requests that change something'),
  })
  .meta({
    example: {
      username: 'finance',
      roles: ['finance'],
      institutions: 'all',
      permissions: ['claims.read', 'figures.read', 'settlement.run'],
      mustChangePassword: false,
      csrfToken: 'mJ4vQ1…',
    },
  });

@ApiTags('登录 session')
@Controller('session')
export class SessionController {
  constructor(private readonly sessions: SessionService) {}

  /** Signs in. The session travels in a cookie that scripts cannot read. */
  @Post()
  @Public()
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: session })
  async signIn(
    @Body({ schema: credentials }) body: z.output<typeof credentials>,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<z.output<typeof session>> {
    requireSameSite(request);
    const address = request.ip ?? 'unknown';
    return opened(await this.sessions.signIn({ ...body, address }), { request, response });
  }

  /** Who is signed in, with the token that requests which change something must carry. */
  @Get()
  @Access(null, 'self')
  @ApiOkResponse({ standardSchema: session })
  show(@Who() caller: Caller): z.output<typeof session> {
    return shown(caller, caller.token);
  }

  @Delete()
  @Access(null, 'self')
  @HttpCode(204)
  @ApiNoContentResponse()
  async signOut(
    @Who() caller: Caller,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<void> {
    await this.sessions.signOut(caller.token);
    response.setHeader('Set-Cookie', sessionCookie(null, request.secure));
  }

  /** Changes one's own password, ends all of one's sessions and opens a new one. */
  @Put('password')
  @Access(null, 'self')
  @ApiOkResponse({ standardSchema: session })
  async changePassword(
    @Who() caller: Caller,
    @Body({ schema: passwordChange }) body: z.output<typeof passwordChange>,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<z.output<typeof session>> {
    const change = { ...body, account: caller, address: caller.address };
    return opened(await this.sessions.changePassword(change), { request, response });
  }
}

function opened(
  { token, account }: OpenedSession,
  { request, response }: { readonly request: HttpRequest; readonly response: HttpResponse },
): z.output<typeof session> {
  response.setHeader('Set-Cookie', sessionCookie(token, request.secure));
  return shown(account, token);
}

function shown(account: Account, token: string): z.output<typeof session> {
  const { username, roles, institutions, mustChangePassword } = account;
  return {
    username,
    roles: [...roles],
    institutions: institutions === 'all' ? 'all' : [...institutions],
    permissions: [...permissionsOf(roles)],
    mustChangePassword,
    csrfToken: forgeryToken(token),
  };
}
