import { Body, Controller, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Account } from '../access/account.js';
import { ACCESS_ROLES } from '../access/roles.js';
import { type IssuedPassword, UserService } from '../access/user.service.js';
import { Access, Who } from './access.guard.js';
import type { Caller } from './caller.js';

const username = z
  .string()
  .regex(/^[a-z][a-z0-9._-]{1,31}$/)
  .describe('小写字母、数字或 . _ - / lower-case letters, digits or . _ -');

const grant = z.strictObject({
  roles: z.array(z.enum(ACCESS_ROLES)).min(1).max(ACCESS_ROLES.length),
  institutions: z
    .union([z.literal('all'), z.array(z.string().min(1).max(64)).min(1).max(1_000)])
    .describe('all 或机构编码 / all, or institution codes'),
});

const newUser = grant
  .extend({ username })
  .meta({ example: { username: 'clinic-07', roles: ['member'], institutions: ['H46029900107'] } });

const user = z.object({
  username: z.string(),
  roles: z.array(z.enum(ACCESS_ROLES)),
  institutions: z.union([z.literal('all'), z.array(z.string())]),
  mustChangePassword: z.boolean(),
  disabled: z.boolean(),
});

const issued = z
  .object({
    username: z.string(),
    password: z.string().describe('只显示这一次 / shown this once'),
  })
  .meta({ example: { username: 'clinic-07', password: 'xxxx-xxxx-xxxx-xxxx' } });

@ApiTags('账号 users')
@Controller('users')
export class UsersController {
  constructor(private readonly users: UserService) {}

  /** All accounts of the installation, without anything of their passwords. */
  @Get()
  @Access('users.read', 'consortium')
  @ApiOkResponse({ standardSchema: z.array(user) })
  async list(): Promise<readonly Omit<Account, 'userId'>[]> {
    return (await this.users.list()).map(({ userId: _, ...account }) => account);
  }

  /** Makes an account with a generated password that must be changed at first use. */
  @Post()
  @Access('users.manage', 'consortium', { replay: false })
  @ApiCreatedResponse({ standardSchema: issued })
  create(
    @Who() caller: Caller,
    @Body({ schema: newUser }) body: z.output<typeof newUser>,
  ): Promise<IssuedPassword> {
    return this.users.create(body, caller);
  }

  /** Replaces roles and institutions; takes effect at once. */
  @Put(':username/grant')
  @Access('users.manage', 'consortium')
  @HttpCode(204)
  @ApiNoContentResponse()
  grant(
    @Who() caller: Caller,
    @Param('username', { schema: username }) name: string,
    @Body({ schema: grant }) body: z.output<typeof grant>,
  ): Promise<void> {
    return this.users.grant({ ...body, username: name }, caller);
  }

  /** Ends the account's sessions and lets it sign in no more. */
  @Post(':username/disable')
  @Access('users.manage', 'consortium')
  @HttpCode(204)
  @ApiNoContentResponse()
  disable(
    @Who() caller: Caller,
    @Param('username', { schema: username }) name: string,
  ): Promise<void> {
    return this.users.setDisabled(name, true, caller);
  }

  @Post(':username/enable')
  @Access('users.manage', 'consortium')
  @HttpCode(204)
  @ApiNoContentResponse()
  enable(
    @Who() caller: Caller,
    @Param('username', { schema: username }) name: string,
  ): Promise<void> {
    return this.users.setDisabled(name, false, caller);
  }

  /** Gives a new password that must be changed at first use. */
  @Post(':username/password')
  @Access('users.manage', 'consortium', { replay: false })
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: issued })
  resetPassword(
    @Who() caller: Caller,
    @Param('username', { schema: username }) name: string,
  ): Promise<IssuedPassword> {
    return this.users.resetPassword(name, caller);
  }
}
